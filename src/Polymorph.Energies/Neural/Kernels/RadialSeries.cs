using Polymorph.Representations.LocalDescriptors;

namespace Polymorph.Energies.Neural.Kernels;

/// <summary>Chebyshev series of the radial functions of one shell: with t = r²/r_c², s = 2t − 1,
/// √((2l+1)/4π) g_ln(r) / (r/R)^l = (1 − t)² Σ_k Value[k] T_k(s), and its derivative by r²/R² is (1 − t) Σ_k Slope[k] T_k(s), where R is the largest cutoff of the potential.</summary>
/// <remarks>Why these series converge fast: docs/methods/descriptors.md, "The fast version".</remarks>
internal sealed class RadialSeries
{
    private const int Nodes = 64;

    // Relative to a function's peak. Chebyshev coefficients below it are rounding noise of the fit.
    private const double Tolerance = 1e-12;

    private RadialSeries(double cutoffRadius, (int L, int N)[] functions, double[][] value, double[][] slope) =>
        (CutoffRadius, Functions, Value, Slope) = (cutoffRadius, functions, value, slope);

    /// <summary>r_c, Å.</summary>
    public double CutoffRadius { get; }

    /// <summary>l and n of each function.</summary>
    public (int L, int N)[] Functions { get; }

    /// <summary>Coefficients, [functions][terms].</summary>
    public double[][] Value { get; }

    /// <summary>Coefficients of the derivative, [functions][terms].</summary>
    public double[][] Slope { get; }

    /// <summary>Terms of the longest series.</summary>
    public int Terms => Value.Max(v => v.Length);

    /// <summary>The series of a shell: l + n ≤ n_max, l-major, then further functions with l = 0.</summary>
    /// <param name="shell">The shell.</param>
    /// <param name="further">Number of further functions with l = 0.</param>
    /// <param name="largestCutoff">R, Å.</param>
    /// <param name="weight">Weight of a neighbour by its squared distance, Å²; multiplies every function.</param>
    public static RadialSeries Fit(NeuralShell shell, int further, double largestCutoff, Func<double, double> weight)
    {
        int order = shell.MaximumOrder;
        var functions = new List<(int L, int N)>();
        for (int l = 0; l <= order; l++)
        {
            functions.AddRange(Enumerable.Range(0, order - l + 1).Select(n => (l, n)));
        }

        functions.AddRange(Enumerable.Range(order + 1, further).Select(n => (0, n)));
        var basis = new BesselRadialFunctions(order + further, shell.CutoffRadius);
        double[] t = [.. Enumerable.Range(0, Nodes).Select(i => 0.5 + 0.5 * Math.Cos(Math.PI * (i + 0.5) / Nodes))];
        var samples = t.Select(node =>
        {
            double[] g = new double[basis.Count], derivative = new double[basis.Count];
            basis.Evaluate(Math.Sqrt(node) * shell.CutoffRadius, g, derivative);
            return g;
        }).ToArray();
        double ratio = largestCutoff / shell.CutoffRadius;
        var values = new double[functions.Count][];
        var slopes = new double[functions.Count][];
        for (int f = 0; f < values.Length; f++)
        {
            var (l, n) = functions[f];
            int column = l * (order + further + 1) - l * (l - 1) / 2 + n;
            double factor = Math.Sqrt((2 * l + 1) / (4 * Math.PI)) * Math.Pow(ratio, l);
            double[] q = [.. t.Select((node, i) => factor * weight(node * shell.CutoffRadius * shell.CutoffRadius) * samples[i][column] * Math.Pow(node, -0.5 * l) / ((1 - node) * (1 - node)))];
            values[f] = Trim(Coefficients(q, Nodes));
            slopes[f] = Derivative(values[f], t, ratio * ratio);
        }

        return new(shell.CutoffRadius, [.. functions], values, slopes);
    }

    // d/dt [(1 − t)² q] = (1 − t) [−2 q + 2 (1 − t) dq/ds]: a polynomial of the same degree, so its coefficients are exact.
    private static double[] Derivative(double[] value, double[] t, double scale) => Coefficients(
        [.. t.Select(node =>
        {
            var (sum, derivative) = Chebyshev(value, 2 * node - 1);
            return scale * (-2 * sum + 2 * (1 - node) * derivative);
        })], value.Length);

    private static double[] Trim(double[] coefficients)
    {
        double largest = coefficients.Max(Math.Abs);
        int length = coefficients.Length;
        while (length > 2 && Math.Abs(coefficients[length - 1]) < Tolerance * largest)
        {
            length--;
        }

        return coefficients[..length];
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
