namespace Polymorph.Structures.Cells;

/// <summary>Lattice reduction of Lenstra, Lenstra and Lovász, Math. Ann. 261 (1982) 515, in three dimensions.</summary>
internal static class LovaszReduction
{
    // Each exchange shortens a product of lengths by at least the factor delta; more rounds than this come from rounding alone.
    private const int MaxRounds = 10_000;

    /// <summary>Replaces a basis by a reduced one of the same lattice.</summary>
    /// <param name="v">[3] the basis, Å; overwritten.</param>
    /// <param name="delta">Lovász parameter, above 1/4 and below 1.</param>
    public static void Reduce(Span<Vector3D> v, double delta)
    {
        int k = 1;
        for (int round = 0; k < 3 && round < MaxRounds; round++)
        {
            for (int i = k - 1; i >= 0; i--)
            {
                double q = Math.Round(Coefficient(v, k, i));
                if (q != 0)
                {
                    v[k] -= q * v[i];
                }
            }

            double mu = Coefficient(v, k, k - 1);
            if (Orthogonal(v, k).LengthSquared >= (delta - mu * mu) * Orthogonal(v, k - 1).LengthSquared)
            {
                k++;
            }
            else
            {
                (v[k], v[k - 1]) = (v[k - 1], v[k]);
                k = Math.Max(k - 1, 1);
            }
        }
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
