using Polymorph.Learning.Kernels;

namespace Polymorph.Learning;

/// <summary>Changes a network's parameters by its gradients, keeping its own state.</summary>
public interface IOptimiser
{
    /// <summary>The state to save with a checkpoint, named; each in the layout of the network's parameters.</summary>
    IReadOnlyDictionary<string, AlignedMatrix> State { get; }

    /// <summary>Number of steps taken so far; part of the state.</summary>
    long StepCount { get; set; }

    /// <summary>One update with the network's present gradients.</summary>
    /// <param name="rate">Learning rate.</param>
    void Step(double rate);
}

/// <summary>RMSProp without momentum, not centred, no bias correction: v = d v + (1 - d) g²; p -= rate g / sqrt(v + ε).</summary>
/// <param name="network">The network to change.</param>
/// <param name="decay">d; LoGAN: 0.9.</param>
/// <param name="epsilon">ε, inside the root; LoGAN: 1e-8.</param>
/// <param name="width">Instruction set; by default the widest.</param>
/// <remarks>Source: Tieleman and Hinton, lecture 6.5 (2012); epsilon inside the root as in optax, which LoGAN uses.</remarks>
public sealed class RmsProp(DenseNetwork network, double decay = 0.9, double epsilon = 1e-8, VectorWidth? width = null) : IOptimiser
{
    private readonly DenseKernels _kernels = new(width ?? VectorWidths.Best);
    private readonly AlignedMatrix _square = new(1, network.Parameters.Columns);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, AlignedMatrix> State => new Dictionary<string, AlignedMatrix> { ["square"] = _square };

    /// <inheritdoc/>
    public long StepCount { get; set; }

    /// <inheritdoc/>
    public void Step(double rate)
    {
        StepCount++;
        _kernels.RmsProp(network.Parameters, network.Gradients, _square, (float)rate, (float)decay, (float)epsilon);
        network.ParametersChanged();
    }
}

/// <summary>Adam with bias correction: m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g²; p -= rate m̂ / (sqrt(v̂) + ε).</summary>
/// <param name="network">The network to change.</param>
/// <param name="beta1">b1, decay of the mean.</param>
/// <param name="beta2">b2, decay of the square.</param>
/// <param name="epsilon">ε, outside the root.</param>
/// <param name="width">Instruction set; by default the widest.</param>
/// <remarks>Source: Kingma and Ba 2015, arXiv:1412.6980, algorithm 1.</remarks>
public sealed class Adam(DenseNetwork network, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, VectorWidth? width = null) : IOptimiser
{
    private readonly DenseKernels _kernels = new(width ?? VectorWidths.Best);
    private readonly AlignedMatrix _mean = new(1, network.Parameters.Columns);
    private readonly AlignedMatrix _square = new(1, network.Parameters.Columns);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, AlignedMatrix> State => new Dictionary<string, AlignedMatrix> { ["mean"] = _mean, ["square"] = _square };

    /// <inheritdoc/>
    public long StepCount { get; set; }

    /// <inheritdoc/>
    public void Step(double rate)
    {
        StepCount++;
        double correction1 = 1 - Math.Pow(beta1, StepCount), correction2 = 1 - Math.Pow(beta2, StepCount);
        _kernels.Adam(network.Parameters, network.Gradients, _mean, _square, (float)(rate / correction1), (float)(1 / Math.Sqrt(correction2)), (float)beta1, (float)beta2, (float)epsilon);
        network.ParametersChanged();
    }
}
