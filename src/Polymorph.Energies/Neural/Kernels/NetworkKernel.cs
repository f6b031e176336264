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
    /// <summary>Hidden values h, slopes f′ and, when wanted, curvatures f″.</summary>
    /// <param name="layout">The network's form.</param>
    /// <param name="p">Its parameters.</param>
    /// <param name="x">[features].</param>
    /// <param name="hidden">h, [hidden units], overwritten.</param>
    /// <param name="slope">f′(z), [hidden units], overwritten.</param>
    /// <param name="curvature">f″(z), [hidden units], overwritten; null for none.</param>
    /// <returns>The energies.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Forward(NetworkLayout layout, TNumber* p, T* x, T* hidden, T* slope, T* curvature)
    {
        T* from = x;
        int last = layout.Layers - 1;
        for (int layer = 0; layer < last; layer++)
        {
            int at = layout.Activations[layer], width = layout.Widths[layer + 1];
            WideProduct<T, TNumber>.Multiply(p + layout.Weights[layer], width, layout.Widths[layer], from, hidden + at);
            Activate(p + layout.Biases[layer], width, hidden + at, slope + at, curvature == null ? null : curvature + at);
            from = hidden + at;
        }

        T* w = stackalloc T[1];
        WideProduct<T, TNumber>.Multiply(p + layout.Weights[last], 1, layout.Widths[last], from, w);
        return *w + T.Broadcast(p[layout.Biases[last]]);
    }

    /// <summary>dE/dh and dE/dz of all hidden units.</summary>
    /// <param name="layout">The network's form.</param>
    /// <param name="p">Its parameters.</param>
    /// <param name="transposed">Its weights transposed, at the same places.</param>
    /// <param name="slope">From <see cref="Forward"/>.</param>
    /// <param name="toHidden">dE/dh, [hidden units], overwritten.</param>
    /// <param name="adjoint">dE/dz, [hidden units], overwritten.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Adjoint(NetworkLayout layout, TNumber* p, TNumber* transposed, T* slope, T* toHidden, T* adjoint)
    {
        int last = layout.Layers - 1;
        for (int layer = last - 1; layer >= 0; layer--)
        {
            int at = layout.Activations[layer], width = layout.Widths[layer + 1];
            if (layer == last - 1)
            {
                for (int i = 0; i < width; i++)
                {
                    toHidden[at + i] = T.Broadcast(p[layout.Weights[last] + i]);
                }
            }
            else
            {
                WideProduct<T, TNumber>.Multiply(transposed + layout.Weights[layer + 1], width, layout.Widths[layer + 2], adjoint + layout.Activations[layer + 1], toHidden + at);
            }

            for (int i = at; i < at + width; i++)
            {
                adjoint[i] = toHidden[i] * slope[i];
            }
        }
    }

    /// <summary>dE/dfeatures after <see cref="Adjoint"/>.</summary>
    /// <param name="layout">The network's form.</param>
    /// <param name="transposed">Its weights transposed.</param>
    /// <param name="adjoint">dE/dz.</param>
    /// <param name="result">[features], overwritten.</param>
    public static void FeatureGradient(NetworkLayout layout, TNumber* transposed, T* adjoint, T* result) =>
        WideProduct<T, TNumber>.Multiply(transposed, layout.Widths[0], layout.Widths[1], adjoint, result);

    /// <summary>Change of all hidden units along a change of the features, and the adjoint of γ·E + dE/dfeatures·change by z.</summary>
    /// <param name="layout">The network's form.</param>
    /// <param name="p">Its parameters.</param>
    /// <param name="transposed">Its weights transposed.</param>
    /// <param name="pass">Hidden values and adjoints of the same atoms.</param>
    /// <param name="energyWeight">γ of each lane.</param>
    /// <param name="tangent">Change of the features.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SecondOrder(NetworkLayout layout, TNumber* p, TNumber* transposed, in HiddenUnits<T> pass, T energyWeight, T* tangent)
    {
        T* from = tangent;
        int last = layout.Layers - 1;
        for (int layer = 0; layer < last; layer++)
        {
            int at = layout.Activations[layer], width = layout.Widths[layer + 1];
            WideProduct<T, TNumber>.Multiply(p + layout.Weights[layer], width, layout.Widths[layer], from, pass.Rate + at);
            for (int i = at; i < at + width; i++)
            {
                // The part of the second-order adjoint that arises here; the rest comes down from the next layer.
                pass.Combined[i] = pass.Curvature[i] * pass.Rate[i] * pass.ToHidden[i];
                pass.Rate[i] *= pass.Slope[i];
            }

            from = pass.Rate + at;
        }

        for (int layer = last - 1; layer >= 0; layer--)
        {
            int at = layout.Activations[layer], width = layout.Widths[layer + 1];
            if (layer == last - 1)
            {
                for (int i = 0; i < width; i++)
                {
                    pass.Scratch[i] = energyWeight * T.Broadcast(p[layout.Weights[last] + i]);
                }
            }
            else
            {
                WideProduct<T, TNumber>.Multiply(transposed + layout.Weights[layer + 1], width, layout.Widths[layer + 2], pass.Combined + layout.Activations[layer + 1], pass.Scratch);
            }

            for (int i = 0; i < width; i++)
            {
                pass.Combined[at + i] = T.MultiplyAdd(pass.Scratch[i], pass.Slope[at + i], pass.Combined[at + i]);
            }
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

/// <summary>What the passes keep of the hidden units of one vector of atoms; every array is [hidden units].</summary>
/// <typeparam name="T">Lanes.</typeparam>
internal readonly unsafe struct HiddenUnits<T>(T* memory, int hiddenCount)
    where T : unmanaged
{
    /// <summary>Vectors that <see cref="HiddenUnits{T}"/> needs per hidden unit.</summary>
    public const int Arrays = 8;

    /// <summary>h.</summary>
    public T* Hidden => memory;

    /// <summary>f′(z).</summary>
    public T* Slope => memory + hiddenCount;

    /// <summary>f″(z).</summary>
    public T* Curvature => memory + 2 * hiddenCount;

    /// <summary>dE/dh.</summary>
    public T* ToHidden => memory + 3 * hiddenCount;

    /// <summary>dE/dz.</summary>
    public T* Adjoint => memory + 4 * hiddenCount;

    /// <summary>Change of h along the change of the features.</summary>
    public T* Rate => memory + 5 * hiddenCount;

    /// <summary>Adjoint of the loss by z.</summary>
    public T* Combined => memory + 6 * hiddenCount;

    /// <summary>Room for a product.</summary>
    public T* Scratch => memory + 7 * hiddenCount;
}
