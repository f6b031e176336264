using Polymorph.Structures;

namespace Polymorph.Energies.Relaxation;

/// <summary>Where a relaxation ended.</summary>
/// <param name="Structure">The last good geometry; the start when there is none.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Reason">Why it ended so, as a clause; empty after convergence.</param>
/// <param name="EnergyEV">Energy of the structure, eV; NaN when the engine never answered, or when a pair is in the range of its <see cref="ShortRangeGuard"/>.</param>
/// <param name="MaximumForce">Longest force on a free atom, eV/Å; NaN likewise.</param>
/// <param name="Stress">Stress, eV/Å³, or null.</param>
/// <param name="Steps">Steps taken, over all tries.</param>
/// <param name="ForceEvaluations">Calls of the engine, over all tries.</param>
/// <param name="Method">Method of the energy.</param>
/// <param name="UncertaintyEVPerAtom">The engine's error estimate at the end, eV/atom, or null.</param>
public sealed record RelaxationResult(
    Structure Structure,
    RelaxationStatus Status,
    string Reason,
    double EnergyEV,
    double MaximumForce,
    StressTensor? Stress,
    int Steps,
    int ForceEvaluations,
    string Method,
    double? UncertaintyEVPerAtom)
{
    /// <summary>Pairs of atoms that lay on each other and were pushed apart before the first step; 0 for sound starts.</summary>
    public int PushedPairs { get; init; }

    /// <summary>Evaluations in which the engine's <see cref="ShortRangeGuard"/> acted; 0 without one.</summary>
    public int GuardedEvaluations { get; init; }

    /// <summary>Space group operations that were kept, centring translations of the cell included; null when symmetry was not asked for.</summary>
    public int? KeptOperations { get; init; }
}
