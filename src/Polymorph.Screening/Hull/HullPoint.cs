using System.Collections.Immutable;
using Polymorph.Structures;

namespace Polymorph.Screening.Hull;

/// <summary>One of the phases into which a composition falls apart.</summary>
/// <param name="Entry">The phase.</param>
/// <param name="Fraction">Its share of the atoms, above 0 and up to 1.</param>
public readonly record struct HullProduct(HullEntry Entry, double Fraction);

/// <summary>The convex hull at one composition.</summary>
/// <param name="EnergyEVPerAtom">Lowest energy of any mixture of phases with this composition, eV/atom.</param>
/// <param name="Decomposition">That mixture, ordered by id; the fractions add up to 1.</param>
/// <param name="ChemicalPotentials">eV/atom of each element present; one choice of several where the mixture has fewer phases than elements.</param>
/// <param name="IsDegenerate">True when other mixtures have the same energy; the one given has the lexicographically smallest ids.</param>
public sealed record HullPoint(double EnergyEVPerAtom, ImmutableArray<HullProduct> Decomposition, ImmutableArray<KeyValuePair<Element, double>> ChemicalPotentials, bool IsDegenerate);

/// <summary>Where a phase stands relative to the convex hull.</summary>
/// <param name="Entry">The phase.</param>
/// <param name="FormationEnergyEVPerAtom">Energy against the lowest entry of each element, eV/atom.</param>
/// <param name="EnergyAboveHullEVPerAtom">eV/atom; below zero for a candidate that is lower than every known mixture.</param>
/// <param name="PhaseSeparationEnergyEVPerAtom">Where the formula is stable and no element: the energy above the hull built without all entries of the formula, below zero for the stable one; otherwise as above the hull.</param>
/// <param name="Hull">The hull at this composition.</param>
public sealed record HullStanding(HullEntry Entry, double FormationEnergyEVPerAtom, double EnergyAboveHullEVPerAtom, double PhaseSeparationEnergyEVPerAtom, HullPoint Hull)
{
    /// <summary>Phases no more than this above the hull count as stable, eV/atom.</summary>
    public const double StableWithin = 1e-8;

    /// <summary>Whether the phase lies on the hull or below it.</summary>
    public bool IsStable => EnergyAboveHullEVPerAtom <= StableWithin;
}
