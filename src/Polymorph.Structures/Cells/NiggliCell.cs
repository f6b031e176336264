namespace Polymorph.Structures.Cells;

/// <summary>All bases of a lattice that satisfy Niggli's conditions: one for a lattice without symmetry, up to 24 (the proper rotations) for a symmetric one.</summary>
/// <remarks>Conditions: International Tables for Crystallography A, 9.2.2; Křivý and Gruber, Acta Cryst. A 32 (1976) 297; comparisons with a tolerance as proposed by
/// Grosse-Kunstleve, Sauter and Adams, Acta Cryst. A 60 (2004) 1. Instead of their sequence of steps, whose end depends on the basis it starts from when lengths are nearly equal,
/// all bases made of the shortest vectors are listed and tested, so that the result depends on the lattice alone.</remarks>
internal static class NiggliCell
{
    /// <summary>Room for the bases of any lattice: 24 rotations, and a few more where a parameter is equal to another only within the tolerance.</summary>
    public const int MaxBases = 48;

    // Two squared lengths (or scalar products) are equal within this share of V^(2/3).
    private const double Tolerance = 1e-5;

    /// <summary>Lists the bases.</summary>
    /// <param name="lattice">[3] a Minkowski-reduced basis, shortest vector first, Å.</param>
    /// <param name="bases">[<see cref="MaxBases"/>] overwritten: right-handed bases as combinations of the vectors given.</param>
    /// <returns>How many there are, at least 1.</returns>
    public static int List(ReadOnlySpan<Vector3D> lattice, Span<IntegerMatrix> bases)
    {
        double volume = Math.Abs(lattice[0].Dot(lattice[1].Cross(lattice[2])));
        double edge = Math.Cbrt(volume), e = Tolerance * edge * edge;
        Span<Short> first = stackalloc Short[26], second = stackalloc Short[26], third = stackalloc Short[26];
        int n1 = 0, n2 = 0, n3 = 0;
        double a2 = lattice[0].LengthSquared + e, b2 = lattice[1].LengthSquared + e, c2 = lattice[2].LengthSquared + e;
        for (int n = 0; n < 27; n++)
        {
            // In three dimensions the shortest vectors have coefficients -1, 0 and 1 in a Minkowski-reduced basis.
            (int X, int Y, int Z) k = (n / 9 - 1, n / 3 % 3 - 1, n % 3 - 1);
            var v = IntegerMatrix.Combine(k, lattice[0], lattice[1], lattice[2]);
            double square = v.LengthSquared;
            if (n == 13 || square > c2)
            {
                continue;
            }

            var entry = new Short(k, v, square);
            third[n3++] = entry;
            if (square <= b2)
            {
                second[n2++] = entry;
            }

            if (square <= a2)
            {
                first[n1++] = entry;
            }
        }

        int count = 0;
        for (int i = 0; i < n1; i++)
        {
            for (int j = 0; j < n2; j++)
            {
                var cross = IntegerMatrix.Cross(first[i].Index, second[j].Index);
                double zeta = 2 * first[i].Vector.Dot(second[j].Vector);
                if (cross == default || !(Math.Abs(zeta) <= first[i].Square + e))
                {
                    continue;
                }

                for (int k = 0; k < n3; k++)
                {
                    if (Math.Abs(IntegerMatrix.Dot(third[k].Index, cross)) == 1
                        && first[i].Vector.Cross(second[j].Vector).Dot(third[k].Vector) > 0
                        && IsReduced(first[i].Square, second[j].Square, third[k].Square, 2 * second[j].Vector.Dot(third[k].Vector), 2 * first[i].Vector.Dot(third[k].Vector), zeta, e)
                        && count < bases.Length)
                    {
                        bases[count++] = new IntegerMatrix(first[i].Index, second[j].Index, third[k].Index);
                    }
                }
            }
        }

        if (count == 0)
        {
            // Rounding in an extremely flat cell: the shortest vectors themselves are the best there is.
            bool right = lattice[0].Cross(lattice[1]).Dot(lattice[2]) > 0;
            bases[count++] = right ? IntegerMatrix.Identity : IntegerMatrix.Diagonal(-1, -1, -1);
        }

        return count;
    }

    /// <summary>Niggli's conditions on A = a·a, B, C, ξ = 2b·c, η = 2a·c, ζ = 2a·b, each comparison within e.</summary>
    private static bool IsReduced(double a, double b, double c, double xi, double eta, double zeta, double e)
    {
        if (a > b + e || b > c + e || Math.Abs(xi) > b + e || Math.Abs(eta) > a + e || Math.Abs(zeta) > a + e)
        {
            return false;
        }

        if ((Near(a, b, e) && Math.Abs(xi) > Math.Abs(eta) + e) || (Near(b, c, e) && Math.Abs(eta) > Math.Abs(zeta) + e))
        {
            return false;
        }

        if (xi > e && eta > e && zeta > e)
        {
            return !(Near(xi, b, e) && zeta > 2 * eta + e) && !(Near(eta, a, e) && zeta > 2 * xi + e) && !(Near(zeta, a, e) && eta > 2 * xi + e);
        }

        if (xi > e || eta > e || zeta > e)
        {
            return false;
        }

        double sum = xi + eta + zeta + a + b;
        return sum >= -e
            && !(Near(xi, -b, e) && Math.Abs(zeta) > e) && !(Near(eta, -a, e) && Math.Abs(zeta) > e) && !(Near(zeta, -a, e) && Math.Abs(eta) > e)
            && !(Math.Abs(sum) <= e && 2 * (a + eta) + zeta > e);
    }

    private static bool Near(double x, double y, double e) => Math.Abs(x - y) <= e;

    private readonly record struct Short((int X, int Y, int Z) Index, Vector3D Vector, double Square);
}
