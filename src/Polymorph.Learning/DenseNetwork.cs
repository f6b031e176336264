using Polymorph.Learning.Kernels;

namespace Polymorph.Learning;

/// <summary>A network of dense layers in single precision with hand-derived passes.</summary>
/// <remarks>Derivations: <c>docs/methods/logan.md</c>. At exactly 0 the rectifier has slope 1.
/// No pass allocates. Not thread-safe: a network and its workspaces belong to one thread at a time.</remarks>
public sealed class DenseNetwork
{
    private readonly DenseKernels _kernels;
    private readonly AlignedMatrix[] _weights;
    private readonly AlignedMatrix[] _transposed;
    private readonly AlignedMatrix[] _biases;
    private readonly AlignedMatrix[] _weightGradients;
    private readonly AlignedMatrix[] _biasGradients;

    /// <summary>A network with all parameters zero.</summary>
    /// <param name="shape">Widths and activations.</param>
    /// <param name="width">Instruction set; by default the widest of this machine. The choice never changes a bit.</param>
    public DenseNetwork(DenseShape shape, VectorWidth? width = null)
    {
        ArgumentNullException.ThrowIfNull(shape);
        Shape = shape;
        _kernels = new DenseKernels(width ?? VectorWidths.Best);
        (int, int)[] shapes = [.. Enumerable.Range(0, shape.Layers).SelectMany(l => new[] { (shape.Widths[l], shape.Widths[l + 1]), (1, shape.Widths[l + 1]) })];
        (Parameters, var values) = AlignedMatrix.Together(shapes);
        (Gradients, var gradients) = AlignedMatrix.Together(shapes);
        (_weights, _biases) = Split(values);
        (_weightGradients, _biasGradients) = Split(gradients);
        _transposed = [.. _weights.Select(w => new AlignedMatrix(w.Columns, w.Rows))];
    }

    /// <summary>Widths and activations.</summary>
    public DenseShape Shape { get; }

    /// <summary>All weights and biases with their padding as one row: W1, b1, W2, b2, ...</summary>
    /// <remarks>Call <see cref="ParametersChanged"/> after writing to them.</remarks>
    public AlignedMatrix Parameters { get; }

    /// <summary>The gradients of the last pass, in the layout of <see cref="Parameters"/>.</summary>
    public AlignedMatrix Gradients { get; }

    /// <summary>Weights of a layer, [inputs × outputs].</summary>
    /// <param name="layer">Zero-based layer.</param>
    public AlignedMatrix Weights(int layer) => _weights[layer];

    /// <summary>Biases of a layer, [1 × outputs].</summary>
    /// <param name="layer">Zero-based layer.</param>
    public AlignedMatrix Biases(int layer) => _biases[layer];

    /// <summary>Gradient of the weights of a layer, [inputs × outputs].</summary>
    /// <param name="layer">Zero-based layer.</param>
    public AlignedMatrix WeightGradients(int layer) => _weightGradients[layer];

    /// <summary>Gradient of the biases of a layer, [1 × outputs].</summary>
    /// <param name="layer">Zero-based layer.</param>
    public AlignedMatrix BiasGradients(int layer) => _biasGradients[layer];

    /// <summary>Draws the weights: truncated normal on [-2, 2], scaled to variance 1 / inputs; biases zero.</summary>
    /// <param name="random">Source of the weights; layer l reads step l.</param>
    /// <remarks>LeCun, Bottou, Orr, Müller, "Efficient BackProp" (1998), truncated as in common practice;
    /// 0.8796 is the standard deviation of the truncated normal.</remarks>
    public void Initialise(CounterRandom random)
    {
        Parameters.Span.Clear();
        for (int layer = 0; layer < Shape.Layers; layer++)
        {
            double scale = Math.Sqrt(1.0 / Shape.Widths[layer]) / 0.87962566103423978;
            for (int row = 0; row < _weights[layer].Rows; row++)
            {
                var sequence = random.Sequence((uint)layer, (uint)row);
                foreach (ref float weight in _weights[layer].Row(row))
                {
                    double x;
                    do
                    {
                        x = sequence.NextNormal();
                    }
                    while (Math.Abs(x) > 2);
                    weight = (float)(scale * x);
                }
            }
        }

        ParametersChanged();
    }

    /// <summary>Brings the transposed weights up to date; to be called whenever <see cref="Parameters"/> changed.</summary>
    public void ParametersChanged()
    {
        // The first layer's transpose is needed only for input gradients, but those follow most updates.
        for (int layer = 0; layer < Shape.Layers; layer++)
        {
            DenseKernels.Transpose(_weights[layer], _transposed[layer]);
        }
    }

