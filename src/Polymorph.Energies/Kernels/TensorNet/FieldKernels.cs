using System.Runtime.CompilerServices;
using Polymorph.Representations.Kernels;

namespace Polymorph.Energies.Kernels.TensorNet;

/// <summary>The steps of an interaction block that concern one atom and channel at a time, forward and reverse. Gradients are those of the elements of the matrices.</summary>
/// <typeparam name="T">Lanes.</typeparam>
internal static unsafe class FieldKernels<T>
    where T : unmanaged, ILanes<T>
{
    /// <summary>x ← x r with r = 1/(n(x) + 1). r: [atoms × C].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Normalise(in Field x, float* r)
    {
        for (nint n = 0; n < x.Atoms; n++)
        {
            for (nint c = 0; c < x.Channels; c += T.Count)
            {
                StoreNormalised(Irreps<T>.Load(x, n, c), x, r, n, c);
            }
        }
    }

    /// <summary>g ← r g − 2 ⟨g, x⟩ x, with x and r of <see cref="Normalise"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void NormaliseReverse(in Field g, in Field x, float* r)
    {
        for (nint n = 0; n < x.Atoms; n++)
        {
            for (nint c = 0; c < x.Channels; c += T.Count)
            {
                NormaliseReverse(Irreps<T>.Load(g, n, c), Irreps<T>.Load(x, n, c), *(T*)(r + n * x.Channels + c)).Store(g, n, c);
            }
        }
    }

    /// <summary>p = P r with P = M·Y + Y·M and r = 1/(n(P) + 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Product(in Field m, in Field y, in Field p, float* r)
    {
        for (nint n = 0; n < m.Atoms; n++)
        {
            for (nint c = 0; c < m.Channels; c += T.Count)
            {
                StoreNormalised(Irreps<T>.Anticommutator(Irreps<T>.Load(m, n, c), Irreps<T>.Load(y, n, c)), p, r, n, c);
            }
        }
    }

    /// <summary>From the gradient by p to those by M and Y: {Γ, Yᵀ} and {Γ, Mᵀ} with Γ the gradient by P.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ProductReverse(in Field g, in Field p, float* r, in Field m, in Field y, in Field byM, in Field byY)
    {
        for (nint n = 0; n < m.Atoms; n++)
        {
            for (nint c = 0; c < m.Channels; c += T.Count)
            {
                var gradient = NormaliseReverse(Irreps<T>.Load(g, n, c), Irreps<T>.Load(p, n, c), *(T*)(r + n * m.Channels + c));
                Irreps<T>.Anticommutator(gradient, Irreps<T>.Load(y, n, c).Transpose()).Store(byM, n, c);
                Irreps<T>.Anticommutator(gradient, Irreps<T>.Load(m, n, c).Transpose()).Store(byY, n, c);
            }
        }
    }

    /// <summary>result = x + D + D·D.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Update(in Field x, in Field d, in Field result)
    {
        for (nint n = 0; n < x.Atoms; n++)
        {
            for (nint c = 0; c < x.Channels; c += T.Count)
            {
                var step = Irreps<T>.Load(d, n, c);
                var square = Irreps<T>.Anticommutator(step, step);
                Irreps<T>.Load(x, n, c).Plus(T.Broadcast(1), step).Plus(T.Broadcast(0.5f), square).Store(result, n, c);
            }
        }
    }

    /// <summary>The gradient by D: g + {g, Dᵀ}.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void UpdateReverse(in Field g, in Field d, in Field byD)
    {
        for (nint n = 0; n < g.Atoms; n++)
        {
            for (nint c = 0; c < g.Channels; c += T.Count)
            {
                var gradient = Irreps<T>.Load(g, n, c);
                gradient.Plus(T.Broadcast(1), Irreps<T>.Anticommutator(gradient, Irreps<T>.Load(d, n, c).Transpose())).Store(byD, n, c);
            }
        }
    }

    /// <summary>Each part of a field times its scalars s, [atoms × 3 × C].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale(in Field v, float* s, in Field result)
    {
        for (nint n = 0; n < v.Atoms; n++)
        {
            for (nint c = 0; c < v.Channels; c += T.Count)
            {
                float* at = s + 3 * n * v.Channels + c;
                Irreps<T>.Load(v, n, c).Scale(*(T*)at, *(T*)(at + v.Channels), *(T*)(at + 2 * v.Channels)).Store(result, n, c);
            }
        }
    }

    /// <summary>The gradients by the scalars of <see cref="Scale"/>, [atoms × 3 × C].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PartProducts(in Field g, in Field v, float* result)
    {
        for (nint n = 0; n < v.Atoms; n++)
        {
            for (nint c = 0; c < v.Channels; c += T.Count)
            {
                var (a, b) = (Irreps<T>.Load(g, n, c), Irreps<T>.Load(v, n, c));
                float* at = result + 3 * n * v.Channels + c;
                *(T*)at = a.DotI(b);
                *(T*)(at + v.Channels) = a.DotA(b);
                *(T*)(at + 2 * v.Channels) = a.DotS(b);
            }
        }
    }

    /// <summary>n(x), [atoms × C].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Norms(in Field x, float* result)
    {
        for (nint n = 0; n < x.Atoms; n++)
        {
            for (nint c = 0; c < x.Channels; c += T.Count)
            {
                var m = Irreps<T>.Load(x, n, c);
                *(T*)(result + n * x.Channels + c) = m.Dot(m);
            }
        }
    }

    /// <summary>g += 2 s x, with s: [atoms × C] the gradient by n(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void NormsReverse(in Field g, float* s, in Field x)
    {
        for (nint n = 0; n < x.Atoms; n++)
        {
            for (nint c = 0; c < x.Channels; c += T.Count)
            {
                Irreps<T>.Load(g, n, c).Plus(T.Broadcast(2) * *(T*)(s + n * x.Channels + c), Irreps<T>.Load(x, n, c)).Store(g, n, c);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreNormalised(in Irreps<T> m, in Field target, float* r, nint n, nint c)
    {
        var factor = T.Broadcast(1) / (m.Dot(m) + T.Broadcast(1));
        *(T*)(r + n * target.Channels + c) = factor;
        m.Scale(factor, factor, factor).Store(target, n, c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Irreps<T> NormaliseReverse(in Irreps<T> g, in Irreps<T> x, T r) =>
        g.Scale(r, r, r).Plus(T.Broadcast(-2) * g.Dot(x), x);
}
