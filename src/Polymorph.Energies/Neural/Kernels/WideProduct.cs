using System.Numerics;
using System.Runtime.CompilerServices;

namespace Polymorph.Energies.Neural.Kernels;

/// <summary>Products of a matrix with a vector of lanes, and the sum of outer products over lanes: a small network's whole arithmetic.</summary>
/// <typeparam name="T">Lanes.</typeparam>
/// <typeparam name="TNumber">Precision.</typeparam>
internal static unsafe class WideProduct<T, TNumber>
    where T : unmanaged, IWide<T, TNumber>
    where TNumber : unmanaged, IBinaryFloatingPointIeee754<TNumber>
{
    /// <summary>y = W·x. Eight rows share every load of x; eight chains hide the latency of the multiply-add.</summary>
    /// <param name="w">[rows × terms].</param>
    /// <param name="rows">Rows.</param>
    /// <param name="terms">Columns.</param>
    /// <param name="x">[terms].</param>
    /// <param name="y">[rows], overwritten.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(TNumber* w, int rows, int terms, T* x, T* y)
    {
        int row = 0;
        for (; row + 8 <= rows; row += 8, w += 8 * (nint)terms, y += 8)
        {
            Eight(w, terms, x, y);
        }

        for (; row < rows; row++, w += terms, y++)
        {
            T sum = T.Broadcast(TNumber.Zero);
            for (int t = 0; t < terms; t++)
            {
                sum = T.MultiplyAdd(T.Broadcast(w[t]), x[t], sum);
            }

            *y = sum;
        }
    }

    /// <summary>result[r, t] = Σ over blocks and lanes of u[r]·x[t] + a[r]·b[t].</summary>
    /// <param name="u">Of the first block, [rows].</param>
    /// <param name="a">Of the first block, [rows].</param>
    /// <param name="rowStride">From one block's u and a to the next one's.</param>
    /// <param name="x">Of the first block, [terms].</param>
    /// <param name="b">Of the first block, [terms].</param>
    /// <param name="termStride">From one block's x and b to the next one's.</param>
    /// <param name="blocks">Number of blocks.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="terms">Columns.</param>
    /// <param name="result">[rows × terms], overwritten.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OuterSums(T* u, T* a, nint rowStride, T* x, T* b, nint termStride, int blocks, int rows, int terms, TNumber* result)
    {
        for (int r = 0; r < rows; r += 4)
        {
            for (int t = 0; t < terms; t += 4)
            {
                if (r + 4 <= rows && t + 4 <= terms)
                {
                    FourByFour(u + r, a + r, rowStride, x + t, b + t, termStride, blocks, result + (nint)r * terms + t, terms);
                    continue;
                }

                for (int i = r; i < Math.Min(r + 4, rows); i++)
                {
                    for (int j = t; j < Math.Min(t + 4, terms); j++)
                    {
                        result[(nint)i * terms + j] = One(u + i, a + i, rowStride, x + j, b + j, termStride, blocks);
                    }
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Eight(TNumber* w, nint terms, T* x, T* y)
    {
        T s0 = T.Broadcast(TNumber.Zero), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
        TNumber* w4 = w + 4 * terms;
        for (T* end = x + terms; x < end; x++, w++, w4++)
        {
            T v = *x;
            s0 = T.MultiplyAdd(T.Broadcast(w[0]), v, s0);
            s1 = T.MultiplyAdd(T.Broadcast(w[terms]), v, s1);
            s2 = T.MultiplyAdd(T.Broadcast(w[2 * terms]), v, s2);
            s3 = T.MultiplyAdd(T.Broadcast(w[3 * terms]), v, s3);
            s4 = T.MultiplyAdd(T.Broadcast(w4[0]), v, s4);
            s5 = T.MultiplyAdd(T.Broadcast(w4[terms]), v, s5);
            s6 = T.MultiplyAdd(T.Broadcast(w4[2 * terms]), v, s6);
            s7 = T.MultiplyAdd(T.Broadcast(w4[3 * terms]), v, s7);
        }

        (y[0], y[1], y[2], y[3], y[4], y[5], y[6], y[7]) = (s0, s1, s2, s3, s4, s5, s6, s7);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourByFour(T* u, T* a, nint rowStride, T* x, T* b, nint termStride, int blocks, TNumber* result, nint stride)
    {
        T zero = T.Broadcast(TNumber.Zero);
        T s00 = zero, s01 = zero, s02 = zero, s03 = zero, s10 = zero, s11 = zero, s12 = zero, s13 = zero;
        T s20 = zero, s21 = zero, s22 = zero, s23 = zero, s30 = zero, s31 = zero, s32 = zero, s33 = zero;
        for (int block = 0; block < blocks; block++, u += rowStride, a += rowStride, x += termStride, b += termStride)
        {
            T c0 = x[0], c1 = x[1], c2 = x[2], c3 = x[3];
            T d0 = b[0], d1 = b[1], d2 = b[2], d3 = b[3];
            T p = u[0], q = a[0];
            s00 = T.MultiplyAdd(q, d0, T.MultiplyAdd(p, c0, s00));
            s01 = T.MultiplyAdd(q, d1, T.MultiplyAdd(p, c1, s01));
            s02 = T.MultiplyAdd(q, d2, T.MultiplyAdd(p, c2, s02));
            s03 = T.MultiplyAdd(q, d3, T.MultiplyAdd(p, c3, s03));
            (p, q) = (u[1], a[1]);
            s10 = T.MultiplyAdd(q, d0, T.MultiplyAdd(p, c0, s10));
            s11 = T.MultiplyAdd(q, d1, T.MultiplyAdd(p, c1, s11));
            s12 = T.MultiplyAdd(q, d2, T.MultiplyAdd(p, c2, s12));
            s13 = T.MultiplyAdd(q, d3, T.MultiplyAdd(p, c3, s13));
            (p, q) = (u[2], a[2]);
            s20 = T.MultiplyAdd(q, d0, T.MultiplyAdd(p, c0, s20));
            s21 = T.MultiplyAdd(q, d1, T.MultiplyAdd(p, c1, s21));
            s22 = T.MultiplyAdd(q, d2, T.MultiplyAdd(p, c2, s22));
            s23 = T.MultiplyAdd(q, d3, T.MultiplyAdd(p, c3, s23));
            (p, q) = (u[3], a[3]);
            s30 = T.MultiplyAdd(q, d0, T.MultiplyAdd(p, c0, s30));
            s31 = T.MultiplyAdd(q, d1, T.MultiplyAdd(p, c1, s31));
            s32 = T.MultiplyAdd(q, d2, T.MultiplyAdd(p, c2, s32));
            s33 = T.MultiplyAdd(q, d3, T.MultiplyAdd(p, c3, s33));
        }

        Store(result, s00, s01, s02, s03);
        Store(result + stride, s10, s11, s12, s13);
        Store(result + 2 * stride, s20, s21, s22, s23);
        Store(result + 3 * stride, s30, s31, s32, s33);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(TNumber* to, T a, T b, T c, T d) => (to[0], to[1], to[2], to[3]) = (T.Sum(a), T.Sum(b), T.Sum(c), T.Sum(d));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static TNumber One(T* u, T* a, nint rowStride, T* x, T* b, nint termStride, int blocks)
    {
        T sum = T.Broadcast(TNumber.Zero);
        for (int block = 0; block < blocks; block++, u += rowStride, a += rowStride, x += termStride, b += termStride)
        {
            sum = T.MultiplyAdd(*a, *b, T.MultiplyAdd(*u, *x, sum));
        }

        return T.Sum(sum);
    }
}
