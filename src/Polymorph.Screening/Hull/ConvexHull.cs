using System.Collections.Immutable;
using Polymorph.Foundation;
using Polymorph.Screening.Compositions;
using Polymorph.Structures;

namespace Polymorph.Screening.Hull;

/// <summary>Answers for compositions and candidates against a set of known phases, in the smallest system that holds each.</summary>
/// <remarks>Keeps the systems it has met, with the last basis of each, so that candidates of one system cost little. One instance belongs to one thread; the set may be shared.</remarks>
/// <param name="set">The known phases.</param>
public sealed class ConvexHull(ReferenceSet set)
{
    private const int MostSystems = 1024;

    private readonly Dictionary<UInt128, ChemicalSystem> _systems = [];

    /// <summary>The known phases.</summary>
    public ReferenceSet Set { get; } = set;

    /// <summary>The hull at a composition.</summary>
    /// <param name="composition">The composition.</param>
    /// <exception cref="PolymorphException">PM5206: an element has no pure entry.</exception>
    public HullPoint At(ElementAmounts composition)
    {
        ArgumentNullException.ThrowIfNull(composition);
        return System(composition).Point(composition);
    }

    /// <summary>Energy above the hull alone, eV/atom: what a funnel asks of each of many candidates.</summary>
    /// <param name="entry">A phase of the set, or a new one of the same method.</param>
    /// <exception cref="PolymorphException">PM5206, PM5207: an element has no pure entry, or the energy is of another method.</exception>
    public double EnergyAbove(HullEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        Set.RequireMethodOf(entry);
        return Set.FormationEnergy(entry) - System(entry.Composition).Energy(entry.Composition);
    }

    /// <summary>Everything about a phase.</summary>
    /// <param name="entry">A phase of the set, or a new one of the same method.</param>
    /// <exception cref="PolymorphException">PM5206, PM5207: an element has no pure entry, or the energy is of another method.</exception>
    public HullStanding Of(HullEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        Set.RequireMethodOf(entry);
        var composition = entry.Composition;
        var system = System(composition);
        var point = system.Point(composition);
        double formation = Set.FormationEnergy(entry), above = entry.EnergyEVPerAtom - point.EnergyEVPerAtom, separation = above;
        int column = composition.Elements.Length > 1 ? system.ColumnOf(composition.ReducedFormula) : -1;
        if (column >= 0 && system.Phases[column].EnergyEVPerAtom - point.EnergyEVPerAtom <= HullStanding.StableWithin)
        {
            separation = formation - system.EnergyWithout(composition, column);
        }

        return new HullStanding(entry, formation, above, separation, point);
    }

    /// <summary>The triangulated lower hull of a system, for drawing.</summary>
    /// <param name="elements">The corners.</param>
    /// <exception cref="PolymorphException">PM5206: an element has no pure entry.</exception>
    public LowerFacets Facets(ImmutableArray<Element> elements) => new(new ChemicalSystem(Set, elements));

    private ChemicalSystem System(ElementAmounts composition)
    {
        if (!_systems.TryGetValue(composition.ElementSet, out var system))
        {
            if (_systems.Count >= MostSystems)
            {
                _systems.Clear();
            }

            _systems[composition.ElementSet] = system = new ChemicalSystem(Set, composition.Elements);
        }

        return system;
    }
}
