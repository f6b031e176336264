namespace Polymorph.Representations.LocalDescriptors;

/// <summary>Orthonormal radial functions from pairs of spherical Bessel functions; ∫ g_ln g_lm r² dr over [0, r_c] = δ_nm, and value and slope vanish at r_c.</summary>
/// <remarks>Source: Kocer, Mason, Erturk, AIP Adv. 10 (2020), doi 10.1063/1.5111045. The derivation is in docs/methods/descriptors.md.</remarks>
public sealed class BesselRadialFunctions : IRadialFunctions
{
    private readonly int _maximumOrder;
    private readonly double _cutoff;
    private readonly double[][] _roots;
    private readonly double[][] _first;
    private readonly double[][] _second;

    /// <summary>The functions with l + n ≤ n_max.</summary>
    /// <param name="maximumOrder">n_max, not negative.</param>
    /// <param name="cutoffRadius">r_c, Å, positive.</param>
    public BesselRadialFunctions(int maximumOrder, double cutoffRadius)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maximumOrder);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(cutoffRadius);
        (_maximumOrder, _cutoff) = (maximumOrder, cutoffRadius);
        _roots = SphericalBesselRoots.Table(maximumOrder, 2);
        _first = new double[maximumOrder + 1][];
        _second = new double[maximumOrder + 1][];
        for (int l = 0; l <= maximumOrder; l++)
        {
            int functions = maximumOrder - l + 1;
            var u = _roots[l];
            (_first[l], _second[l]) = (new double[functions], new double[functions]);
            for (int n = 0; n < functions; n++)
            {
                double scale = Math.Sqrt(2 / (u[n] * u[n] + u[n + 1] * u[n + 1]));
                _first[l][n] = scale * u[n + 1] / SphericalBessel.Value(l + 1, u[n]);
                _second[l][n] = scale * u[n] / SphericalBessel.Value(l + 1, u[n + 1]);
            }
        }
    }

    /// <inheritdoc/>
    public int Count => (_maximumOrder + 1) * (_maximumOrder + 2) / 2;

    /// <inheritdoc/>
    public void Evaluate(double r, Span<double> values, Span<double> derivatives)
    {
        values.Clear();
        derivatives.Clear();
        if (r >= _cutoff)
        {
            return;
        }

        double x = r / _cutoff, scale = Math.Pow(_cutoff, -1.5);
        for (int l = 0, offset = 0; l <= _maximumOrder; offset += _maximumOrder - l + 1, l++)
        {
            double[] u = _roots[l];
            double lastOverlap = 1;
            for (int n = 0; n <= _maximumOrder - l; n++)
            {
                double g = scale * (_first[l][n] * SphericalBessel.Value(l, u[n] * x) - _second[l][n] * SphericalBessel.Value(l, u[n + 1] * x));
                double slope = scale / _cutoff * (_first[l][n] * u[n] * SphericalBessel.Derivative(l, u[n] * x) - _second[l][n] * u[n + 1] * SphericalBessel.Derivative(l, u[n + 1] * x));
                if (n > 0)
                {
                    // Gram–Schmidt in closed form: only neighbours in n overlap, by −√e.
                    double a = u[n - 1] * u[n - 1], b = u[n] * u[n], c = u[n + 1] * u[n + 1];
                    double e = a * c / ((a + b) * (b + c)), d = 1 - e / lastOverlap;
                    double mix = Math.Sqrt(e / lastOverlap), norm = 1 / Math.Sqrt(d);
                    g = norm * (g + mix * values[offset + n - 1]);
                    slope = norm * (slope + mix * derivatives[offset + n - 1]);
                    lastOverlap = d;
                }

                values[offset + n] = g;
                derivatives[offset + n] = slope;
            }
        }
    }
}
