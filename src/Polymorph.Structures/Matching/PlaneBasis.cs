using Polymorph.Structures.Cells;

namespace Polymorph.Structures.Matching;

/// <summary>Whole-number vectors of the lattice plane perpendicular to a primitive index triple, and one vector that leads to the next plane.</summary>
/// <param name="First">In the plane: scalar product 0 with the indices.</param>
/// <param name="Second">In the plane; with <paramref name="First"/> it spans all lattice points there.</param>
/// <param name="Up">Scalar product 1 with the indices.</param>
internal readonly record struct PlaneBasis((int X, int Y, int Z) First, (int X, int Y, int Z) Second, (int X, int Y, int Z) Up)
{
    /// <summary>The basis for indices without a common divisor.</summary>
    /// <param name="n">The indices.</param>
    public static PlaneBasis Of((long X, long Y, long Z) n)
    {
        if (n.X == 0 && n.Y == 0)
        {
            return new((1, 0, 0), (0, 1, 0), (0, 0, (int)n.Z));
        }

        // x·n.X + y·n.Y = g, then s·g + t·n.Z = 1.
        var (g, x, y) = Bezout(n.X, n.Y);
        var (one, s, t) = Bezout(g, n.Z);
        (s, t) = (s * one, t * one);
        return new(
            ((int)(n.Y / g), (int)(-n.X / g), 0),
            ((int)(-n.Z * x), (int)(-n.Z * y), (int)g),
            ((int)(s * x), (int)(s * y), (int)t));
    }

    /// <summary>The two vectors of the plane, shortened by Gauss' steps.</summary>
    /// <param name="lattice">[3] the lattice, Å.</param>
    public ((int X, int Y, int Z) First, (int X, int Y, int Z) Second) Reduced(ReadOnlySpan<Vector3D> lattice)
    {
        Span<Vector3D> v = [IntegerMatrix.Combine(First, lattice[0], lattice[1], lattice[2]), IntegerMatrix.Combine(Second, lattice[0], lattice[1], lattice[2])];
        Span<(long A, long B, long C)> k = stackalloc (long, long, long)[2];
        LatticeReduction.Minkowski(v, k);
        return (Sum(k[0].A, k[0].B), Sum(k[1].A, k[1].B));
    }

    private (int X, int Y, int Z) Sum(long i, long j) =>
        ((int)(i * First.X + j * Second.X), (int)(i * First.Y + j * Second.Y), (int)(i * First.Z + j * Second.Z));

    /// <summary>Greatest common divisor with its sign as it falls, and the factors that make it.</summary>
    private static (long Gcd, long X, long Y) Bezout(long a, long b)
    {
        long x = 1, y = 0, u = 0, v = 1;
        while (b != 0)
        {
            long q = a / b;
            (a, b) = (b, a - q * b);
            (x, u) = (u, x - q * u);
            (y, v) = (v, y - q * v);
        }

        return (a, x, y);
    }
}
