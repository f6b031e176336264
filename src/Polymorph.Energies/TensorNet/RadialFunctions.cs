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
        double k = Math.PI / Cutoff;
        var (sine, cosine) = Math.SinCos(k * d);
        var first = SineOverDistance(k, d, sine, cosine);
        double s = sine, c = cosine;
        for (int i = 0; i < Count; i++)
        {
            // sin and cos of the next multiple of k d.
            (s, c) = (s * cosine + c * sine, c * cosine - s * sine);
            var second = SineOverDistance((i + 2) * k, d, s, c);
            double mixed = i == 0 ? 0 : Math.Sqrt(Overlap[i] / Norm[i - 1]), norm = 1 / Math.Sqrt(Norm[i]);
            value[i] = (_scale[i] * (first.Value + second.Value) + (i == 0 ? 0 : mixed * value[i - 1])) * norm;
            slope[i] = (_scale[i] * (first.Slope + second.Slope) + (i == 0 ? 0 : mixed * slope[i - 1])) * norm;
            first = second;
        }
    }

    /// <summary>φ(d) = ½ (cos(π d/r_c) + 1) and dφ/dd.</summary>
    public (double Value, double Slope) Envelope(double d)
    {
        var (sine, cosine) = Math.SinCos(Math.PI * d / Cutoff);
        return (0.5 * (cosine + 1), -0.5 * Math.PI / Cutoff * sine);
    }

    /// <summary>sin(k d)/(k d) and its slope by d; k d is at least π/r_c times the shortest distance allowed, so nothing cancels badly.</summary>
    private static (double Value, double Slope) SineOverDistance(double k, double d, double sine, double cosine)
    {
        double value = sine / (k * d);
        return (value, (cosine - value) / d);
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
