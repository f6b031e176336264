using Polymorph.Structures.Bonds;

namespace Polymorph.Selection;

/// <summary>Why a stage dropped a structure.</summary>
public enum LossReason
{
    /// <summary>The model's output could not be turned into a structure.</summary>
    NotDecoded,

    /// <summary>A coordinate is not a finite number.</summary>
    NotFinite,

    /// <summary>The cell is no cell: not finite, flat, or with an angle that no crystal has.</summary>
    BadCell,

    /// <summary>Too little or too much volume for the atoms.</summary>
    Volume,

    /// <summary>Two atoms are closer than any bond.</summary>
    TooClose,

    /// <summary>An atom has no neighbour within reach.</summary>
    IsolatedAtom,

    /// <summary>An atom has too many or too few bonds.</summary>
    WrongValence,

    /// <summary>The atoms form more than one molecule.</summary>
    SeveralPieces,

    /// <summary>No common oxidation states of the elements add up to zero.</summary>
    ChargeImbalance,

    /// <summary>The same structure came earlier.</summary>
    Duplicate,

    /// <summary>The structure is one of the training set or of a given list.</summary>
    Known,

    /// <summary>Another structure stands for its cluster.</summary>
    NotRepresentative,

    /// <summary>The relaxation came to no end: atoms flew apart, the engine failed, or the steps were used up.</summary>
    Diverged,

    /// <summary>The relaxed structure fell apart, or lies higher in energy than what it could turn into.</summary>
    Unstable,

    /// <summary>An element has no atom.</summary>
    MissingElement,

    /// <summary>The composition is another than the one asked for.</summary>
    WrongComposition,

    /// <summary>Others of the same draws are predicted to be more stable.</summary>
    Outranked,
}

/// <summary>Names and origins of reasons.</summary>
public static class LossReasons
{
    /// <summary>The stable code that files and tables show, such as <c>too-close</c>.</summary>
    /// <param name="reason">The reason.</param>
    public static string Code(this LossReason reason) => reason switch
    {
        LossReason.NotDecoded => "not-decoded",
        LossReason.NotFinite => "not-finite",
        LossReason.BadCell => "bad-cell",
        LossReason.Volume => "volume",
        LossReason.TooClose => "too-close",
        LossReason.IsolatedAtom => "isolated-atom",
        LossReason.WrongValence => "wrong-valence",
        LossReason.SeveralPieces => "several-pieces",
        LossReason.ChargeImbalance => "charge-imbalance",
        LossReason.Duplicate => "duplicate",
        LossReason.Known => "known",
        LossReason.NotRepresentative => "not-representative",
        LossReason.Diverged => "diverged",
        LossReason.Unstable => "unstable",
        LossReason.MissingElement => "missing-element",
        LossReason.WrongComposition => "wrong-composition",
        LossReason.Outranked => "outranked",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "not a reason"),
    };

    /// <summary>The stage at which structures are dropped for a reason.</summary>
    /// <param name="reason">The reason.</param>
    public static FunnelStage Stage(this LossReason reason) => reason switch
    {
        LossReason.NotDecoded or LossReason.MissingElement or LossReason.WrongComposition => FunnelStage.Decoded,
        LossReason.Duplicate => FunnelStage.Distinct,
        LossReason.Known => FunnelStage.Novel,
        LossReason.NotRepresentative or LossReason.Outranked => FunnelStage.Selected,
        LossReason.Diverged => FunnelStage.Relaxed,
        LossReason.Unstable => FunnelStage.Stable,
        _ => FunnelStage.GeometryOk,
    };

    /// <summary>Why a geometry is not a valid molecule; null when it is one.</summary>
    /// <param name="verdict">What the classifier said.</param>
    public static Loss? Loss(this MoleculeVerdict verdict) =>
        verdict.IsValid ? null : verdict.Deviation > 0 ? new Loss(LossReason.WrongValence, verdict.Deviation) : LossReason.SeveralPieces;
}
