namespace Polymorph.Energies.TensorNet;

/// <summary>The smooth step σ(x) = 1/(1 + e⁻ˣ), the activation SiLU(x) = x σ(x), and their slopes.</summary>
internal static class Activation
{
    /// <summary>σ(x).</summary>
    public static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    /// <summary>x σ(x).</summary>
    public static double SiLU(double x) => x * Sigmoid(x);

    /// <summary>The slope of SiLU: σ (1 + x (1 − σ)).</summary>
    public static double SiLUSlope(double x)
    {
        double s = Sigmoid(x);
        return s * (1 + x * (1 - s));
    }

    /// <summary>SiLU of every number.</summary>
    public static double[] SiLU(double[] x) => Array.ConvertAll(x, SiLU);

    /// <summary>g ⊙ SiLU'(x): the way back (and, for a tangent g, the way forward).</summary>
    public static double[] TimesSiLUSlope(double[] g, double[] x)
    {
        var result = new double[g.Length];
        for (int i = 0; i < g.Length; i++)
        {
            result[i] = g[i] * SiLUSlope(x[i]);
        }

        return result;
    }
}
