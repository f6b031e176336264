using System.Collections.Immutable;

namespace Polymorph.Screening.Pourbaix;

/// <summary>A species of a stable assemblage.</summary>
/// <param name="Entry">The species.</param>
/// <param name="Weight">Formula units per metal atom of the whole.</param>
public readonly record struct PourbaixSpecies(PourbaixEntry Entry, double Weight);

/// <summary>What is stable at one pH and potential.</summary>
/// <param name="PH">The pH.</param>
/// <param name="Potential">V against SHE.</param>
/// <param name="EnergyEVPerMetal">Lowest energy of any assemblage, eV per metal atom.</param>
/// <param name="Stable">That assemblage.</param>
public sealed record PourbaixPoint(double PH, double Potential, double EnergyEVPerMetal, ImmutableArray<PourbaixSpecies> Stable)
{
    /// <summary>The names of the species, joined by plus signs.</summary>
    public string Label => string.Join(" + ", Stable.Select(s => s.Entry.Name).Order(StringComparer.Ordinal));
}

/// <summary>The smallest decomposition energy of a solid over the pH of water at one potential against RHE.</summary>
/// <param name="MinimumEVPerAtom">Smallest value on the steps of the pH, eV/atom.</param>
/// <param name="PH">The first step where it is reached.</param>
/// <param name="ExactMinimumEVPerAtom">Smallest value over all pH, eV/atom.</param>
/// <param name="ExactPH">Where that is: a kink of the hull, or an end.</param>
/// <param name="MaximumEVPerAtom">Largest value on the steps, eV/atom.</param>
/// <param name="Hull">What is stable at <paramref name="PH"/>.</param>
public sealed record PourbaixMinimum(double MinimumEVPerAtom, double PH, double ExactMinimumEVPerAtom, double ExactPH, double MaximumEVPerAtom, PourbaixPoint Hull);
