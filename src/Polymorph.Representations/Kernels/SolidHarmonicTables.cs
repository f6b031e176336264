namespace Polymorph.Representations.Kernels;

/// <summary>Constants of the real solid harmonics S_lm in the scaling that makes their recurrences cheapest; entry l² + k holds
/// k = 0 for m = 0, 2m − 1 for Re and 2m for Im of (x + iy)^m.</summary>
/// <remarks>S_mm = (x + iy)^m and S_lm = z S_(l−1)m − b_lm r² S_(l−2)m. Derivation and the gradient formulas: docs/methods/descriptors.md.</remarks>
internal sealed class SolidHarmonicTables
{
    public SolidHarmonicTables(int maximumOrder)
    {
        int size = (maximumOrder + 1) * (maximumOrder + 1);
        (Recurrence, Weight, Along, Up, Down) = (new double[size], new double[size], new double[size], new double[size], new double[size]);
        for (int l = 0; l <= maximumOrder; l++)
        {
            for (int k = 0; k <= 2 * l; k++)
            {
                int m = (k + 1) / 2, index = l * l + k;
                Recurrence[index] = l < 2 ? 0 : (double)((l - 1) * (l - 1) - m * m) / ((2 * l - 1) * (2 * l - 3));
                double leading = Leading(l, m);
                Weight[index] = (m == 0 ? 1 : 2) * leading * leading * Factorial(l - m) / Factorial(l + m);
                Along[index] = l == 0 ? 0 : (double)(l * l - m * m) / (2 * l - 1);
                Up[index] = m + 1 <= l - 1 ? 0.5 * Scale(l, m) / Scale(l - 1, m + 1) : 0;
                Down[index] = m >= 1 ? 0.5 * Scale(l, m) / Scale(l - 1, m - 1) : 0;
            }
        }
    }

    /// <summary>b_lm of the recurrence.</summary>
    public double[] Recurrence { get; }

    /// <summary>Weights with sum over m of Weight·S_lm(a)·S_lm(b) = |a|^l |b|^l P_l(cos).</summary>
    public double[] Weight { get; }

    /// <summary>∂S_lm/∂z = Along · S_(l−1)m.</summary>
    public double[] Along { get; }

    /// <summary>Share of S_(l−1)(m+1) in ∂S_lm/∂x and ∂S_lm/∂y (twice that for m = 0).</summary>
    public double[] Up { get; }

    /// <summary>Share of S_(l−1)(m−1) in ∂S_lm/∂x and ∂S_lm/∂y.</summary>
    public double[] Down { get; }

    // P_l^m without (1 − x²)^(m/2) is Leading times the polynomial of the recurrence.
    private static double Leading(int l, int m)
    {
        double value = 1;
        for (int k = 1; k <= m; k++)
        {
            value *= 2 * k - 1;
        }

        for (int k = m + 1; k <= l; k++)
        {
            value *= (2.0 * k - 1) / (k - m);
        }

        return value;
    }

    // In the scaling S / Scale every Cartesian derivative of a solid harmonic is a sum of two others with factor ±1/2.
    private static double Scale(int l, int m) => Factorial(l + m) / Leading(l, m);

    private static double Factorial(int n)
    {
        double value = 1;
        for (int k = 2; k <= n; k++)
        {
            value *= k;
        }

        return value;
    }
}
