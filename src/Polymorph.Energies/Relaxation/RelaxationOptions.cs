using System.Collections.Immutable;

namespace Polymorph.Energies.Relaxation;

/// <summary>When a relaxation ends and what may move. Defaults: the LoGAN paper's (Kovács et al. 2024): 0.05 eV/Å, 1000 steps, fixed cell.</summary>
public sealed record RelaxationOptions
{
    /// <summary>Converged when no force is longer, eV/Å.</summary>
    public double MaximumForce { get; init => field = value is > 0 and < 100 ? value : throw new ArgumentOutOfRangeException(nameof(MaximumForce), value, "expected a force between 0 and 100 eV/Å"); } = 0.05;

    /// <summary>Steps after which it ends unconverged.</summary>
    public int MaximumSteps { get; init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(MaximumSteps), value, "must not be negative"); } = 1000;

    /// <summary>What of the cell may change.</summary>
    public CellFreedom Cell { get; init; } = CellFreedom.Fixed;

    /// <summary>External pressure with a free cell, GPa.</summary>
    public double PressureGPa { get; init; }

    /// <summary>With a free cell: converged when no component of the stress plus the pressure is larger, GPa.</summary>
    public double MaximumStressGPa { get; init; } = 0.1;

    /// <summary>Indices of atoms that stay where they are; with a free cell they keep their fractional coordinates.</summary>
    public ImmutableArray<int> FixedAtoms { get; init; } = [];

    /// <summary>Keep the space group operations of the start.</summary>
    public bool KeepSymmetry { get; init; }
}
