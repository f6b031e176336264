using System.Numerics;
using System.Runtime.CompilerServices;

namespace Polymorph.Energies.Neural.Kernels;

/// <summary>Passes of one atomic network on one vector of atoms: hidden layers f(W h + b) with f(z) = z/(1 + exp(−z)), a linear output.</summary>
/// <remarks>Source of the activation: Elfwing, Uchibe, Doya, Neural Netw. 107 (2018) 3; the derivation of the passes is in docs/methods/neural-potential.md.</remarks>
/// <typeparam name="T">Lanes.</typeparam>
/// <typeparam name="TNumber">Precision.</typeparam>
internal static unsafe class NetworkKernel<T, TNumber>
    where T : unmanaged, IWide<T, TNumber>
    where TNumber : unmanaged, IBinaryFloatingPointIeee754<TNumber>
{
    /// <summary>Hidden values h, slopes f′ and curvatures f″, and the outputs.</summary>
    /// <param name="layout">The network's form.</param>
    /// <param name="p">Its parameters.</param>
    /// <param name="x">[inputs].</param>
    /// <param name="units">Receives the values.</param>
    /// <param name="curvature">Whether f″ is wanted.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(NetworkLayout layout, TNumber* p, T* x, in NetworkUnits<T> units, bool curvature)
    {
        T* from = x;
        int last = layout.Layers - 1;
        for (int layer = 0; layer < last; layer++)
        {
            int at = layout.Activations[layer], width = layout.Widths[layer + 1];
            WideProduct<T, TNumber>.Multiply(p + layout.Weights[layer], width, layout.Widths[layer], from, units.Hidden + at);
            Activate(p + layout.Biases[layer], width, units.Hidden + at, units.Slope + at, curvature ? units.Curvature + at : null);
            from = units.Hidden + at;
        }

        WideProduct<T, TNumber>.Multiply(p + layout.Weights[last], layout.Outputs, layout.Widths[last], from, units.Output);
        for (int o = 0; o < layout.Outputs; o++)
        {
            units.Output[o] += T.Broadcast(p[layout.Biases[last] + o]);
        }
    }

    /// <summary>dE/dh and dE/dz of all hidden units from dE/doutput.</summary>
    /// <param name="layout">The network's form.</param>
    /// <param name="transposed">Its weights transposed.</param>
    /// <param name="units">After <see cref="Forward"/>, with <see cref="NetworkUnits{T}.OutputAdjoint"/> set.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Adjoint(NetworkLayout layout, TNumber* transposed, in NetworkUnits<T> units)
    {
        T* from = units.OutputAdjoint;
        for (int layer = layout.Layers - 2; layer >= 0; layer--)
        {
            int at = layout.Activations[layer], width = layout.Widths[layer + 1];
            WideProduct<T, TNumber>.Multiply(transposed + layout.Weights[layer + 1], width, layout.Widths[layer + 2], from, units.ToHidden + at);
            for (int i = at; i < at + width; i++)
            {
                units.Adjoint[i] = units.ToHidden[i] * units.Slope[i];
            }

            from = units.Adjoint + at;
        }
    }

    /// <summary>Gradient by the inputs from that by the first hidden layer.</summary>
    /// <param name="layout">The network's form.</param>
    /// <param name="transposed">Its weights transposed.</param>
    /// <param name="firstLayer">dE/dz of the first hidden layer: <see cref="NetworkUnits{T}.Adjoint"/> or <see cref="NetworkUnits{T}.Combined"/>.</param>
    /// <param name="result">[inputs], overwritten.</param>
    public static void InputGradient(NetworkLayout layout, TNumber* transposed, T* firstLayer, T* result) =>
        WideProduct<T, TNumber>.Multiply(transposed, layout.Widths[0], layout.Widths[1], firstLayer, result);

    /// <summary>Change of hidden units and outputs along a change of the inputs; begins the second-order adjoint.</summary>
    /// <param name="layout">The network's form.</param>
    /// <param name="p">Its parameters.</param>
    /// <param name="units">After <see cref="Forward"/> with curvatures and <see cref="Adjoint"/>.</param>
    /// <param name="tangent">Change of the inputs.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tangent(NetworkLayout layout, TNumber* p, in NetworkUnits<T> units, T* tangent)
    {
        T* from = tangent;
        int last = layout.Layers - 1;
        for (int layer = 0; layer < last; layer++)
        {
            int at = layout.Activations[layer], width = layout.Widths[layer + 1];
            WideProduct<T, TNumber>.Multiply(p + layout.Weights[layer], width, layout.Widths[layer], from, units.Rate + at);
            for (int i = at; i < at + width; i++)
            {
                // The part of the second-order adjoint that arises here; the rest comes down from the next layer.
                units.Combined[i] = units.Curvature[i] * units.Rate[i] * units.ToHidden[i];
                units.Rate[i] *= units.Slope[i];
            }

            from = units.Rate + at;
        }

        WideProduct<T, TNumber>.Multiply(p + layout.Weights[last], layout.Outputs, layout.Widths[last], from, units.OutputRate);
    }

    /// <summary>Completes dJ/dz of all hidden units for J = Σ combined·output + Σ adjoint·(change of output), where both weights of the outputs are given.</summary>
    /// <param name="layout">The network's form.</param>
    /// <param name="transposed">Its weights transposed.</param>
    /// <param name="units">After <see cref="Tangent"/>, with <see cref="NetworkUnits{T}.OutputCombined"/> set.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SecondAdjoint(NetworkLayout layout, TNumber* transposed, in NetworkUnits<T> units)
    {
        T* from = units.OutputCombined;
        for (int layer = layout.Layers - 2; layer >= 0; layer--)
        {
            int at = layout.Activations[layer], width = layout.Widths[layer + 1];
            WideProduct<T, TNumber>.Multiply(transposed + layout.Weights[layer + 1], width, layout.Widths[layer + 2], from, units.Scratch);
            for (int i = 0; i < width; i++)
            {
                units.Combined[at + i] = T.MultiplyAdd(units.Scratch[i], units.Slope[at + i], units.Combined[at + i]);
            }

            from = units.Combined + at;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Activate(TNumber* bias, int width, T* hidden, T* slope, T* curvature)
    {
        T one = T.Broadcast(TNumber.One), zero = T.Broadcast(TNumber.Zero), two = one + one;
        for (int i = 0; i < width; i++)
        {
            T z = hidden[i] + T.Broadcast(bias[i]);
            T s = one / (one + T.Exp(zero - z)), rest = one - s;
            hidden[i] = z * s;
            slope[i] = s * T.MultiplyAdd(z, rest, one);
            if (curvature != null)
            {
                curvature[i] = s * rest * T.MultiplyAdd(z, rest - s, two);
            }
        }
    }
}

/// <summary>What the passes keep of one network and one vector of atoms.</summary>
/// <typeparam name="T">Lanes.</typeparam>
internal readonly unsafe struct NetworkUnits<T>
    where T : unmanaged
{
    private readonly T* _memory;
    private readonly int _hidden;
    private readonly int _outputs;

    public NetworkUnits(T* memory, NetworkLayout layout)
    {
        _memory = memory;
        (_hidden, _outputs) = (layout.HiddenCount, layout.Outputs);
    }

    /// <summary>h, [hidden units].</summary>
    public T* Hidden => _memory;

    /// <summary>f′(z).</summary>
    public T* Slope => _memory + _hidden;

    /// <summary>f″(z).</summary>
    public T* Curvature => _memory + 2 * _hidden;

    /// <summary>dE/dh.</summary>
    public T* ToHidden => _memory + 3 * _hidden;

    /// <summary>dE/dz.</summary>
    public T* Adjoint => _memory + 4 * _hidden;

    /// <summary>Change of h.</summary>
    public T* Rate => _memory + 5 * _hidden;

    /// <summary>dJ/dz.</summary>
    public T* Combined => _memory + 6 * _hidden;

    /// <summary>Room for a product.</summary>
    public T* Scratch => _memory + 7 * _hidden;

    /// <summary>[outputs].</summary>
    public T* Output => _memory + 8 * _hidden;

    /// <summary>dE/doutput.</summary>
    public T* OutputAdjoint => Output + _outputs;

    /// <summary>Change of the outputs.</summary>
    public T* OutputRate => Output + 2 * _outputs;

    /// <summary>dJ/doutput.</summary>
    public T* OutputCombined => Output + 3 * _outputs;

    /// <summary>Vectors needed.</summary>
    /// <param name="layout">The network's form.</param>
    public static int Size(NetworkLayout layout) => 8 * layout.HiddenCount + 4 * layout.Outputs;
}
