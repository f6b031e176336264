using Polymorph.Energies.Kernels;

namespace Polymorph.Energies.Ani;

/// <summary>One member's network of one element in double precision. One thread's.</summary>
internal sealed class AniNetworkReference
{
    private readonly double _alpha;
    private readonly (double[] Weights, double[] Biases)[] _layers;
    private readonly double[][] _activations;
    private readonly double[][] _adjoints;

    public AniNetworkReference(IReadOnlyList<AniLayer> layers, double alpha)
    {
        _alpha = alpha;
        _layers = [.. layers.Select(l => (Array.ConvertAll(l.Weights, w => (double)w), Array.ConvertAll(l.Biases, b => (double)b)))];
        _activations = [.. layers.Select(l => new double[l.Outputs])];
        _adjoints = [.. layers.Select(l => new double[l.Outputs])];
    }

    private AniNetworkReference(AniNetworkReference shared)
    {
        (_alpha, _layers) = (shared._alpha, shared._layers);
        _activations = [.. shared._activations.Select(a => new double[a.Length])];
        _adjoints = [.. shared._adjoints.Select(a => new double[a.Length])];
    }

    /// <summary>The same weights with scratch memory of another thread.</summary>
    public AniNetworkReference ForAnotherThread() => new(this);

    /// <summary>Energy of one atom, hartree; adds its derivative by the descriptor to the gradient.</summary>
    /// <param name="descriptor">[inputs].</param>
    /// <param name="gradient">[inputs], hartree.</param>
    public double Energy(ReadOnlySpan<double> descriptor, Span<double> gradient)
    {
        int last = _layers.Length - 1;
        for (int l = 0; l <= last; l++)
        {
            var input = l == 0 ? descriptor : _activations[l - 1];
            var (weights, biases) = _layers[l];
            for (int o = 0; o < biases.Length; o++)
            {
                double z = DoubleVectors.Dot(weights.AsSpan(o * input.Length, input.Length), input) + biases[o];
                _activations[l][o] = z > 0 || l == last ? z : _alpha * (Math.Exp(z / _alpha) - 1);
            }
        }

        _adjoints[last][0] = 1;
        for (int l = last; l >= 0; l--)
        {
            var target = l == 0 ? gradient : _adjoints[l - 1];
            if (l > 0)
            {
                target.Clear();
            }

            for (int o = 0; o < _adjoints[l].Length; o++)
            {
                DoubleVectors.AddMultiple(_adjoints[l][o], _layers[l].Weights.AsSpan(o * target.Length, target.Length), target);
            }

            for (int o = 0; l > 0 && o < target.Length; o++)
            {
                // Below zero the derivative of CELU is exp(z/α) = 1 + CELU/α.
                target[o] *= _activations[l - 1][o] > 0 ? 1 : 1 + _activations[l - 1][o] / _alpha;
            }
        }

        return _activations[last][0];
    }
}
