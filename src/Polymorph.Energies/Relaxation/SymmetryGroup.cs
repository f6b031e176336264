using System.Collections.Immutable;
using Polymorph.Energies.TensorNet;
using Polymorph.Structures;

namespace Polymorph.Energies.Relaxation;

/// <summary>The space group operations of a crystal, for projecting forces, steps and strains on what keeps them.</summary>
/// <remarks>An operation maps fractional positions f to W f + t. W comes from <see cref="LatticeSymmetry"/>; t from the pairs of atoms of the rarest element.
/// Centring translations of a cell that is not primitive count as operations.</remarks>
internal sealed class SymmetryGroup
{
    private readonly (Matrix3 Rotation, int[] Images)[] _operations;

    private SymmetryGroup((Matrix3, int[])[] operations) => _operations = operations;

    /// <summary>Number of operations in the cell; 1 where there is no symmetry.</summary>
    public int Count => _operations.Length;

    /// <summary>Finds the operations and makes the crystal exactly symmetric.</summary>
    /// <param name="crystal">Periodic along all three axes.</param>
    /// <param name="tolerance">How far an atom may be from the image of another one, Å.</param>
    public static (SymmetryGroup Group, Structure Symmetrised) Find(Structure crystal, double tolerance)
    {
        var fractional = crystal.FractionalPositions;
        var found = new List<((int I, int J, int K)[] W, int[] Images, Vector3D Shift)>();
        var rarest = crystal.Species.GroupBy(e => e).OrderBy(g => g.Count()).ThenBy(g => g.Key).First().Key;
        int[] anchors = [.. Enumerable.Range(0, crystal.AtomCount).Where(i => crystal.Species[i] == rarest)];
        foreach (var w in LatticeSymmetry.Operations(crystal.Lattice!, tolerance))
        {
            foreach (int anchor in anchors)
            {
                if (Images(crystal, fractional, w, fractional[anchor] - Rotate(w, fractional[anchors[0]]), tolerance) is { } images)
                {
                    found.Add((w, images, MeanShift(fractional, w, images, fractional[anchor] - Rotate(w, fractional[anchors[0]]))));
                }
            }
        }

        var lattice = Symmetrise(crystal.Lattice!, found.Select(f => f.W).ToList());
        var positions = new Vector3D[crystal.AtomCount];
        foreach (var (w, images, shift) in found)
        {
            for (int i = 0; i < positions.Length; i++)
            {
                int j = images[i];
                positions[j] += 1.0 / found.Count * (fractional[j] + ToNearest(Rotate(w, fractional[i]) + shift - fractional[j]));
            }
        }

        var group = new SymmetryGroup([.. found.Select(f => (Rotation(lattice, f.W), f.Images))]);
        var symmetrised = new Structure(crystal.Species, [.. positions.Select(lattice.ToCartesian)], lattice, crystal.Periodicity, crystal.Id, crystal.Properties, crystal.AtomProperties);
        return (group, symmetrised);
    }

    /// <summary>True when every operation maps these atoms on each other.</summary>
    public bool Keeps(ImmutableArray<int> atoms) => atoms.All(i => _operations.All(o => atoms.Contains(o.Images[i])));

    /// <summary>Replaces one vector per atom, [3·atoms], by their mean over the operations.</summary>
    public void ProjectVectors(Span<double> vectors)
    {
        var sum = new double[vectors.Length];
        foreach (var (rotation, images) in _operations)
        {
            for (int i = 0; i < images.Length; i++)
            {
                var v = rotation * new Vector3D(vectors[3 * i], vectors[3 * i + 1], vectors[3 * i + 2]);
                sum[3 * images[i]] += v.X;
                sum[3 * images[i] + 1] += v.Y;
                sum[3 * images[i] + 2] += v.Z;
            }
        }

        for (int k = 0; k < sum.Length; k++)
        {
            vectors[k] = sum[k] / Count;
        }
    }

