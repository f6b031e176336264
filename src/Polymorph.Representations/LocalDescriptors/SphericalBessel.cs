namespace Polymorph.Representations.LocalDescriptors;

/// <summary>Spherical Bessel functions of the first kind, j_l(x), in double precision.</summary>
/// <remarks>Recurrences and power series: NIST Digital Library of Mathematical Functions, 10.51.1 and 10.53.1.</remarks>
internal static class SphericalBessel
{
    /// <summary>j_l(x) for x ≥ 0.</summary>
    public static double Value(int l, double x)
    {
        if (x < l + 1)
        {
            return Series(l, x);
        }

        // Upward recurrence is stable only for x > l; below, the series has no cancellation to speak of.
        double previous = Math.Sin(x) / x;
        if (l == 0)
        {
            return previous;
        }

        double current = (previous - Math.Cos(x)) / x;
        for (int k = 1; k < l; k++)
        {
            (previous, current) = (current, (2 * k + 1) / x * current - previous);
        }

        return current;
    }

    /// <summary>dj_l/dx, without a division by x.</summary>
    public static double Derivative(int l, double x) =>
        l == 0 ? -Value(1, x) : (l * Value(l - 1, x) - (l + 1) * Value(l + 1, x)) / (2 * l + 1);

    private static double Series(int l, double x)
    {
        double term = 1;
        for (int k = 1; k <= l; k++)
        {
            term *= x / (2 * k + 1);
        }

        double sum = term, y = -0.5 * x * x;
        for (int k = 1; Math.Abs(term) > 1e-18 * Math.Abs(sum); k++)
        {
            term *= y / (k * (2 * (l + k) + 1));
            sum += term;
        }

        return sum;
    }
}
