namespace Polymorph.Energies.TensorNet;

/// <summary>The radial basis g_0, g_1, g_2 of an edge, the cutoff φ, and their slopes; all depend on the distance alone.</summary>
/// <remarks>f_i combines two spherical Bessel functions j_0 so that value and slope vanish at r_c; e_i, D_i orthogonalise them
/// (Kocer, Mason, Erturk 2020, doi 10.1063/1.5111045, for l = 0).</remarks>
internal sealed class RadialFunctions(double cutoff)
{
    /// <summary>Number of radial functions.</summary>
    public const int Count = 3;

    private static readonly double[] Overlap = [.. Enumerable.Range(0, Count).Select(i => (double)i * i * (i + 2) * (i + 2) / (4 * Math.Pow(i + 1, 4) + 1))];
    private static readonly double[] Norm = Norms();

    private readonly double[] _scale = [.. Enumerable.Range(0, Count).Select(i =>
        (i % 2 == 0 ? 1 : -1) * Math.Sqrt(2) * Math.PI / Math.Pow(cutoff, 1.5) * (i + 1) * (i + 2) / Math.Sqrt((double)(i + 1) * (i + 1) + (double)(i + 2) * (i + 2)))];

    /// <summary>r_c, Å.</summary>
    public double Cutoff { get; } = cutoff;

    /// <summary>g(d) and dg/dd. value, slope: [3], overwritten.</summary>
    public void Evaluate(double d, Span<double> value, Span<double> slope)
    {
        for (int i = 0; i < Count; i++)
        {
            double k1 = (i + 1) * Math.PI / Cutoff, k2 = (i + 2) * Math.PI / Cutoff;
            var (f1, s1) = SineOverArgument(k1 * d);
            var (f2, s2) = SineOverArgument(k2 * d);
            double f = _scale[i] * (f1 + f2), df = _scale[i] * (k1 * s1 + k2 * s2);
            double mixed = i == 0 ? 0 : Math.Sqrt(Overlap[i] / Norm[i - 1]);
            value[i] = (f + (i == 0 ? 0 : mixed * value[i - 1])) / Math.Sqrt(Norm[i]);
            slope[i] = (df + (i == 0 ? 0 : mixed * slope[i - 1])) / Math.Sqrt(Norm[i]);
        }
    }

    /// <summary>φ(d) = ½ (cos(π d/r_c) + 1) and dφ/dd.</summary>
    public (double Value, double Slope) Envelope(double d)
    {
        var (sine, cosine) = Math.SinCos(Math.PI * d / Cutoff);
        return (0.5 * (cosine + 1), -0.5 * Math.PI / Cutoff * sine);
    }

    // x is at least π/r_c times the shortest distance allowed, so nothing cancels badly.
    private static (double Value, double Slope) SineOverArgument(double x)
    {
        var (sine, cosine) = Math.SinCos(x);
        return (sine / x, (cosine - sine / x) / x);
    }

    private static double[] Norms()
    {
        var norm = new double[Count];
        norm[0] = 1;
        for (int i = 1; i < Count; i++)
        {
            norm[i] = 1 - Overlap[i] / norm[i - 1];
        }

        return norm;
    }
}
