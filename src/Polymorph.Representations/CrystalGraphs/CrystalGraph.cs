using System.Collections.Immutable;
using System.Globalization;
using Polymorph.Foundation;
using Polymorph.Structures;

namespace Polymorph.Representations.CrystalGraphs;

/// <summary>A crystal as a graph: every atom with its nearest neighbours, periodic images included. Immutable.</summary>
/// <remarks>The graph is a multigraph, and that j is a neighbour of i does not make i one of j.
/// Source: T. Xie and J. C. Grossman, Phys. Rev. Lett. 120, 145301 (2018).</remarks>
public sealed class CrystalGraph
{
    // Distances that differ by less are ties, which the index and the image decide: another machine finds the same graph.
    private const double TieDistance = 1e-8;

    // Matter has some hundred atoms within 8 Å, hydrogen inside planets a few thousand; lists of many more would cost minutes for nothing.
    private const double MostWithinRadius = 1e5;

    private CrystalGraph(ImmutableArray<Element> species, int[] rowStarts, int[] neighbours, double[] distances) =>
        (Species, RowStarts, Neighbours, Distances) = (species, ImmutableArray.Create(rowStarts), ImmutableArray.Create(neighbours), ImmutableArray.Create(distances));

    /// <summary>Element of each atom, [atoms].</summary>
    public ImmutableArray<Element> Species { get; }

    /// <summary>First edge of each atom and behind the last one the number of edges, [atoms + 1].</summary>
    public ImmutableArray<int> RowStarts { get; }

    /// <summary>Atom at the other end of each edge, [edges].</summary>
    public ImmutableArray<int> Neighbours { get; }

    /// <summary>Length of each edge, [edges], Å.</summary>
    public ImmutableArray<double> Distances { get; }

    /// <summary>The graph of a crystal.</summary>
    /// <param name="structure">Periodic along all three axes; elements up to fermium.</param>
    /// <param name="options">Neighbours and radius.</param>
    /// <exception cref="PolymorphException">PM3110: no crystal; PM3111: an element without features; PM3112: too many atoms within the radius.</exception>
    public static CrystalGraph Build(Structure structure, CrystalGraphOptions options)
    {
        ArgumentNullException.ThrowIfNull(structure);
        ArgumentNullException.ThrowIfNull(options);
        Check(structure);
        int atoms = structure.AtomCount;
        var list = Near(structure, options);
        var (starts, neighbours, distances) = (new int[atoms + 1], new List<int>(atoms * options.Neighbours), new List<double>(atoms * options.Neighbours));
        var sorted = new List<(long Key, Neighbor Neighbor)>();
        for (int atom = 0; atom < atoms; atom++)
        {
            sorted.Clear();
            foreach (var neighbour in list.Of(atom))
            {
                // The list comes by distance: whatever is beyond the last one and its ties is not needed.
                if (sorted.Count >= options.Neighbours && neighbour.Distance > sorted[options.Neighbours - 1].Neighbor.Distance + 2 * TieDistance)
                {
                    break;
                }

                sorted.Add(((long)Math.Round(neighbour.Distance / TieDistance), neighbour));
            }

            sorted.Sort(static (a, b) => ByTieRule(a, b));
            int taken = Math.Min(sorted.Count, options.Neighbours);
            for (int k = 0; k < taken; k++)
            {
                neighbours.Add(sorted[k].Neighbor.Index);
                distances.Add(sorted[k].Neighbor.Distance);
            }

            for (int k = taken; k < options.Neighbours && !options.LeaveOutMissing; k++)
            {
                neighbours.Add(0);
                distances.Add(options.Radius + 1);
            }

            starts[atom + 1] = neighbours.Count;
        }

        return new CrystalGraph(structure.Species, starts, [.. neighbours], [.. distances]);
    }

    /// <summary>A graph whose edges are given.</summary>
    /// <param name="species">Element of each atom, [atoms].</param>
    /// <param name="neighbours">Atoms at the other ends of each atom's edges, [atoms][edges].</param>
    /// <param name="distances">Their lengths, [atoms][edges], Å.</param>
    /// <exception cref="ArgumentException">Lengths differ, or a neighbour is no atom of the graph.</exception>
    public static CrystalGraph Of(ImmutableArray<Element> species, IReadOnlyList<int[]> neighbours, IReadOnlyList<double[]> distances)
    {
        ArgumentNullException.ThrowIfNull(neighbours);
        ArgumentNullException.ThrowIfNull(distances);
        var starts = new int[species.Length + 1];
        for (int i = 0; i < species.Length; i++)
        {
            starts[i + 1] = starts[i] + neighbours[i].Length;
            if (neighbours.Count != species.Length || distances[i].Length != neighbours[i].Length || neighbours[i].Any(j => (uint)j >= (uint)species.Length))
            {
                throw new ArgumentException($"the edges of atom {i + 1} do not fit the graph");
            }
        }

        return new CrystalGraph(species, starts, [.. neighbours.SelectMany(n => n)], [.. distances.SelectMany(d => d)]);
    }

    private static void Check(Structure structure)
    {
        if (structure.Periodicity != Periodicity.Full)
        {
            throw new PolymorphException("PM3110", "a crystal graph needs a crystal that repeats along all three axes", structure.Id, "Give a lattice and pbc=\"T T T\".");
        }

        foreach (var element in structure.Species)
        {
            if (!AtomFeatures.Has(element))
            {
                throw new PolymorphException("PM3111", $"the element {element.Symbol} has no features for a crystal graph", structure.Id, "The published features go from H to Fm (atomic number 100).");
            }
        }
    }

    /// <summary>Neighbours within the radius, or within less where that is enough for all atoms.</summary>
    private static NeighborList Near(Structure structure, CrystalGraphOptions options)
    {
        double within = 4 * Math.PI / 3 * options.Radius * options.Radius * options.Radius * structure.AtomCount / structure.Lattice!.Volume;
        if (within > MostWithinRadius)
        {
            throw new PolymorphException("PM3112", string.Create(CultureInfo.InvariantCulture, $"about {within:G2} atoms lie within {options.Radius} Å of each atom"), structure.Id, "Check the cell and its unit.");
        }

        try
        {
            // About a hundred atoms lie within 8 Å and a dozen within 4 Å.
            for (double radius = options.Radius / 2; radius < 0.9 * options.Radius; radius *= 1.3)
            {
                var list = NeighborList.Build(structure, radius);
                if (Enumerable.Range(0, structure.AtomCount).All(i => list.Of(i) is var near && near.Length >= options.Neighbours && near[options.Neighbours - 1].Distance < radius - 2 * TieDistance))
                {
                    return list;
                }
            }

            // Neighbours at the radius itself count.
            return NeighborList.Build(structure, options.Radius + TieDistance / 2);
        }
        catch (ArgumentException e)
        {
            throw new PolymorphException("PM3112", $"too many neighbours: {e.Message}", structure.Id, "Check the cell and its unit.", inner: e);
        }
    }

    private static int ByTieRule((long Key, Neighbor Neighbor) a, (long Key, Neighbor Neighbor) b)
    {
        int order = a.Key.CompareTo(b.Key);
        order = order != 0 ? order : a.Neighbor.Index.CompareTo(b.Neighbor.Index);
        return order != 0 ? order : a.Neighbor.Image.CompareTo(b.Neighbor.Image);
    }
}
