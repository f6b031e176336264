using System.Numerics;
using Polymorph.Representations.Kernels;

namespace Polymorph.Energies.Neural.Kernels;

/// <summary>The weights of one member for all elements, and the same transposed, in the kernel's precision.</summary>
/// <typeparam name="TNumber">Precision.</typeparam>
internal sealed unsafe class NetworkParameters<TNumber>
    where TNumber : unmanaged, IBinaryFloatingPointIeee754<TNumber>
{
    private readonly AlignedArena _arena = new();
    private readonly NetworkLayout _layout;
    private readonly TNumber* _transposed;
    private readonly int _elements;

    /// <summary>Weights that can be trained.</summary>
    /// <param name="layout">Form of the networks.</param>
    /// <param name="elements">Number of elements.</param>
    /// <param name="values">[elements × stride]; someone else's, kept alive by him.</param>
    public NetworkParameters(NetworkLayout layout, int elements, TNumber* values)
    {
        (_layout, _elements) = (layout, elements);
        Values = values;
        _transposed = _arena.Take<TNumber>(elements * layout.Stride);
        Transpose();
    }

    /// <summary>A copy of stored weights.</summary>
    /// <param name="layout">Form of the networks.</param>
    /// <param name="elements">Number of elements.</param>
    /// <param name="values">[elements × stride].</param>
    public NetworkParameters(NetworkLayout layout, int elements, ReadOnlySpan<float> values)
    {
        (_layout, _elements) = (layout, elements);
        Values = _arena.Take<TNumber>(values.Length);
        _transposed = _arena.Take<TNumber>(values.Length);
        for (int k = 0; k < values.Length; k++)
        {
            Values[k] = TNumber.CreateTruncating(values[k]);
        }

        Transpose();
    }

    /// <summary>[elements × stride].</summary>
    public TNumber* Values { get; }

    /// <summary>Parameters of an element.</summary>
    /// <param name="element">Its type.</param>
    public TNumber* Of(int element) => Values + (nint)element * _layout.Stride;

    /// <summary>Transposed weights of an element, at the places of the weights.</summary>
    /// <param name="element">Its type.</param>
    public TNumber* TransposedOf(int element) => _transposed + (nint)element * _layout.Stride;

    /// <summary>Brings the transposed weights up to date.</summary>
    public void Transpose()
    {
        for (int element = 0; element < _elements; element++)
        {
            for (int layer = 0; layer < _layout.Layers; layer++)
            {
                int inputs = _layout.Widths[layer], outputs = _layout.Widths[layer + 1];
                TNumber* from = Of(element) + _layout.Weights[layer], to = TransposedOf(element) + _layout.Weights[layer];
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
}
