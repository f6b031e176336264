using Polymorph.Structures;

namespace Polymorph.Energies.Neural.Kernels;

/// <summary>All ordered pairs of atoms nearer than a cutoff, images included; its memory is used again by the next structure.</summary>
internal sealed class PairList
{
    // Below this many pairs of atoms and images, looking at all of them costs less than a cell list.
    private const int AllPairs = 200_000;

    /// <summary>Number of pairs.</summary>
    public int Count { get; private set; }

    /// <summary>Centre of each pair; ascending.</summary>
    public int[] Centre { get; private set; } = new int[256];

    /// <summary>Neighbour of each pair.</summary>
    public int[] Atom { get; private set; } = new int[256];

    /// <summary>From centre to neighbour, [pairs × 3], Å.</summary>
    public double[] Offset { get; private set; } = new double[768];

    /// <summary>Finds the pairs of a structure.</summary>
    /// <param name="structure">Molecule or crystal.</param>
    /// <param name="cutoff">Cutoff, Å.</param>
    public void Find(Structure structure, double cutoff)
    {
        Count = 0;
        if (structure.Lattice is { } lattice && structure.Periodicity.Any)
        {
            FindImages(structure, lattice, cutoff);
        }
        else if ((long)structure.AtomCount * structure.AtomCount <= AllPairs)
        {
            FindAll(structure.Positions.AsSpan(), structure.Positions.AsSpan(), Vector3D.Zero, home: true, cutoff);
        }
        else
        {
            FindByList(structure, cutoff);
        }
    }

    private void FindImages(Structure structure, Lattice lattice, double cutoff)
    {
        FindByList(structure, cutoff);
    }

    private void FindAll(ReadOnlySpan<Vector3D> centres, ReadOnlySpan<Vector3D> neighbours, Vector3D shift, bool home, double cutoff)
    {
        double square = cutoff * cutoff;
        for (int i = 0; i < centres.Length; i++)
        {
            for (int j = 0; j < neighbours.Length; j++)
            {
                var offset = neighbours[j] + shift - centres[i];
                if (offset.LengthSquared < square && !(home && i == j))
                {
                    Add(i, j, offset);
                }
            }
        }
    }

    private void FindByList(Structure structure, double cutoff)
    {
        var list = NeighborList.Build(structure, cutoff);
        for (int i = 0; i < list.AtomCount; i++)
        {
            foreach (var neighbour in list.Of(i))
            {
                Add(i, neighbour.Index, neighbour.Offset);
            }
        }
    }

    private void Add(int centre, int atom, Vector3D offset)
    {
        if (Count == Atom.Length)
        {
            int[] centres = Centre, atoms = Atom;
            double[] offsets = Offset;
            Array.Resize(ref centres, 2 * Count);
            Array.Resize(ref atoms, 2 * Count);
            Array.Resize(ref offsets, 6 * Count);
            (Centre, Atom, Offset) = (centres, atoms, offsets);
        }

        Centre[Count] = centre;
        Atom[Count] = atom;
        (Offset[3 * Count], Offset[3 * Count + 1], Offset[3 * Count + 2]) = (offset.X, offset.Y, offset.Z);
        Count++;
    }
}
