using Polymorph.Energies.Kernels;

namespace Polymorph.Energies.Ani;

/// <summary>One member's network of one element in double precision, for a few atoms at a time. One thread's.</summary>
internal sealed class AniNetworkReference
{
    /// <summary>Most atoms at a time: they share the weights while these are in the cache.</summary>
    public const int MostRows = 16;

    private readonly double _alpha;
    private readonly (double[] Weights, double[] Biases)[] _layers;
    private readonly double[][] _activations;
    private readonly double[][] _adjoints;

    public AniNetworkReference(IReadOnlyList<AniLayer> layers, double alpha)
        : this([.. layers.Select(l => (Array.ConvertAll(l.Weights, w => (double)w), Array.ConvertAll(l.Biases, b => (double)b)))], alpha)
    {
    }

    private AniNetworkReference((double[] Weights, double[] Biases)[] layers, double alpha)
    {
        (_layers, _alpha) = (layers, alpha);
        _activations = [.. layers.Select(l => new double[MostRows * l.Biases.Length])];
        _adjoints = [.. layers.Select(l => new double[MostRows * l.Biases.Length])];
    }

    /// <summary>The same weights with scratch memory of another thread.</summary>
    public AniNetworkReference ForAnotherThread() => new(_layers, _alpha);

    /// <summary>Energy of some atoms, hartree; adds its derivative by the descriptors to the gradient.</summary>
    /// <param name="descriptors">[rows × inputs].</param>
    /// <param name="rows">Number of atoms.</param>
    /// <param name="gradient">[rows × inputs], hartree.</param>
    public double Energy(ReadOnlySpan<double> descriptors, int rows, Span<double> gradient)
    {
        int last = _layers.Length - 1;
        for (int l = 0; l <= last; l++)
        {
            var (weights, biases) = _layers[l];
            var result = _activations[l].AsSpan(0, rows * biases.Length);
            DoubleProducts.Forward(l == 0 ? descriptors : _activations[l - 1], weights, biases, rows, result);
            for (int i = 0; l < last && i < result.Length; i++)
            {
                result[i] = result[i] > 0 ? result[i] : _alpha * (Math.Exp(result[i] / _alpha) - 1);
            }
        }

        _adjoints[last].AsSpan().Fill(1);
        for (int l = last; l >= 0; l--)
        {
            var target = l == 0 ? gradient : _adjoints[l - 1].AsSpan(0, rows * _layers[l - 1].Biases.Length);
            if (l > 0)
            {
                target.Clear();
            }

            DoubleProducts.AddBackward(_adjoints[l], _layers[l].Weights, _layers[l].Biases.Length, rows, target);
            for (int i = 0; l > 0 && i < target.Length; i++)
            {
                // Below zero the derivative of CELU is exp(z/α) = 1 + CELU/α.
                target[i] *= _activations[l - 1][i] > 0 ? 1 : 1 + _activations[l - 1][i] / _alpha;
            }
        }

        double energy = 0;
        for (int row = 0; row < rows; row++)
        {
            energy += _activations[last][row];
        }

        return energy;
    }
}
