namespace Polymorph.Structures.Inspection;

/// <summary>A short list of interatomic distances by which equal structures are recognised cheaply.</summary>
/// <remarks>The same for a structure moved, turned, mirrored or listed in another order. Molecules of up to 100 atoms: all distances.
/// Larger ones and periodic structures: those from every atom to its nearest six neighbours of each element within 12 Å, and the cell's volume. As many of each element, because
/// the nearest of all elements together change sides when two distances are nearly equal. Distances are sorted by the pair of elements, then
/// by length, and at most 64 of them kept, evenly spread. Different structures may share a signature; equal ones always do (up to rounding),
/// unless they are described by cells of different size.</remarks>
public sealed class DistanceSignature
{
    private const int Kept = 64;
    private const int NearestNeighbors = 6;
    private const int SmallMolecule = 100;

    // Beyond this many pairs (some hundred megabytes when the radius grows again) fewer neighbours must do.
    private const int LongestList = 1_000_000;

    private readonly float[] _distances;

    private DistanceSignature(string key, float[] distances) => (Key, _distances) = (key, distances);

    /// <summary>Formula and periodicity: structures that differ in it are different.</summary>
    public string Key { get; }

    /// <summary>Mean of the distances kept, Å; near signatures have near means.</summary>
    public double Mean => _distances.Length == 0 ? 0 : _distances.Average();

    /// <summary>The signature of a structure.</summary>
    /// <param name="structure">A molecule or crystal whose atoms keep a distance.</param>
    public static DistanceSignature Of(Structure structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        var p = structure.Periodicity;
        bool all = !p.Any && structure.AtomCount <= SmallMolecule;
        var distances = (all ? AllPairs(structure) : Nearest(structure)).Order().Select(d => d.Distance).ToArray();
        var kept = new float[Math.Min(Kept, distances.Length)];
        for (int i = 0; i < kept.Length; i++)
        {
            kept[i] = distances[(int)((long)i * (distances.Length - 1) / Math.Max(1, kept.Length - 1))];
        }

        return new DistanceSignature($"{structure.Composition.Formula} {(p.A ? 1 : 0) + (p.B ? 1 : 0) + (p.C ? 1 : 0)} {distances.Length}", kept);
    }

    /// <summary>True when no distance differs by more than the tolerance.</summary>
    /// <param name="other">The signature to compare with.</param>
    /// <param name="tolerance">Å.</param>
    public bool Matches(DistanceSignature other, double tolerance)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Key != other.Key)
        {
            return false;
        }

        for (int i = 0; i < _distances.Length; i++)
        {
            if (!(Math.Abs(_distances[i] - other._distances[i]) <= tolerance))
            {
                return false;
            }
        }

        return true;
    }

    private static IEnumerable<(int Pair, float Distance)> AllPairs(Structure s)
    {
        for (int i = 0; i < s.AtomCount; i++)
        {
            for (int j = 0; j < i; j++)
            {
                yield return (Pair(s, i, j), (float)(s.Positions[i] - s.Positions[j]).Length);
            }
        }
    }

    /// <summary>Distances to the nearest neighbours, and the edge of a cube of the cell's volume, which tells sparse crystals apart.</summary>
    private static IEnumerable<(int Pair, float Distance)> Nearest(Structure s)
    {
        Element[] elements = [.. s.Species.Distinct()];
        var list = NeighborList.Build(s, 4);
        for (double cutoff = 5; cutoff < 12 && list.PairCount < LongestList && Enumerable.Range(0, s.AtomCount).Any(i => elements.Any(e => NearestOf(s, list, i, e).Count() < NearestNeighbors)); cutoff *= 1.25)
        {
            list = NeighborList.Build(s, cutoff);
        }

        for (int i = 0; i < s.AtomCount; i++)
        {
            foreach (var neighbor in elements.SelectMany(e => NearestOf(s, list, i, e)))
            {
                yield return ((s.Species[i].Number * 128) + s.Species[neighbor.Index].Number, (float)neighbor.Distance);
            }
        }

        if (s.Periodicity == Periodicity.Full)
        {
            yield return (0, (float)Math.Cbrt(s.Lattice!.Volume));
        }
    }

    private static IEnumerable<Neighbor> NearestOf(Structure s, NeighborList list, int atom, Element element)
    {
        int found = 0;
        for (int k = 0; k < list.Of(atom).Length && found < NearestNeighbors; k++)
        {
            var neighbor = list.Of(atom)[k];
            if (s.Species[neighbor.Index] == element)
            {
                found++;
                yield return neighbor;
            }
        }
    }

    private static int Pair(Structure s, int i, int j)
    {
        int a = s.Species[i].Number, b = s.Species[j].Number;
        return a < b ? a * 128 + b : b * 128 + a;
    }
}
