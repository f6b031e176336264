using System.Collections.Immutable;

namespace Polymorph.Screening.Corrections;

/// <summary>What a scheme of corrections says of one energy.</summary>
/// <param name="Corrections">The terms; empty when none applies, or when the energy cannot be used.</param>
/// <param name="WhyIncompatible">Why the energy cannot stand beside the others and must be dropped; null when it can.</param>
public sealed record CorrectedEnergy(ImmutableArray<EnergyCorrection> Corrections, string? WhyIncompatible = null)
{
    /// <summary>Sum of the terms, eV for the whole formula.</summary>
    public double TotalEV => Corrections.Sum(c => c.ValueEV);

    /// <summary>Standard deviation of the sum, the terms being independent, eV.</summary>
    public double UncertaintyEV => Math.Sqrt(Corrections.Sum(c => c.UncertaintyEV * c.UncertaintyEV));
}
