using System.Collections.Immutable;
using Polymorph.Screening.Compositions;
using Polymorph.Screening.Corrections;

namespace Polymorph.Screening.Hull;

/// <summary>A phase with its energy.</summary>
/// <param name="Id">Name, unique in its set.</param>
/// <param name="Composition">Its formula as written.</param>
/// <param name="RawEnergyEV">Computed energy of the formula as written, eV.</param>
/// <param name="Method">Level of theory; null when nobody says.</param>
public sealed record HullEntry(string Id, ElementAmounts Composition, double RawEnergyEV, string? Method = null)
{
    /// <summary>Terms added to the computed energy.</summary>
    public ImmutableArray<EnergyCorrection> Corrections { get; init; } = [];

    /// <summary>How the energy was computed; null when nobody says.</summary>
    public ComputedRun? Run { get; init; }

    /// <summary>Energy of the formula as written, corrections included, eV.</summary>
    public double EnergyEV => RawEnergyEV + Corrections.Sum(c => c.ValueEV);

    /// <summary>Energy per atom, corrections included, eV.</summary>
    public double EnergyEVPerAtom => EnergyEV / Composition.Total;
}
