using System.Numerics;

namespace Polymorph.Energies.Neural.Kernels;

/// <summary>The neighbours of all atoms of one structure, grouped by centre and then by type.</summary>
/// <typeparam name="TNumber">Precision of the offsets.</typeparam>
internal sealed class NeighbourTable<TNumber>
    where TNumber : unmanaged, IBinaryFloatingPointIeee754<TNumber>
{
    /// <summary>Offsets from the centre in units of the largest cutoff, [pairs × 3].</summary>
    public TNumber[] Offsets { get; private set; } = [];

    /// <summary>Neighbouring atom of each pair.</summary>
    public int[] Atoms { get; private set; } = [];

    /// <summary>First pair of (centre, type), [centres × types + 1].</summary>
    public int[] Start { get; private set; } = [];

    /// <summary>Number of pairs.</summary>
    public int PairCount => Start[^1];

    /// <summary>Sorts pairs into the table; memory of an earlier structure is used again.</summary>
    /// <param name="pairs">The pairs.</param>
    /// <param name="types">Type of each atom.</param>
    /// <param name="typeCount">Number of types.</param>
    /// <param name="cutoff">The largest cutoff, Å.</param>
    public void Fill(PairList pairs, ReadOnlySpan<int> types, int typeCount, double cutoff)
    {
        int keys = types.Length * typeCount;
        Start = Start.Length == keys + 1 ? Start : new int[keys + 1];
        Array.Clear(Start);
        if (Atoms.Length < pairs.Count)
        {
            Atoms = new int[pairs.Count];
            Offsets = new TNumber[3 * pairs.Count];
        }

        // A counting sort: pairs of one centre and type keep their order.
        for (int p = 0; p < pairs.Count; p++)
        {
            Start[pairs.Centre[p] * typeCount + types[pairs.Atom[p]] + 1]++;
        }

        for (int k = 0; k < keys; k++)
        {
            Start[k + 1] += Start[k];
        }

        double scale = 1 / cutoff;
        for (int p = 0; p < pairs.Count; p++)
        {
            int key = pairs.Centre[p] * typeCount + types[pairs.Atom[p]], to = Start[key]++;
            Atoms[to] = pairs.Atom[p];
            Offsets[3 * to] = TNumber.CreateTruncating(scale * pairs.Offset[3 * p]);
            Offsets[3 * to + 1] = TNumber.CreateTruncating(scale * pairs.Offset[3 * p + 1]);
            Offsets[3 * to + 2] = TNumber.CreateTruncating(scale * pairs.Offset[3 * p + 2]);
        }

        // Every start has moved to its end, which is the next one's start.
        for (int k = keys; k > 0; k--)
        {
            Start[k] = Start[k - 1];
        }

        Start[0] = 0;
    }

    /// <summary>The same neighbours in this table's precision.</summary>
    /// <typeparam name="TOther">The other's precision.</typeparam>
    /// <param name="other">The other table.</param>
    public void CopyFrom<TOther>(NeighbourTable<TOther> other)
        where TOther : unmanaged, IBinaryFloatingPointIeee754<TOther> =>
        (Start, Atoms, Offsets) = (other.Start, other.Atoms, [.. other.Offsets.Select(TNumber.CreateTruncating)]);
}

/// <summary>One centre to be described: an atom of a structure, and where that structure's atoms stand in the force array.</summary>
/// <typeparam name="TNumber">Precision.</typeparam>
/// <param name="Table">Its structure's neighbours.</param>
/// <param name="Atom">The atom.</param>
/// <param name="FirstAtom">Row of the structure's first atom in arrays over all atoms; row 0 belongs to no atom.</param>
internal readonly record struct CentreAddress<TNumber>(NeighbourTable<TNumber> Table, int Atom, int FirstAtom)
    where TNumber : unmanaged, IBinaryFloatingPointIeee754<TNumber>;
