using Polymorph.Energies.Relaxation;
using Polymorph.Selection;

namespace Polymorph.Studies.Relaxations;

/// <summary>A structure that was relaxed.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Key">Name of the geometry it started from.</param>
/// <param name="Repeats">Generated structures that are the same molecule as the start.</param>
/// <param name="Result">Where it ended.</param>
/// <param name="Seconds">Time it took on one thread.</param>
public sealed record Relaxed(string Id, string Key, long Repeats, RelaxationResult Result, double Seconds)
{
    /// <summary>How far the relaxation moved the atoms, Å: root mean square distance to the start after the best alignment; null where there is no such measure, or no geometry worth keeping.</summary>
    public double? Rmsd { get; init; }

    /// <summary>True when it is a minimum.</summary>
    public bool IsMinimum => Result.Status == RelaxationStatus.Converged;

    /// <summary>True when it has a geometry and an energy worth keeping, which its status qualifies.</summary>
    public bool IsKept => Result.Status is RelaxationStatus.Converged or RelaxationStatus.MaxSteps or RelaxationStatus.Fragmented && double.IsFinite(Result.EnergyEV);

    /// <summary>Why it goes no further; null for a minimum.</summary>
    public Loss? Loss => Result.Status switch
    {
        RelaxationStatus.Converged => null,
        RelaxationStatus.Fragmented => LossReason.Unstable,
        _ => LossReason.Diverged,
    };

    /// <summary>The status as files have it.</summary>
    public string StatusText => Text(Result.Status);

    /// <summary>A status as files have it: <c>max-steps</c>.</summary>
    /// <param name="status">The status.</param>
    public static string Text(RelaxationStatus status) => status switch
    {
        RelaxationStatus.Converged => "converged",
        RelaxationStatus.MaxSteps => "max-steps",
        RelaxationStatus.Exploded => "exploded",
        RelaxationStatus.Fragmented => "fragmented",
        _ => "engine-failed",
    };
}