    /// <summary>The mean of a strain over the operations.</summary>
    public SymmetricMatrix Project(SymmetricMatrix e)
    {
        var matrix = new Matrix3(e.XX, e.XY, e.XZ, e.XY, e.YY, e.YZ, e.XZ, e.YZ, e.ZZ);
        var sum = default(Matrix3);
        foreach (var (rotation, _) in _operations)
        {
            sum += rotation * matrix * rotation.Transpose;
        }

        return 1.0 / Count * new SymmetricMatrix(sum.XX, sum.YY, sum.ZZ, 0.5 * (sum.YZ + sum.ZY), 0.5 * (sum.XZ + sum.ZX), 0.5 * (sum.XY + sum.YX));
    }

    /// <summary>Which atom each atom goes to, or null when one goes nowhere.</summary>
    private static int[]? Images(Structure crystal, ImmutableArray<Vector3D> fractional, (int, int, int)[] w, Vector3D shift, double tolerance)
    {
        var images = new int[fractional.Length];
        for (int i = 0; i < images.Length; i++)
        {
            var f = Rotate(w, fractional[i]) + shift;
            int j = 0;
            while (j < images.Length && !(crystal.Species[j] == crystal.Species[i] && crystal.Lattice!.ToCartesian(ToNearest(f - fractional[j])).Length < tolerance))
            {
                j++;
            }

            if (j == images.Length)
            {
                return null;
            }

            images[i] = j;
        }

        return images;
    }

    // The translation found from one pair of atoms carries their noise; the mean over all atoms makes the operations a group again.
    private static Vector3D MeanShift(ImmutableArray<Vector3D> fractional, (int, int, int)[] w, int[] images, Vector3D shift)
    {
        var sum = Vector3D.Zero;
        for (int i = 0; i < images.Length; i++)
        {
            sum += ToNearest(fractional[images[i]] - Rotate(w, fractional[i]) - shift);
        }

        return shift + 1.0 / images.Length * sum;
    }

    /// <summary>The lattice whose metric is the mean over the operations, turned as little as possible.</summary>
    private static Lattice Symmetrise(Lattice lattice, List<(int I, int J, int K)[]> operations)
    {
        // The mean metric is h C hᵀ with C symmetric and near 1; the new lattice is h √C.
        var (ra, rb, rc) = lattice.Reciprocal;
        var c = default(SymmetricMatrix);
        foreach (var w in operations)
        {
            Span<Vector3D> image = [Combine(lattice, w[0]), Combine(lattice, w[1]), Combine(lattice, w[2])];
            Span<Vector3D> reciprocal = [ra, rb, rc];
            for (int i = 0; i < 3; i++)
            {
                for (int j = 0; j < 3; j++)
                {
                    var t = StressTensor.Virial(reciprocal[i], reciprocal[j]);
                    c += image[i].Dot(image[j]) / operations.Count * new SymmetricMatrix(t.XX, t.YY, t.ZZ, t.YZ, t.XZ, t.XY);
                }
            }
        }

        var root = SymmetricMatrix.Identity;
        for (int round = 0; round < 10; round++)
        {
            root += 0.5 * (c + -1 * root.Square());
        }

        return new Lattice(root * lattice.A, root * lattice.B, root * lattice.C);
    }

    private static Vector3D Combine(Lattice lattice, (int I, int J, int K) column) => lattice.ToCartesian(new(column.I, column.J, column.K));

    private static Matrix3 Rotation(Lattice lattice, (int I, int J, int K)[] w)
    {
        var (ra, rb, rc) = lattice.Reciprocal;
        return Outer(Combine(lattice, w[0]), ra) + Outer(Combine(lattice, w[1]), rb) + Outer(Combine(lattice, w[2]), rc);

        static Matrix3 Outer(Vector3D u, Vector3D v) => new(u.X * v.X, u.X * v.Y, u.X * v.Z, u.Y * v.X, u.Y * v.Y, u.Y * v.Z, u.Z * v.X, u.Z * v.Y, u.Z * v.Z);
    }

    private static Vector3D Rotate((int I, int J, int K)[] w, Vector3D f) => new(
        w[0].I * f.X + w[1].I * f.Y + w[2].I * f.Z,
        w[0].J * f.X + w[1].J * f.Y + w[2].J * f.Z,
        w[0].K * f.X + w[1].K * f.Y + w[2].K * f.Z);

    private static Vector3D ToNearest(Vector3D f) => new(f.X - Math.Round(f.X), f.Y - Math.Round(f.Y), f.Z - Math.Round(f.Z));
}
