using System.Runtime.CompilerServices;

namespace Polymorph.Representations.Kernels;

/// <summary>Σ over neighbours of radial function times harmonic, for one or two radial functions and the 2l + 1 harmonics of an l, with the sums in registers.</summary>
/// <typeparam name="T">Lanes.</typeparam>
internal readonly unsafe struct HarmonicSums<T>(nint radialStride, nint harmonicStride)
    where T : unmanaged, ILanes<T>
{
    /// <summary>Sums of two functions; a single one may be given twice.</summary>
    /// <param name="a">First function, [neighbours], a stride apart.</param>
    /// <param name="b">Second function.</param>
    /// <param name="harmonic">First harmonic, [neighbours], a stride apart.</param>
    /// <param name="count">Number of neighbours.</param>
    /// <param name="width">2l + 1.</param>
    /// <param name="toA">[width], overwritten.</param>
    /// <param name="toB">[width], overwritten.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(T* a, T* b, T* harmonic, int count, int width, T* toA, T* toB)
    {
        T* end = a + count * radialStride;
        nint second = (nint)((byte*)b - (byte*)a);
        for (; width >= 7; width -= 7, harmonic += 7, toA += 7, toB += 7)
        {
            Seven(a, end, second, harmonic, toA, toB);
        }

        for (; width >= 5; width -= 5, harmonic += 5, toA += 5, toB += 5)
        {
            Five(a, end, second, harmonic, toA, toB);
        }

        for (; width >= 3; width -= 3, harmonic += 3, toA += 3, toB += 3)
        {
            Three(a, end, second, harmonic, toA, toB);
        }

        for (; width >= 1; width--, harmonic++, toA++, toB++)
        {
            One(a, end, second, harmonic, toA, toB);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Seven(T* a, T* end, nint second, T* harmonic, T* toA, T* toB)
    {
        T a0 = T.Broadcast(0), a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0;
        T* s = harmonic;
        T b0 = a0, b1 = a0, b2 = a0, b3 = a0, b4 = a0, b5 = a0, b6 = a0;
        for (; a < end; a += radialStride, s += harmonicStride)
        {
            T va = *a, vb = *(T*)((byte*)a + second), v;
            v = s[0];
            a0 = T.MultiplyAdd(va, v, a0);
            b0 = T.MultiplyAdd(vb, v, b0);
            v = s[1];
            a1 = T.MultiplyAdd(va, v, a1);
            b1 = T.MultiplyAdd(vb, v, b1);
            v = s[2];
            a2 = T.MultiplyAdd(va, v, a2);
            b2 = T.MultiplyAdd(vb, v, b2);
            v = s[3];
            a3 = T.MultiplyAdd(va, v, a3);
            b3 = T.MultiplyAdd(vb, v, b3);
            v = s[4];
            a4 = T.MultiplyAdd(va, v, a4);
            b4 = T.MultiplyAdd(vb, v, b4);
            v = s[5];
            a5 = T.MultiplyAdd(va, v, a5);
            b5 = T.MultiplyAdd(vb, v, b5);
            v = s[6];
            a6 = T.MultiplyAdd(va, v, a6);
            b6 = T.MultiplyAdd(vb, v, b6);
        }

        (toA[0], toA[1], toA[2], toA[3], toA[4], toA[5], toA[6]) = (a0, a1, a2, a3, a4, a5, a6);
        (toB[0], toB[1], toB[2], toB[3], toB[4], toB[5], toB[6]) = (b0, b1, b2, b3, b4, b5, b6);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Five(T* a, T* end, nint second, T* harmonic, T* toA, T* toB)
    {
        T a0 = T.Broadcast(0), a1 = a0, a2 = a0, a3 = a0, a4 = a0;
        T* s = harmonic;
        T b0 = a0, b1 = a0, b2 = a0, b3 = a0, b4 = a0;
        for (; a < end; a += radialStride, s += harmonicStride)
        {
            T va = *a, vb = *(T*)((byte*)a + second), v;
            v = s[0];
            a0 = T.MultiplyAdd(va, v, a0);
            b0 = T.MultiplyAdd(vb, v, b0);
            v = s[1];
            a1 = T.MultiplyAdd(va, v, a1);
            b1 = T.MultiplyAdd(vb, v, b1);
            v = s[2];
            a2 = T.MultiplyAdd(va, v, a2);
            b2 = T.MultiplyAdd(vb, v, b2);
            v = s[3];
            a3 = T.MultiplyAdd(va, v, a3);
            b3 = T.MultiplyAdd(vb, v, b3);
            v = s[4];
            a4 = T.MultiplyAdd(va, v, a4);
            b4 = T.MultiplyAdd(vb, v, b4);
        }

        (toA[0], toA[1], toA[2], toA[3], toA[4]) = (a0, a1, a2, a3, a4);
        (toB[0], toB[1], toB[2], toB[3], toB[4]) = (b0, b1, b2, b3, b4);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Three(T* a, T* end, nint second, T* harmonic, T* toA, T* toB)
    {
        T a0 = T.Broadcast(0), a1 = a0, a2 = a0;
        T* s = harmonic;
        T b0 = a0, b1 = a0, b2 = a0;
        for (; a < end; a += radialStride, s += harmonicStride)
        {
            T va = *a, vb = *(T*)((byte*)a + second), v;
            v = s[0];
            a0 = T.MultiplyAdd(va, v, a0);
            b0 = T.MultiplyAdd(vb, v, b0);
            v = s[1];
            a1 = T.MultiplyAdd(va, v, a1);
            b1 = T.MultiplyAdd(vb, v, b1);
            v = s[2];
            a2 = T.MultiplyAdd(va, v, a2);
            b2 = T.MultiplyAdd(vb, v, b2);
        }

        (toA[0], toA[1], toA[2]) = (a0, a1, a2);
        (toB[0], toB[1], toB[2]) = (b0, b1, b2);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void One(T* a, T* end, nint second, T* harmonic, T* toA, T* toB)
    {
        T a0 = T.Broadcast(0);
        T* s = harmonic;
        T b0 = a0;
        for (; a < end; a += radialStride, s += harmonicStride)
        {
            T va = *a, vb = *(T*)((byte*)a + second), v;
            v = s[0];
            a0 = T.MultiplyAdd(va, v, a0);
            b0 = T.MultiplyAdd(vb, v, b0);
        }

        toA[0] = a0;
        toB[0] = b0;
    }
}
