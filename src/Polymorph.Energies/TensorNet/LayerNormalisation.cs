using Polymorph.Learning.PortableTensors;

namespace Polymorph.Energies.TensorNet;

/// <summary>y = w ⊙ (x − mean) / √(variance + ε) + b over rows of a fixed width; population variance.</summary>
internal sealed class LayerNormalisation
{
    private readonly double _epsilon;

    /// <summary>The layer of a weight file.</summary>
    public LayerNormalisation(PortableTensorFile file, string name, int width, double epsilon)
    {
        _epsilon = epsilon;
        Weight = file.Values($"{name}.weight", width);
        Bias = file.Values($"{name}.bias", width);
    }

    /// <summary>w, [width].</summary>
    public float[] Weight { get; }

    /// <summary>b, [width].</summary>
    public float[] Bias { get; }

    /// <summary>ε.</summary>
    public float Epsilon => (float)_epsilon;

    private int Width => Weight.Length;

    /// <summary>y of every row of x, [rows × width], with 1/√(variance + ε) of every row and the normalised x̂ before weight and bias.</summary>
    public (double[] Y, double[] Normal, double[] Scale) Apply(ReadOnlySpan<double> x)
    {
        int rows = x.Length / Width;
        var (y, normal, scale) = (new double[x.Length], new double[x.Length], new double[rows]);
        for (int row = 0; row < rows; row++)
        {
            var values = x.Slice(row * Width, Width);
            double mean = 0, variance = 0;
            foreach (double v in values)
            {
                mean += v / Width;
            }

            foreach (double v in values)
            {
                variance += (v - mean) * (v - mean) / Width;
            }

            scale[row] = 1 / Math.Sqrt(variance + _epsilon);
            for (int i = 0; i < Width; i++)
            {
                normal[row * Width + i] = (values[i] - mean) * scale[row];
                y[row * Width + i] = normal[row * Width + i] * Weight[i] + Bias[i];
            }
        }

        return (y, normal, scale);
    }

    /// <summary>∂E/∂x = scale · (h − mean(h) − x̂ mean(h x̂)) with h = w ⊙ ∂E/∂y.</summary>
    public double[] Reverse(ReadOnlySpan<double> g, ReadOnlySpan<double> normal, ReadOnlySpan<double> scale)
    {
        var result = new double[g.Length];
        for (int row = 0; row < scale.Length; row++)
        {
            double mean = 0, along = 0;
            for (int i = 0, at = row * Width; i < Width; i++, at++)
            {
                mean += g[at] * Weight[i] / Width;
                along += g[at] * Weight[i] * normal[at] / Width;
            }

            for (int i = 0, at = row * Width; i < Width; i++, at++)
            {
                result[at] = scale[row] * (g[at] * Weight[i] - mean - normal[at] * along);
            }
        }

        return result;
    }
}
