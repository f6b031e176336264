namespace Polymorph.Structures.Cells;

/// <summary>Lattice reduction of Lenstra, Lenstra and Lovász, Math. Ann. 261 (1982) 515, in three dimensions.</summary>
internal static class LovaszReduction
{
    /// <summary>The usual Lovász parameter.</summary>
    public const double Delta = 0.75;

    /// <summary>Projections up to this are left: one of exactly one half (a hexagonal cell) is not exchanged for its opposite by rounding.</summary>
    public const double Half = 0.5 + 1e-9;

    // Each exchange shortens a product of lengths by at least the factor delta; more rounds than this come from rounding alone.
    private const int MaxRounds = 10_000;

    /// <summary>Replaces a basis by a reduced one of the same lattice.</summary>
    /// <param name="v">[3] the basis, Å; overwritten.</param>
    /// <param name="coefficients">[3] overwritten: the reduced vectors as multiples of the ones that came in.</param>
    /// <param name="delta">Lovász parameter, above 1/4 and below 1.</param>
    /// <param name="half">Largest projection, in lengths of the vector projected on, that is not shortened; 1/2 or a little more.</param>
    public static void Reduce(Span<Vector3D> v, Span<(long A, long B, long C)> coefficients, double delta, double half)
    {
        (coefficients[0], coefficients[1], coefficients[2]) = ((1, 0, 0), (0, 1, 0), (0, 0, 1));
        int k = 1;
        for (int round = 0; k < 3 && round < MaxRounds; round++)
        {
            for (int i = k - 1; i >= 0; i--)
            {
                double mu = Coefficient(v, k, i);
                if (Math.Abs(mu) > half)
                {
                    double q = Math.Round(mu);
                    v[k] -= q * v[i];
                    var (c, d, n) = (coefficients[k], coefficients[i], (long)q);
                    coefficients[k] = (c.A - n * d.A, c.B - n * d.B, c.C - n * d.C);
                }
            }

            double last = Coefficient(v, k, k - 1);
            if (Orthogonal(v, k).LengthSquared >= (delta - last * last) * Orthogonal(v, k - 1).LengthSquared)
            {
                k++;
            }
            else
            {
                (v[k], v[k - 1]) = (v[k - 1], v[k]);
                (coefficients[k], coefficients[k - 1]) = (coefficients[k - 1], coefficients[k]);
                k = Math.Max(k - 1, 1);
            }
        }
    }

    /// <summary>Whether a cell would stay as it is, from its metric tensor.</summary>
    /// <param name="xx">a·a.</param>
    /// <param name="yy">b·b.</param>
    /// <param name="zz">c·c.</param>
    /// <param name="xy">a·b.</param>
    /// <param name="xz">a·c.</param>
    /// <param name="yz">b·c.</param>
    public static bool IsReduced(double xx, double yy, double zz, double xy, double xz, double yz)
    {
        double second = xy / xx, third = xz / xx, b2 = yy - second * xy;
        double last = (yz - third * xy) / b2, c2 = zz - third * xz - last * last * b2;
        return Math.Abs(second) <= Half && Math.Abs(third) <= Half && Math.Abs(last) <= Half
            && b2 >= (Delta - second * second) * xx && c2 >= (Delta - last * last) * b2;
    }

    private static double Coefficient(ReadOnlySpan<Vector3D> v, int row, int onto)
    {
        var direction = Orthogonal(v, onto);
        return v[row].Dot(direction) / direction.LengthSquared;
    }

    /// <summary>The part of vector k perpendicular to the vectors before it (Gram and Schmidt).</summary>
    private static Vector3D Orthogonal(ReadOnlySpan<Vector3D> v, int k)
    {
        if (k == 0)
        {
            return v[0];
        }

        var second = v[1] - v[1].Dot(v[0]) / v[0].LengthSquared * v[0];
        return k == 1 ? second : v[2] - v[2].Dot(v[0]) / v[0].LengthSquared * v[0] - v[2].Dot(second) / second.LengthSquared * second;
    }
}
