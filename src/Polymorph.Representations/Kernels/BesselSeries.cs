using System.Collections.Concurrent;
using Polymorph.Representations.LocalDescriptors;

namespace Polymorph.Representations.Kernels;

/// <summary>Chebyshev series of the Bessel radial functions: with t = r²/r_c², s = 2t − 1,
/// √((2l+1)/4π) g_ln(r) / (r/r_c)^l = (1 − t)² Σ_k Value[k] T_k(s), and its derivative by t is (1 − t) Σ_k Slope[k] T_k(s).</summary>
/// <remarks>The left side is an entire function of t with a double zero at t = 1, so the series converges faster than any power.</remarks>
/// <param name="Value">Coefficients of the value; as many as single precision needs.</param>
/// <param name="Slope">Coefficients of the derivative by t.</param>
internal sealed record BesselSeries(double[] Value, double[] Slope)
{
    // Relative to the function's peak; the rounding error of single precision is 6e-8.
    private const double Tolerance = 6e-8;
    private const int Nodes = 36;

    // For r_c = 1; g(r; r_c) = r_c^(−3/2) g(r/r_c; 1).
    private static readonly ConcurrentDictionary<int, BesselSeries[]> OfUnitCutoff = new();

    /// <summary>The series of all functions, l-major.</summary>
    public static BesselSeries[] Fit(int maximumOrder, double cutoffRadius)
    {
        double scale = Math.Pow(cutoffRadius, -1.5);
        return [.. OfUnitCutoff.GetOrAdd(maximumOrder, Fit).Select(s => new BesselSeries([.. s.Value.Select(v => scale * v)], [.. s.Slope.Select(v => scale * v)]))];
    }

    private static BesselSeries[] Fit(int maximumOrder)
    {
        var radial = new BesselRadialFunctions(maximumOrder, 1);
        var (nodes, atNodes) = Sample(radial, maximumOrder);
        var result = new BesselSeries[radial.Count];
        int function = 0;
        for (int l = 0; l <= maximumOrder; l++)
        {
            for (int n = 0; n <= maximumOrder - l; n++, function++)
            {
                result[function] = FitOne(nodes, atNodes[function], l);
            }
        }

        return result;
    }

    private static (double[] T, double[][] H) Sample(BesselRadialFunctions radial, int maximumOrder)
    {
        var nodes = new double[Nodes];
        var values = Enumerable.Range(0, radial.Count).Select(_ => new double[Nodes]).ToArray();
        double[] g = new double[radial.Count], slope = new double[radial.Count];
        for (int i = 0; i < Nodes; i++)
        {
            double t = nodes[i] = 0.5 + 0.5 * Math.Cos(Math.PI * (i + 0.5) / Nodes);
            radial.Evaluate(Math.Sqrt(t), g, slope);
            for (int l = 0, function = 0; l <= maximumOrder; l++)
            {
                double factor = Math.Sqrt((2 * l + 1) / (4 * Math.PI)) * Math.Pow(t, -0.5 * l);
                for (int n = 0; n <= maximumOrder - l; n++, function++)
                {
                    values[function][i] = factor * g[function];
                }
            }
        }

        return (nodes, values);
    }

    private static BesselSeries FitOne(double[] t, double[] h, int l)
    {
        var q = new double[Nodes];
        double peak = 0;
        for (int i = 0; i < Nodes; i++)
        {
            q[i] = h[i] / ((1 - t[i]) * (1 - t[i]));
            peak = Math.Max(peak, Math.Abs(h[i]) * Math.Pow(t[i], 0.5 * l));
        }

        var all = Coefficients(q, Nodes);
        int length = 2;
        while (length < Nodes && Error(all.AsSpan(0, length), t, h, l) > Tolerance * peak)
        {
            length++;
        }

        var value = all[..length];
        var slope = new double[Nodes];
        for (int i = 0; i < Nodes; i++)
        {
            // d/dt [(1 − t)² q] = (1 − t) [−2 q + 2 (1 − t) dq/ds].
            var (sum, derivative) = Chebyshev(value, 2 * t[i] - 1);
            slope[i] = -2 * sum + 2 * (1 - t[i]) * derivative;
        }

        return new(value, Coefficients(slope, length));
    }

    private static double Error(ReadOnlySpan<double> coefficients, double[] t, double[] h, int l)
    {
        double error = 0;
        for (int i = 0; i < t.Length; i++)
        {
            double approximate = (1 - t[i]) * (1 - t[i]) * Chebyshev(coefficients, 2 * t[i] - 1).Value;
            error = Math.Max(error, Math.Abs(approximate - h[i]) * Math.Pow(t[i], 0.5 * l));
        }

        return error;
    }

    private static double[] Coefficients(double[] atNodes, int length)
    {
        var result = new double[length];
        for (int k = 0; k < length; k++)
        {
            for (int i = 0; i < atNodes.Length; i++)
            {
                result[k] += atNodes[i] * Math.Cos(Math.PI * k * (i + 0.5) / atNodes.Length) * (k == 0 ? 1 : 2) / atNodes.Length;
            }
        }

        return result;
    }

    private static (double Value, double Derivative) Chebyshev(ReadOnlySpan<double> coefficients, double s)
    {
        double value = 0, derivative = 0, t0 = 1, t1 = s, d0 = 0, d1 = 1;
        foreach (double c in coefficients)
        {
            value += c * t0;
            derivative += c * d0;
            (t0, t1, d0, d1) = (t1, 2 * s * t1 - t0, d1, 2 * t1 + 2 * s * d1 - d0);
        }

        return (value, derivative);
    }
}
