using System.Collections.Immutable;
using Polymorph.Structures;

namespace Polymorph.Energies;

/// <summary>What an engine says about one structure: an energy with its derivatives, or why there is none.</summary>
public sealed record Evaluation
{
    private Evaluation()
    {
    }

    /// <summary>Total energy of the structure, eV; NaN after a failure.</summary>
    public double EnergyEV { get; private init; } = double.NaN;

    /// <summary>Forces −∂E/∂r, [atoms], eV/Å; empty after a failure.</summary>
    public ImmutableArray<Vector3D> Forces { get; private init; } = [];

    /// <summary>Stress of a cell that repeats along all three axes; null otherwise, or when the engine has none.</summary>
    public StressTensor? Stress { get; private init; }

    /// <summary>The engine's own estimate of the error of the energy, eV/atom; null when it has none.</summary>
    public double? UncertaintyEVPerAtom { get; private init; }

    /// <summary>Band gap that an external program sent with the energy, eV; 0 for metals, null when it says none.</summary>
    public double? BandGapEV { get; internal init; }

    /// <summary>Why there is no energy; null after success.</summary>
    public string? Failure { get; private init; }

    /// <summary>True when a <see cref="Relaxation.ShortRangeGuard"/> added its repulsion: energy and derivatives are then not the engine's own.</summary>
    public bool IsGuarded { get; internal init; }

    /// <summary>A result; numbers that are not finite make it a failure.</summary>
    /// <param name="energyEV">Total energy, eV.</param>
    /// <param name="forces">[atoms], eV/Å.</param>
    /// <param name="stress">Stress, eV/Å³, or null.</param>
    /// <param name="uncertaintyEVPerAtom">Error estimate, eV/atom, or null.</param>
    public static Evaluation Of(double energyEV, ImmutableArray<Vector3D> forces, StressTensor? stress = null, double? uncertaintyEVPerAtom = null) =>
        double.IsFinite(energyEV) && forces.All(f => f.IsFinite) && stress is not { IsFinite: false }
            ? new() { EnergyEV = energyEV, Forces = forces, Stress = stress, UncertaintyEVPerAtom = uncertaintyEVPerAtom }
            : Failed("the energy, a force or the stress is not a finite number");

    /// <summary>No energy.</summary>
    /// <param name="reason">Why, as a clause without a full stop.</param>
    public static Evaluation Failed(string reason) => new() { Failure = reason };
}
