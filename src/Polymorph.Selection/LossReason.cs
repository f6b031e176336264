using Polymorph.Structures.Bonds;

namespace Polymorph.Selection;

/// <summary>Why a stage dropped a structure.</summary>
public enum LossReason
{
    /// <summary>The model's output could not be turned into a structure.</summary>
    NotDecoded,

    /// <summary>A coordinate is not a finite number.</summary>
    NotFinite,

    /// <summary>Two atoms are closer than any bond.</summary>
    TooClose,

    /// <summary>An atom has no neighbour within reach.</summary>
    IsolatedAtom,

    /// <summary>An atom has too many or too few bonds.</summary>
    WrongValence,

    /// <summary>The atoms form more than one molecule.</summary>
    SeveralPieces,

    /// <summary>The same structure came earlier.</summary>
    Duplicate,

    /// <summary>The structure is one of the training set or of a given list.</summary>
    Known,

    /// <summary>Another structure stands for its cluster.</summary>
    NotRepresentative,
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
        LossReason.TooClose => "too-close",
        LossReason.IsolatedAtom => "isolated-atom",
        LossReason.WrongValence => "wrong-valence",
        LossReason.SeveralPieces => "several-pieces",
        LossReason.Duplicate => "duplicate",
        LossReason.Known => "known",
        LossReason.NotRepresentative => "not-representative",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "not a reason"),
    };

    /// <summary>Why a geometry is not a valid molecule; null when it is one.</summary>
    /// <param name="verdict">What the classifier said.</param>
    public static LossReason? Loss(this MoleculeVerdict verdict) =>
        verdict.IsValid ? null : verdict.Deviation > 0 ? LossReason.WrongValence : LossReason.SeveralPieces;
}
