namespace Polymorph.Representations.LocalDescriptors;

/// <summary>Positive roots of the spherical Bessel functions, relative accuracy 1e-14.</summary>
/// <remarks>The roots of j_0 are π(n + 1), and between two neighbouring roots of j_l lies exactly one root of j_(l+1)
/// (interlacing, DLMF 10.21(i)); so each order brackets the next.</remarks>
public static class SphericalBesselRoots
{
    /// <summary>The first roots of j_0 … j_l.</summary>
    /// <param name="maximumOrder">Largest l, not negative.</param>
    /// <param name="count">Number of roots of the largest order, at least 1.</param>
    /// <returns>[l][n]; order l has count + maximumOrder − l roots, ascending.</returns>
    public static double[][] Table(int maximumOrder, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maximumOrder);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var table = new double[maximumOrder + 1][];
        table[0] = [.. Enumerable.Range(1, count + maximumOrder).Select(n => n * Math.PI)];
        for (int l = 1; l <= maximumOrder; l++)
        {
            var bracket = table[l - 1];
            table[l] = new double[bracket.Length - 1];
            for (int n = 0; n < table[l].Length; n++)
            {
                table[l][n] = Root(l, bracket[n], bracket[n + 1]);
            }
        }

        return table;
    }

    private static double Root(int l, double low, double high)
    {
        double signAtLow = Math.Sign(SphericalBessel.Value(l, low));
        double x = 0.5 * (low + high);
        for (int step = 0; step < 100; step++)
        {
            double value = SphericalBessel.Value(l, x);
            (low, high) = Math.Sign(value) == signAtLow ? (x, high) : (low, x);
            double next = x - value / SphericalBessel.Derivative(l, x);
            if (!(next > low && next < high))
            {
                next = 0.5 * (low + high);
            }

            if (Math.Abs(next - x) <= 1e-15 * x)
            {
                return next;
            }

            x = next;
        }

        return x;
    }
}
