using Polymorph.Energies.Kernels;
using Polymorph.Learning.PortableTensors;

namespace Polymorph.Energies.TensorNet;

/// <summary>y = W x + b on rows of numbers, in double precision.</summary>
internal sealed class AffineMap
{
    private readonly double[] _weight;
    private readonly double[] _transposed;
    private readonly double[] _bias;

    /// <summary>The layer of a weight file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="name">Name of the layer; its tensors are <c>name.weight</c> and, unless it is a channel mixing, <c>name.bias</c>.</param>
    /// <param name="inputs">Length of x.</param>
    /// <param name="outputs">Length of y.</param>
    /// <param name="hasBias">False for a channel mixing.</param>
    public AffineMap(PortableTensorFile file, string name, int inputs, int outputs, bool hasBias = true)
    {
        (Inputs, Outputs) = (inputs, outputs);
        Weight = file.Values($"{name}.weight", outputs, inputs);
        Bias = hasBias ? file.Values($"{name}.bias", outputs) : new float[outputs];
        _weight = Array.ConvertAll(Weight, w => (double)w);
        _bias = Array.ConvertAll(Bias, b => (double)b);
        _transposed = new double[_weight.Length];
        for (int i = 0; i < outputs; i++)
        {
            for (int j = 0; j < inputs; j++)
            {
                _transposed[j * outputs + i] = _weight[i * inputs + j];
            }
        }
    }

    /// <summary>Length of x.</summary>
    public int Inputs { get; }

    /// <summary>Length of y.</summary>
    public int Outputs { get; }

    /// <summary>W, [outputs × inputs].</summary>
    public float[] Weight { get; }

    /// <summary>b, [outputs]; zeros for a channel mixing.</summary>
    public float[] Bias { get; }

    /// <summary>y = W x + b. x: [rows × inputs]; result: [rows × outputs].</summary>
    public double[] Apply(ReadOnlySpan<double> x)
    {
        int rows = x.Length / Inputs;
        var y = new double[rows * Outputs];
        for (int row = 0; row < rows; row++)
        {
            _bias.CopyTo(y.AsSpan(row * Outputs));
        }

        DoubleProduct.Add(x, _transposed, y, rows, Inputs, Outputs);
        return y;
    }

    /// <summary>The linear part alone, W x: what happens to a tangent. x: [rows × inputs]; result: [rows × outputs].</summary>
    public double[] ApplyLinear(ReadOnlySpan<double> x)
    {
        int rows = x.Length / Inputs;
        var y = new double[rows * Outputs];
        DoubleProduct.Add(x, _transposed, y, rows, Inputs, Outputs);
        return y;
    }

    /// <summary>Wᵀ g: what happens to an adjoint. g: [rows × outputs]; result: [rows × inputs].</summary>
    public double[] ApplyTranspose(ReadOnlySpan<double> g)
    {
        int rows = g.Length / Outputs;
        var x = new double[rows * Inputs];
        DoubleProduct.Add(g, _weight, x, rows, Outputs, Inputs);
        return x;
    }
}
