using Polymorph.Structures;

namespace Polymorph.Energies.Neural.Kernels;

/// <summary>All ordered pairs of atoms nearer than a cutoff, images included; its memory is used again by the next structure.</summary>
internal sealed class PairList
{
    // Below this many pairs of atoms and images, looking at all of them costs less than a cell list.
    private const int AllPairs = 40_000;
    private const double MostPairs = 2e7;

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
        if ((long)structure.AtomCount * structure.AtomCount > AllPairs)
        {
            FindByList(structure, cutoff);
        }
        else if (structure.Lattice is { } lattice && structure.Periodicity.Any)
        {
            FindImages(structure, lattice, cutoff);
        }
        else
        {
            FindAll(structure.Positions.AsSpan(), cutoff);
        }
    }

    private void FindAll(ReadOnlySpan<Vector3D> positions, double cutoff)
    {
        double square = cutoff * cutoff;
        for (int i = 0; i < positions.Length; i++)
        {
            for (int j = 0; j < positions.Length; j++)
            {
                var offset = positions[j] - positions[i];
                if (offset.LengthSquared < square && i != j)
                {
                    Add(i, j, offset);
                }
            }
        }
    }

    // Of every pair only the images between the two lattice planes of each axis that the cutoff touches.
    private void FindImages(Structure structure, Lattice lattice, double cutoff)
    {
        var positions = structure.Positions.AsSpan();
        var periodicity = structure.Periodicity;
        var faces = lattice.FaceDistances;
        double ra = cutoff / faces.X, rb = cutoff / faces.Y, rc = cutoff / faces.Z, square = cutoff * cutoff;
        if (8 * ra * rb * rc * positions.Length * positions.Length > MostPairs)
        {
            throw new ArgumentException("the cell is so flat or so small for the potential's cutoff that millions of neighbours would come");
        }

        for (int i = 0; i < positions.Length; i++)
        {
            for (int j = 0; j < positions.Length; j++)
            {
                var difference = positions[j] - positions[i];
                var f = lattice.ToFractional(difference);
                var (firstA, lastA) = Images(periodicity.A, f.X, ra);
                var (firstB, lastB) = Images(periodicity.B, f.Y, rb);
                var (firstC, lastC) = Images(periodicity.C, f.Z, rc);
                for (int a = firstA; a <= lastA; a++)
                {
                    for (int b = firstB; b <= lastB; b++)
                    {
                        for (int c = firstC; c <= lastC; c++)
                        {
                            var offset = difference + lattice.ToCartesian(new(a, b, c));
                            if (offset.LengthSquared < square && (i != j || a != 0 || b != 0 || c != 0))
                            {
                                Add(i, j, offset);
                            }
                        }
                    }
                }
            }
        }
    }

    private static (int First, int Last) Images(bool periodic, double fraction, double range) =>
        periodic ? ((int)Math.Ceiling(-range - fraction), (int)Math.Floor(range - fraction)) : (0, 0);

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
