using System.Collections.Immutable;

namespace Polymorph.Learning;

/// <summary>Widths and activations of a network of dense layers y = x W + b.</summary>
public sealed record DenseShape
{
    /// <summary>The shape of a network.</summary>
    /// <param name="inputs">Width of the input, at least 1.</param>
    /// <param name="hidden">Widths of the hidden layers, at least one.</param>
    /// <param name="outputs">Width of the output, at least 1.</param>
    /// <param name="slope">Slope of the leaky rectifier of hidden layers for negative arguments, in (0, 1).</param>
    /// <param name="sigmoidOutput">True when outputs pass through 1 / (1 + exp(-x)), false when they are linear.</param>
    public DenseShape(int inputs, ImmutableArray<int> hidden, int outputs, double slope, bool sigmoidOutput = false)
    {
        if (inputs < 1 || outputs < 1 || hidden.IsDefaultOrEmpty || hidden.Any(h => h < 1))
        {
            throw new ArgumentException("a network needs at least one input, one output and one hidden layer of at least one unit");
        }

        if (slope is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(slope), slope, "expected a slope in (0, 1)");
        }

        (Widths, Slope, SigmoidOutput) = ([inputs, .. hidden, outputs], slope, sigmoidOutput);
    }

    /// <summary>Widths from the input to the output, [layers + 1].</summary>
    public ImmutableArray<int> Widths { get; }

    /// <summary>Slope of the leaky rectifier for negative arguments.</summary>
    public double Slope { get; }

    /// <summary>True when outputs pass through a sigmoid.</summary>
    public bool SigmoidOutput { get; }

    /// <summary>Number of layers with weights.</summary>
    public int Layers => Widths.Length - 1;

    /// <summary>Number of weights and biases.</summary>
    public int ParameterCount => Enumerable.Range(0, Layers).Sum(l => (Widths[l] + 1) * Widths[l + 1]);
}
