using System.Numerics;
using Polymorph.Representations.Kernels;

namespace Polymorph.Energies.Neural.Kernels;

/// <summary>The weights of one member for all elements, and the same transposed, in the kernel's precision.</summary>
/// <typeparam name="TNumber">Precision.</typeparam>
internal sealed unsafe class NetworkParameters<TNumber>
    where TNumber : unmanaged, IBinaryFloatingPointIeee754<TNumber>
{
    private readonly AlignedArena _arena = new();
    private readonly NeuralForm _form;
    private readonly TNumber* _transposed;

    /// <summary>Weights that can be trained.</summary>
    /// <param name="form">Form of the networks.</param>
    /// <param name="values">[weights]; someone else's, kept alive by him.</param>
    public NetworkParameters(NeuralForm form, TNumber* values)
    {
        _form = form;
        Values = values;
        _transposed = _arena.Take<TNumber>(form.WeightCount);
        Transpose();
    }

    /// <summary>A copy of stored weights.</summary>
    /// <param name="form">Form of the networks.</param>
    /// <param name="values">[weights].</param>
    public NetworkParameters(NeuralForm form, ReadOnlySpan<float> values)
    {
        _form = form;
        Values = _arena.Take<TNumber>(form.WeightCount);
        _transposed = _arena.Take<TNumber>(form.WeightCount);
        for (int k = 0; k < values.Length; k++)
        {
            Values[k] = TNumber.CreateTruncating(values[k]);
        }

        Transpose();
    }

    /// <summary>[weights].</summary>
    public TNumber* Values { get; }

    /// <summary>First network of an element.</summary>
    /// <param name="element">Its type.</param>
    public TNumber* First(int element) => Values + FirstAt(element);

    /// <summary>Its weights transposed, at the places of the weights.</summary>
    /// <param name="element">Its type.</param>
    public TNumber* FirstTransposed(int element) => _transposed + FirstAt(element);

    /// <summary>Second network of an element.</summary>
    /// <param name="element">Its type.</param>
    public TNumber* Second(int element) => Values + SecondAt(element);

    /// <summary>Its weights transposed.</summary>
    /// <param name="element">Its type.</param>
    public TNumber* SecondTransposed(int element) => _transposed + SecondAt(element);

    /// <summary>Brings the transposed weights up to date.</summary>
    public void Transpose()
    {
        for (int element = 0; element < _form.Elements; element++)
        {
            Transpose(_form.First, FirstAt(element));
            if (_form.Second is { } second)
            {
                Transpose(second, SecondAt(element));
            }
        }
    }

    private nint FirstAt(int element) => (nint)element * _form.First.Stride;

    private nint SecondAt(int element) => (nint)_form.Elements * _form.First.Stride + (nint)element * _form.Second!.Stride;

    private void Transpose(NetworkLayout layout, nint at)
    {
        for (int layer = 0; layer < layout.Layers; layer++)
        {
            int inputs = layout.Widths[layer], outputs = layout.Widths[layer + 1];
            TNumber* from = Values + at + layout.Weights[layer], to = _transposed + at + layout.Weights[layer];
            for (int i = 0; i < inputs; i++)
            {
                for (int o = 0; o < outputs; o++)
                {
                    to[i * outputs + o] = from[o * inputs + i];
                }
            }
        }
    }
}
