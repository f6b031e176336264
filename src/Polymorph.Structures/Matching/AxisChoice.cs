using Polymorph.Structures.Cells;

namespace Polymorph.Structures.Matching;

/// <summary>Chooses one of several bases of equal shape by the atoms, so that the choice does not depend on how the crystal was described.</summary>
/// <remarks>The intensities of a few reflections without symmetry of their own are summed with unequal weights: they do not change with the origin, the
/// order of the atoms or an inversion, and differ between two bases unless an operation of the crystal maps one on the other.</remarks>
internal static class AxisChoice
{
    // Remainders modulo 2, 3 and 4 that tell all axes and signs apart, because atoms like to sit on such fractions.
    private static readonly (int H, int K, int L, double Weight)[] Reflections = [(1, 2, 3, 1), (2, 1, 4, 0.7548776662), (1, 2, 4, 0.5698402910), (3, -1, 2, 0.4301597090)];

    /// <summary>Index of the basis with the largest sum.</summary>
    /// <param name="sites">The sites in the basis given.</param>
    /// <param name="bases">The bases, as combinations of the basis given; determinant 1.</param>
    public static int Of(ReducedSites sites, ReadOnlySpan<IntegerMatrix> bases)
    {
        int count = sites.Count, highest = Highest(bases);
        var powers = Powers(sites, highest);
        double best = -1;
        int chosen = 0;
        for (int k = 0; k < bases.Length; k++)
        {
            var inverse = bases[k].Adjugate;
            double sum = 0;
            foreach (var (h, j, l, weight) in Reflections)
            {
                var (x, y, z) = (inverse.A.X * h + inverse.A.Y * j + inverse.A.Z * l, inverse.B.X * h + inverse.B.Y * j + inverse.B.Z * l, inverse.C.X * h + inverse.C.Y * j + inverse.C.Z * l);
                sum += weight * Intensity(sites, powers, (x, y, z), highest);
            }

            // Equal up to rounding: the crystal's own symmetry, and any of them will do.
            if (sum > best * (1 + 1e-9))
            {
                (best, chosen) = (sum, k);
            }
        }

        return chosen;
    }

    private static int Highest(ReadOnlySpan<IntegerMatrix> bases)
    {
        int highest = 0;
        foreach (var b in bases)
        {
            var m = b.Adjugate;
            highest = Math.Max(highest, Math.Max(Reach(m.A), Math.Max(Reach(m.B), Reach(m.C))));
        }

        return highest;

        static int Reach((int X, int Y, int Z) row) => 3 * Math.Abs(row.X) + 2 * Math.Abs(row.Y) + 4 * Math.Abs(row.Z);
    }

    /// <summary>exp(2πi p f) for each site, axis and p = 0 .. highest; [axis × p × site × 2].</summary>
    private static double[] Powers(ReducedSites sites, int highest)
    {
        int n = sites.Count;
        var table = new double[3 * (highest + 1) * n * 2];
        for (int axis = 0; axis < 3; axis++)
        {
            var f = axis == 0 ? sites.X : axis == 1 ? sites.Y : sites.Z;
            int row = axis * (highest + 1) * n * 2;
            for (int i = 0; i < n; i++)
            {
                var (sin, cos) = Math.SinCos(2 * Math.PI * f[i]);
                double re = 1, im = 0;
                for (int p = 0; p <= highest; p++)
                {
                    int at = row + (p * n + i) * 2;
                    (table[at], table[at + 1]) = (re, im);
                    (re, im) = (re * cos - im * sin, re * sin + im * cos);
                }
            }
        }

        return table;
    }

    private static double Intensity(ReducedSites sites, double[] powers, (int X, int Y, int Z) h, int highest)
    {
        int n = sites.Count, axis = (highest + 1) * n * 2;
        int atX = Math.Abs(h.X) * n * 2, atY = axis + Math.Abs(h.Y) * n * 2, atZ = 2 * axis + Math.Abs(h.Z) * n * 2;
        double signX = h.X < 0 ? -1 : 1, signY = h.Y < 0 ? -1 : 1, signZ = h.Z < 0 ? -1 : 1, real = 0, imaginary = 0;
        foreach (var block in sites.Blocks)
        {
            double blockReal = 0, blockImaginary = 0;
            for (int i = 2 * block.Start; i < 2 * block.End; i += 2)
            {
                double xr = powers[atX + i], xi = signX * powers[atX + i + 1], yr = powers[atY + i], yi = signY * powers[atY + i + 1], zr = powers[atZ + i], zi = signZ * powers[atZ + i + 1];
                double r = xr * yr - xi * yi, m = xr * yi + xi * yr;
                blockReal += r * zr - m * zi;
                blockImaginary += r * zi + m * zr;
            }

            real += block.Element.Number * blockReal;
            imaginary += block.Element.Number * blockImaginary;
        }

        return real * real + imaginary * imaginary;
    }
}