    /// <summary>Outputs of the network.</summary>
    /// <param name="work">Receives activations and outputs.</param>
    /// <param name="input">[rows × inputs].</param>
    /// <param name="rows">Number of rows in use.</param>
    public void Forward(DenseWorkspace work, AlignedMatrix input, int rows)
    {
        ForwardHidden(work, input, rows);
        int last = Shape.Layers - 1;
        _kernels.Linear(work.Activations[last - 1], rows, _weights[last], _biases[last], work.Output);
        if (!Shape.SigmoidOutput)
        {
            return;
        }

        for (int row = 0; row < rows; row++)
        {
            foreach (ref float x in work.Output.Row(row))
            {
                x = 1 / (1 + MathF.Exp(-x));
            }
        }
    }

    /// <summary>Chain rule from seeds at the outputs (before a sigmoid) down to the first hidden layer; needs a forward pass of the same rows.</summary>
    /// <param name="work">Its <see cref="DenseWorkspace.OutputSeed"/> holds dL/d(output), [rows × outputs].</param>
    /// <param name="rows">Number of rows in use.</param>
    public void Adjoint(DenseWorkspace work, int rows)
    {
        var from = work.OutputSeed;
        for (int layer = Shape.Layers - 1; layer >= 1; layer--)
        {
            _kernels.Masked(from, rows, _transposed[layer], work.Activations[layer - 1], (float)Shape.Slope, work.Adjoints[layer - 1]);
            from = work.Adjoints[layer - 1];
        }
    }

    /// <summary>dL/d(input) after <see cref="Adjoint"/>.</summary>
    /// <param name="work">The workspace of that pass.</param>
    /// <param name="rows">Number of rows in use.</param>
    /// <param name="result">[rows × inputs], overwritten.</param>
    public void InputGradient(DenseWorkspace work, int rows, AlignedMatrix result) => _kernels.Plain(work.Adjoints[0], rows, _transposed[0], result);

    /// <summary>Gradients of all weights and biases after <see cref="Forward"/> and <see cref="Adjoint"/> of the same rows.</summary>
    /// <param name="work">The workspace of those passes.</param>
    /// <param name="input">The input of the forward pass.</param>
    /// <param name="rows">Number of rows in use.</param>
    public void ParameterGradient(DenseWorkspace work, AlignedMatrix input, int rows)
    {
        for (int layer = 0; layer < Shape.Layers; layer++)
        {
            var u = layer == Shape.Layers - 1 ? work.OutputSeed : work.Adjoints[layer];
            _kernels.WeightGradient(layer == 0 ? input : work.Activations[layer - 1], u, rows, _weightGradients[layer]);
            _kernels.ColumnSums(u, rows, _biasGradients[layer]);
        }
    }

    /// <summary>Gradient of mean((|d(sum of outputs)/dx| - 1)²) by the closed form: one forward, one adjoint, one tangent pass.</summary>
    /// <param name="work">Overwritten, its output seed included.</param>
    /// <param name="input">[rows × inputs].</param>
    /// <param name="rows">Number of rows in use.</param>
    /// <returns>The penalty and the mean gradient norm.</returns>
    /// <remarks>The gradients of all biases are exactly zero. Derivation: <c>docs/methods/logan.md</c>; penalty: Gulrajani et al. 2017, eq. 3.</remarks>
    public (double Penalty, double MeanNorm) PenaltyGradient(DenseWorkspace work, AlignedMatrix input, int rows)
    {
        ForwardHidden(work, input, rows);
        work.SeedOutputs(0, rows, 1);
        Adjoint(work, rows);
        InputGradient(work, rows, work.InputTangent);
        var means = _kernels.PenaltySeeds(work.InputTangent, rows);
        var tangent = work.InputTangent;
        for (int layer = 0; layer < Shape.Layers; layer++)
        {
            bool last = layer == Shape.Layers - 1;
            _kernels.WeightGradient(tangent, last ? work.OutputSeed : work.Adjoints[layer], rows, _weightGradients[layer]);
            _biasGradients[layer].Span.Clear();
            if (!last)
            {
                _kernels.Masked(tangent, rows, _weights[layer], work.Activations[layer], (float)Shape.Slope, work.Tangents[layer]);
                tangent = work.Tangents[layer];
            }
        }

        return means;
    }

    /// <summary>Row of <paramref name="y"/> becomes w x + (1 - w) y.</summary>
    /// <param name="x">[rows × columns].</param>
    /// <param name="y">Same shape.</param>
    /// <param name="row">The row.</param>
    /// <param name="w">Weight of x.</param>
    public void MixRow(AlignedMatrix x, AlignedMatrix y, int row, float w) => _kernels.MixRow(x, y, row, w);

    private void ForwardHidden(DenseWorkspace work, AlignedMatrix input, int rows)
    {
        var x = input;
        for (int layer = 0; layer < Shape.Layers - 1; layer++)
        {
            _kernels.Leaky(x, rows, _weights[layer], _biases[layer], (float)Shape.Slope, work.Activations[layer]);
            x = work.Activations[layer];
        }
    }

    private static (AlignedMatrix[] Weights, AlignedMatrix[] Biases) Split(AlignedMatrix[] parts) =>
        ([.. parts.Where((_, i) => i % 2 == 0)], [.. parts.Where((_, i) => i % 2 == 1)]);
}
