namespace Polymorph.Structures;

/// <summary>Coordinates for neighbour searches: first the reduced vectors of the periodic axes, then unit vectors perpendicular to them.</summary>
internal sealed class SearchBasis
{
    private readonly Vector3D[] _reciprocal = new Vector3D[3];
    private readonly (long A, long B, long C)[] _rows = new (long, long, long)[3];

    public SearchBasis(Lattice? lattice, Periodicity periodicity)
    {
        Span<int> axes = stackalloc int[3];
        Span<Vector3D> v = stackalloc Vector3D[3];
        int n = 0;
        for (int axis = 0; axis < 3 && lattice is not null; axis++)
        {
            if (axis switch { 0 => periodicity.A, 1 => periodicity.B, _ => periodicity.C })
            {
                (axes[n], v[n]) = (axis, lattice[axis]);
                n++;
            }
        }

        PeriodicCount = n;
        Span<(long A, long B, long C)> coefficients = stackalloc (long, long, long)[3];
        LatticeReduction.Minkowski(v[..n], coefficients[..n]);
        for (int row = 0; row < n; row++)
        {
            var (first, second, third) = coefficients[row];
            Span<long> image = [0, 0, 0];
            image[axes[0]] = first;
            if (n > 1)
            {
                image[axes[1]] = second;
            }

            if (n > 2)
            {
                image[axes[2]] = third;
            }

            _rows[row] = (image[0], image[1], image[2]);
        }

        ShortestVector = n > 0 ? v[0].Length : double.PositiveInfinity;
        Complete(v, n);
        double volume = v[0].Dot(v[1].Cross(v[2]));
        for (int axis = 0; axis < 3; axis++)
        {
            _reciprocal[axis] = v[(axis + 1) % 3].Cross(v[(axis + 2) % 3]) * (1 / volume);
        }
    }

    /// <summary>Number of axes that repeat; they come first.</summary>
    public int PeriodicCount { get; }

    /// <summary>Length of the shortest lattice vector, Å: how near an atom is to its own nearest image. Infinite for a molecule.</summary>
    public double ShortestVector { get; }

    /// <summary>Image of the shortest lattice vector.</summary>
    public CellImage ShortestImage => ToImage(1, 0, 0);

    /// <summary>Distance between the planes where coordinate <paramref name="axis"/> is 0 and 1, Å.</summary>
    public double FaceDistance(int axis) => 1 / _reciprocal[axis].Length;

    /// <summary>Coordinates with the periodic ones moved into [0, 1), and by how many vectors they were moved.</summary>
    public (Vector3D Coordinates, (int A, int B, int C) Wraps) Wrap(Vector3D position)
    {
        Span<double> f = [position.Dot(_reciprocal[0]), position.Dot(_reciprocal[1]), position.Dot(_reciprocal[2])];
        Span<int> wraps = [0, 0, 0];
        for (int axis = 0; axis < PeriodicCount; axis++)
        {
            double whole = Math.Floor(f[axis]);
            wraps[axis] = (int)whole;
            f[axis] -= whole;
        }

        return (new Vector3D(f[0], f[1], f[2]), (wraps[0], wraps[1], wraps[2]));
    }

    /// <summary>The image, in the structure's own lattice vectors, that lies this many search vectors away.</summary>
    public CellImage ToImage(int a, int b, int c) => new(
        (int)(a * _rows[0].A + b * _rows[1].A + c * _rows[2].A),
        (int)(a * _rows[0].B + b * _rows[1].B + c * _rows[2].B),
        (int)(a * _rows[0].C + b * _rows[1].C + c * _rows[2].C));

    private static void Complete(Span<Vector3D> v, int n)
    {
        if (n == 0)
        {
            (v[0], v[1], v[2]) = (new(1, 0, 0), new(0, 1, 0), new(0, 0, 1));
        }
        else if (n == 1)
        {
            var u = v[0];
            var helper = Math.Abs(u.X) <= Math.Abs(u.Y) && Math.Abs(u.X) <= Math.Abs(u.Z) ? new Vector3D(1, 0, 0)
                : Math.Abs(u.Y) <= Math.Abs(u.Z) ? new Vector3D(0, 1, 0) : new Vector3D(0, 0, 1);
            v[1] = Unit(u.Cross(helper));
            v[2] = Unit(u.Cross(v[1]));
        }
        else if (n == 2)
        {
            v[2] = Unit(v[0].Cross(v[1]));
        }
    }

    private static Vector3D Unit(Vector3D v) => v * (1 / v.Length);
}
