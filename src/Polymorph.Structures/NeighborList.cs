using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Polymorph.Structures;

/// <summary>One neighbour of an atom.</summary>
/// <param name="Index">Index of the neighbouring atom.</param>
/// <param name="Image">The image of that atom which is meant.</param>
/// <param name="Offset">From the central atom to this neighbour, Å.</param>
/// <param name="Distance">Length of the offset, Å.</param>
public readonly record struct Neighbor(int Index, CellImage Image, Vector3D Offset, double Distance) : IComparable<Neighbor>
{
    /// <summary>Order by distance, then index, then image.</summary>
    /// <param name="other">The neighbour to compare with.</param>
    public int CompareTo(Neighbor other)
    {
        int order = Distance.CompareTo(other.Distance);
        order = order != 0 ? order : Index.CompareTo(other.Index);
        return order != 0 ? order : Image.CompareTo(other.Image);
    }

    /// <summary>Order by distance, then index, then image.</summary>
    public static bool operator <(Neighbor a, Neighbor b) => a.CompareTo(b) < 0;

    /// <summary>Order by distance, then index, then image.</summary>
    public static bool operator >(Neighbor a, Neighbor b) => a.CompareTo(b) > 0;

    /// <summary>Order by distance, then index, then image.</summary>
    public static bool operator <=(Neighbor a, Neighbor b) => a.CompareTo(b) <= 0;

    /// <summary>Order by distance, then index, then image.</summary>
    public static bool operator >=(Neighbor a, Neighbor b) => a.CompareTo(b) >= 0;
}

/// <summary>The neighbours of every atom within a cutoff, periodic images included; any cutoff against any cell.</summary>
/// <remarks>Built in linear time by a cell list over the reduced lattice. An atom's own images are among its neighbours, the atom itself is not.
/// The order is by distance, then index, then image, and depends on nothing but the structure and the cutoff.</remarks>
public sealed class NeighborList
{
    private const double MaxNeighbors = 4e7;

    private readonly List<Neighbor> _neighbors;
    private readonly (int Start, int Count)[] _ranges;

    private NeighborList(List<Neighbor> neighbors, (int Start, int Count)[] ranges, double cutoff) =>
        (_neighbors, _ranges, Cutoff) = (neighbors, ranges, cutoff);

    /// <summary>Distance below which two atoms are neighbours, Å.</summary>
    public double Cutoff { get; }

    /// <summary>Number of atoms.</summary>
    public int AtomCount => _ranges.Length;

    /// <summary>Number of ordered pairs: the neighbours of all atoms together.</summary>
    public int PairCount => _neighbors.Count;

    /// <summary>Finds all neighbours.</summary>
    /// <param name="structure">A molecule or a crystal, periodic along any of its axes.</param>
    /// <param name="cutoff">Distances strictly below it count, Å; positive, finite.</param>
    /// <exception cref="ArgumentException">The cutoff is not a positive number, or so large for this cell that about 4·10⁷ neighbours or more would come.</exception>
    public static NeighborList Build(Structure structure, double cutoff)
    {
        ArgumentNullException.ThrowIfNull(structure);
        return Build(structure.Positions, structure.Lattice, structure.Periodicity, cutoff);
    }

    /// <summary>Finds all neighbours.</summary>
    /// <param name="positions">Cartesian positions, [atoms], Å; need not lie in the cell.</param>
    /// <param name="lattice">The cell, or null.</param>
    /// <param name="periodicity">Axes that repeat; ignored without a cell.</param>
    /// <param name="cutoff">Distances strictly below it count, Å; positive, finite.</param>
    /// <exception cref="ArgumentException">The cutoff is not a positive number, or so large for this cell that about 4·10⁷ neighbours or more would come.</exception>
    public static NeighborList Build(IReadOnlyList<Vector3D> positions, Lattice? lattice, Periodicity periodicity, double cutoff)
    {
        if (!(cutoff > 0 && double.IsFinite(cutoff)))
        {
            throw new ArgumentException($"the cutoff must be a positive number, not {cutoff}", nameof(cutoff));
        }

        if (lattice is not null && periodicity == Periodicity.Full
            && (double)positions.Count * positions.Count * (4.19 * cutoff * cutoff * cutoff / lattice.Volume) > MaxNeighbors)
        {
            throw new ArgumentException($"a cutoff of {cutoff} Å against {positions.Count} atoms in {lattice.Volume:g4} Å³ gives too many neighbours", nameof(cutoff));
        }

        var collector = new Collector(positions.Count);
        new CellGrid(positions, lattice, periodicity, cutoff).ForEachPair(ref collector);
        var all = CollectionsMarshal.AsSpan(collector.Neighbors);
        foreach (var (start, count) in collector.Ranges)
        {
            all.Slice(start, count).Sort();
        }

        return new NeighborList(collector.Neighbors, collector.Ranges, cutoff);
    }

    /// <summary>The neighbours of one atom, nearest first.</summary>
    /// <param name="atom">Index of the atom.</param>
    public ReadOnlySpan<Neighbor> Of(int atom)
    {
        var (start, count) = _ranges[atom];
        return CollectionsMarshal.AsSpan(_neighbors).Slice(start, count);
    }

    private readonly struct Collector(int atoms) : IPairVisitor
    {
        public List<Neighbor> Neighbors { get; } = [];

        public (int Start, int Count)[] Ranges { get; } = new (int, int)[atoms];

        public bool Visit(int first, int second, CellImage image, Vector3D offset, double distance)
        {
            ref var range = ref Ranges[first];
            range = range.Count == 0 ? (Neighbors.Count, 1) : (range.Start, range.Count + 1);
            Neighbors.Add(new Neighbor(second, image, offset, distance));
            return true;
        }
    }
}
