namespace Polymorph.Learning;

/// <summary>The definition of <see cref="DenseNetwork"/> in double precision and plain loops: what the kernels are tested against.</summary>
public sealed class DenseNetworkReference
{
    private readonly DenseShape _shape;

    /// <summary>A network with all parameters zero.</summary>
    /// <param name="shape">Widths and activations.</param>
    public DenseNetworkReference(DenseShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        _shape = shape;
        Parameters = Zeros();
    }

    /// <summary>W1, b1, W2, b2, ...; weights row-major [inputs × outputs].</summary>
    public double[][] Parameters { get; }

    /// <summary>Arrays of the shapes of <see cref="Parameters"/>, all zero.</summary>
    public double[][] Zeros() => [.. Enumerable.Range(0, _shape.Layers).SelectMany(l => new[] { new double[_shape.Widths[l] * _shape.Widths[l + 1]], new double[_shape.Widths[l + 1]] })];

    /// <summary>Output of one row, after the sigmoid where the shape has one.</summary>
    /// <param name="x">[inputs].</param>
    public double[] Forward(double[] x) => Layers(x)[^1];

    /// <summary>Adds the gradient of sum(seed * output before a sigmoid) of one row to <paramref name="gradient"/>.</summary>
    /// <param name="x">[inputs].</param>
    /// <param name="seed">[outputs].</param>
    /// <param name="gradient">In the layout of <see cref="Parameters"/>; null when only the input gradient is wanted.</param>
    /// <returns>The gradient with respect to the input, [inputs].</returns>
    public double[] Backward(double[] x, double[] seed, double[][]? gradient)
    {
        var h = Layers(x);
        var u = Adjoint(h, seed);
        for (int layer = 0; gradient is not null && layer < _shape.Layers; layer++)
        {
            AddOuter(layer == 0 ? x : h[layer - 1], u[layer], gradient[2 * layer]);
            for (int j = 0; j < u[layer].Length; j++)
            {
                gradient[2 * layer + 1][j] += u[layer][j];
            }
        }

        return TransposedProduct(0, u[0]);
    }

    /// <summary>Adds the gradient of (|dC/dx| - 1)² / rows of one row, C being the sum of the outputs, to <paramref name="gradient"/>.</summary>
    /// <param name="x">[inputs].</param>
    /// <param name="rows">Number of rows of the mean.</param>
    /// <param name="gradient">In the layout of <see cref="Parameters"/>.</param>
    /// <returns>The norm |dC/dx|.</returns>
    public double AddPenaltyGradient(double[] x, int rows, double[][] gradient)
    {
        var h = Layers(x);
        var seed = new double[_shape.Widths[^1]];
        Array.Fill(seed, 1);
        var u = Adjoint(h, seed);
        double[] r = TransposedProduct(0, u[0]);
        double norm = Math.Sqrt(r.Sum(v => v * v));
        double factor = norm > 0 ? 2.0 / rows * (1 - 1 / norm) : 0;
        r = [.. r.Select(v => factor * v)];
        for (int layer = 0; layer < _shape.Layers; layer++)
        {
            AddOuter(r, u[layer], gradient[2 * layer]);
            var next = new double[_shape.Widths[layer + 1]];
            for (int i = 0; i < r.Length; i++)
            {
                for (int j = 0; j < next.Length; j++)
                {
                    next[j] += r[i] * Parameters[2 * layer][i * next.Length + j];
                }
            }

            r = layer < _shape.Layers - 1 ? [.. next.Select((v, j) => v * Slope(h[layer][j]))] : next;
        }

        return norm;
    }

    /// <summary>One RMSProp step: v = decay v + (1 - decay) g²; p -= rate g / sqrt(v + epsilon).</summary>
    /// <param name="gradient">In the layout of <see cref="Parameters"/>.</param>
    /// <param name="square">v, likewise; updated.</param>
    /// <param name="rate">Learning rate.</param>
    /// <param name="decay">Decay of v.</param>
    /// <param name="epsilon">Inside the root.</param>
    public void RmsPropStep(double[][] gradient, double[][] square, double rate, double decay = 0.9, double epsilon = 1e-8)
    {
        for (int k = 0; k < Parameters.Length; k++)
        {
            for (int i = 0; i < Parameters[k].Length; i++)
            {
                square[k][i] = decay * square[k][i] + (1 - decay) * gradient[k][i] * gradient[k][i];
                Parameters[k][i] -= rate * gradient[k][i] / Math.Sqrt(square[k][i] + epsilon);
            }
        }
    }

    private double[][] Layers(double[] x)
    {
        var h = new double[_shape.Layers][];
        for (int layer = 0; layer < _shape.Layers; layer++)
        {
            double[] from = layer == 0 ? x : h[layer - 1], z = [.. Parameters[2 * layer + 1]];
            for (int i = 0; i < from.Length; i++)
            {
                for (int j = 0; j < z.Length; j++)
                {
                    z[j] += from[i] * Parameters[2 * layer][i * z.Length + j];
                }
            }

            h[layer] = layer < _shape.Layers - 1 ? [.. z.Select(v => v * Slope(v))]
                : _shape.SigmoidOutput ? [.. z.Select(v => 1 / (1 + Math.Exp(-v)))] : z;
        }

        return h;
    }

    private double[][] Adjoint(double[][] h, double[] seed)
    {
        var u = new double[_shape.Layers][];
        u[^1] = seed;
        for (int layer = _shape.Layers - 2; layer >= 0; layer--)
        {
            u[layer] = [.. TransposedProduct(layer + 1, u[layer + 1]).Select((v, i) => v * Slope(h[layer][i]))];
        }

        return u;
    }

    private double[] TransposedProduct(int layer, double[] u)
    {
        var result = new double[_shape.Widths[layer]];
        for (int i = 0; i < result.Length; i++)
        {
            for (int j = 0; j < u.Length; j++)
            {
                result[i] += u[j] * Parameters[2 * layer][i * u.Length + j];
            }
        }

        return result;
    }

    private double Slope(double activation) => activation >= 0 ? 1 : _shape.Slope;

    private static void AddOuter(double[] x, double[] u, double[] result)
    {
        for (int i = 0; i < x.Length; i++)
        {
            for (int j = 0; j < u.Length; j++)
            {
                result[i * u.Length + j] += x[i] * u[j];
            }
        }
    }
}
