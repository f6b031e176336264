using System.Collections.Immutable;
using Polymorph.Structures;

namespace Polymorph.Selection.Compositions;

/// <summary>How dense a set of crystals is and how near their atoms come to each other.</summary>
/// <param name="SmallestVolume">Smallest volume per atom, Å³.</param>
/// <param name="LargestVolume">Largest volume per atom, Å³.</param>
/// <param name="ShortestDistances">Shortest distance of each pair of elements that come within <see cref="Reach"/>, Å; the smaller atomic number first.</param>
public sealed record GeometryStatistics(double SmallestVolume, double LargestVolume, ImmutableSortedDictionary<(Element A, Element B), double> ShortestDistances)
{
    /// <summary>Distances beyond this are not looked at, Å.</summary>
    public const double Reach = 5;

    /// <summary>Measures a set.</summary>
    /// <param name="crystals">At least one crystal.</param>
    public static GeometryStatistics Of(IEnumerable<Structure> crystals)
    {
        ArgumentNullException.ThrowIfNull(crystals);
        double smallest = double.PositiveInfinity, largest = 0;
        var shortest = ImmutableSortedDictionary.CreateBuilder<(Element A, Element B), double>();
        foreach (var crystal in crystals)
        {
            double volume = crystal.Lattice!.Volume / crystal.AtomCount;
            (smallest, largest) = (Math.Min(smallest, volume), Math.Max(largest, volume));
            var neighbours = NeighborList.Build(crystal, Reach);
            for (int atom = 0; atom < crystal.AtomCount; atom++)
            {
                foreach (var neighbour in neighbours.Of(atom))
                {
                    var pair = Pair(crystal.Species[atom], crystal.Species[neighbour.Index]);
                    shortest[pair] = Math.Min(shortest.GetValueOrDefault(pair, double.PositiveInfinity), neighbour.Distance);
                }
            }
        }

        return new GeometryStatistics(smallest, largest, shortest.ToImmutable());
    }

    /// <summary>The two elements, the smaller atomic number first.</summary>
    /// <param name="a">One element.</param>
    /// <param name="b">The other.</param>
    public static (Element A, Element B) Pair(Element a, Element b) => a <= b ? (a, b) : (b, a);
}
