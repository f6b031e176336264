namespace Polymorph.Structures;

/// <summary>Replaces lattice vectors by the shortest ones that span the same lattice.</summary>
/// <remarks>Greedy algorithm of Nguyen and Stehlé, ACM Trans. Algorithms 5 (2009) 46, which in two and three dimensions gives a
/// Minkowski-reduced basis: no vector can be shortened by adding multiples of the others.</remarks>
internal static class LatticeReduction
{
    // Each round but the last shortens a vector; nearly dependent vectors could go on by rounding errors alone.
    private const int MaxRounds = 1000;

    /// <summary>Reduces one, two or three vectors.</summary>
    /// <param name="vectors">[1..3] linearly independent vectors, Å; overwritten with the reduced ones, shortest first.</param>
    /// <param name="coefficients">[same length] each reduced vector as whole multiples of the vectors that came in; overwritten.</param>
    public static void Minkowski(Span<Vector3D> vectors, Span<(long A, long B, long C)> coefficients)
    {
        for (int i = 0; i < vectors.Length; i++)
        {
            coefficients[i] = (i == 0 ? 1 : 0, i == 1 ? 1 : 0, i == 2 ? 1 : 0);
        }

        for (int round = 0; round < MaxRounds; round++)
        {
            Sort(vectors, coefficients);
            bool shortened = vectors.Length switch
            {
                2 => ReduceSecond(vectors, coefficients),
                3 => ReduceSecond(vectors, coefficients) || ReduceThird(vectors, coefficients),
                _ => false,
            };
            if (!shortened)
            {
                return;
            }
        }
    }

    private static void Sort(Span<Vector3D> v, Span<(long A, long B, long C)> c)
    {
        for (int i = 1; i < v.Length; i++)
        {
            for (int j = i; j > 0 && v[j].LengthSquared < v[j - 1].LengthSquared; j--)
            {
                (v[j], v[j - 1]) = (v[j - 1], v[j]);
                (c[j], c[j - 1]) = (c[j - 1], c[j]);
            }
        }
    }

    private static bool ReduceSecond(Span<Vector3D> v, Span<(long A, long B, long C)> c)
    {
        double m = Math.Round(v[0].Dot(v[1]) / v[0].LengthSquared);
        return m != 0 && Accept(v, c, 1, (long)-m, 0);
    }

    /// <summary>Subtracts from the third vector the point of the plane lattice nearest to it.</summary>
    private static bool ReduceThird(Span<Vector3D> v, Span<(long A, long B, long C)> c)
    {
        double aa = v[0].LengthSquared, bb = v[1].LengthSquared, ab = v[0].Dot(v[1]), ac = v[0].Dot(v[2]), bc = v[1].Dot(v[2]);
        double determinant = aa * bb - ab * ab;
        long x = (long)Math.Round((ac * bb - bc * ab) / determinant), y = (long)Math.Round((bc * aa - ac * ab) / determinant);
        (long X, long Y) best = (0, 0);
        double shortest = v[2].LengthSquared;
        for (long i = x - 1; i <= x + 1; i++)
        {
            for (long j = y - 1; j <= y + 1; j++)
            {
                double length = (v[2] - (double)i * v[0] - (double)j * v[1]).LengthSquared;
                if (length < shortest)
                {
                    (shortest, best) = (length, (i, j));
                }
            }
        }

        return best != (0, 0) && Accept(v, c, 2, -best.X, -best.Y);
    }

    private static bool Accept(Span<Vector3D> v, Span<(long A, long B, long C)> c, int row, long x, long y)
    {
        var candidate = v[row] + (double)x * v[0] + (row == 2 ? (double)y * v[1] : default);

        // Ties (a hexagonal cell) must not be exchanged for ever: only a real gain counts.
        if (!(candidate.LengthSquared < v[row].LengthSquared * (1 - 1e-12)))
        {
            return false;
        }

        var second = row == 2 ? c[1] : default;
        v[row] = candidate;
        c[row] = (c[row].A + x * c[0].A + y * second.A, c[row].B + x * c[0].B + y * second.B, c[row].C + x * c[0].C + y * second.C);
        return true;
    }
}
