using System.Runtime.CompilerServices;
using Polymorph.Representations.Kernels;

namespace Polymorph.Energies.Kernels.TensorNet;

/// <summary>Activations and normalisations of rows of numbers.</summary>
/// <typeparam name="T">Lanes.</typeparam>
internal static unsafe class RowKernels<T>
    where T : unmanaged, ILanes<T>
{
    // Row sums are kept in this many partial sums at every width, so that all widths give the same bits.
    private const int Partial = 16;

    /// <summary>x ← SiLU(x), slope = SiLU'(x); count a multiple of 16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SiLU(float* x, float* slope, nint count)
    {
        T one = T.Broadcast(1), zero = T.Broadcast(0);
        for (nint i = 0; i < count; i += T.Count)
        {
            // σ(|x|) = 1/(1 + e), σ(−|x|) = e/(1 + e) with e = exp(−|x|): nothing overflows or cancels.
            var v = *(T*)(x + i);
            var e = T.Exp2(T.Max(T.Broadcast(-1.44269504f) * T.Max(v, zero - v), T.Broadcast(-126)));
            var s = T.SelectNotLess(v, zero, one, e) / (one + e);
            var y = v * s;
            *(T*)(x + i) = y;
            *(T*)(slope + i) = T.MultiplyAdd(s, one - y, y);
        }
    }

    /// <summary>x ← x y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(float* x, float* y, nint count)
    {
        for (nint i = 0; i < count; i += T.Count)
        {
            *(T*)(x + i) = *(T*)(x + i) * *(T*)(y + i);
        }
    }

    /// <summary>x ← x + y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(float* x, float* y, nint count)
    {
        for (nint i = 0; i < count; i += T.Count)
        {
            *(T*)(x + i) = *(T*)(x + i) + *(T*)(y + i);
        }
    }

    /// <summary>normal = (x − mean) scale, y = normal w + b with scale = 1/√(variance + ε) of each row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void LayerNormalise(float* x, float* w, float* b, float epsilon, float* y, float* normal, float* scale, int rows, nint width)
    {
        for (nint row = 0; row < rows; row++)
        {
            float* values = x + row * width;
            float* target = normal + row * width;
            float* ready = y + row * width;
            var mean = T.Broadcast((float)(Sum(values, width) / width));
            for (nint i = 0; i < width; i += T.Count)
            {
                *(T*)(target + i) = *(T*)(values + i) - mean;
            }

            scale[row] = (float)(1 / Math.Sqrt(SumOfProducts(target, target, width) / width + epsilon));
            var factor = T.Broadcast(scale[row]);
            for (nint i = 0; i < width; i += T.Count)
            {
                var v = *(T*)(target + i) * factor;
                *(T*)(target + i) = v;
                *(T*)(ready + i) = T.MultiplyAdd(v, *(T*)(w + i), *(T*)(b + i));
            }
        }
    }

    /// <summary>g ← scale (h − mean(h) − normal mean(h normal)) with h = w g.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void LayerNormaliseReverse(float* g, float* w, float* normal, float* scale, int rows, nint width)
    {
        for (nint row = 0; row < rows; row++)
        {
            float* values = g + row * width;
            float* unit = normal + row * width;
            Multiply(values, w, width);
            var mean = T.Broadcast((float)(Sum(values, width) / width));
            var along = T.Broadcast((float)(SumOfProducts(values, unit, width) / width));
            var factor = T.Broadcast(scale[row]);
            for (nint i = 0; i < width; i += T.Count)
            {
                *(T*)(values + i) = factor * (T.NegateMultiplyAdd(*(T*)(unit + i), along, *(T*)(values + i)) - mean);
            }
        }
    }

    /// <summary>Σ x y over a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double SumOfProducts(float* x, float* y, nint width)
    {
        float* partial = stackalloc float[Partial];
        for (int lane = 0; lane < Partial; lane += T.Count)
        {
            var sum = T.Broadcast(0);
            for (nint i = lane; i < width; i += Partial)
            {
                sum = T.MultiplyAdd(*(T*)(x + i), *(T*)(y + i), sum);
            }

            *(T*)(partial + lane) = sum;
        }

        return SumOfPartials(partial);
    }

    /// <summary>The sixteen partial sums of a row, added in order.</summary>
    public static double SumOfPartials(float* partial)
    {
        double total = 0;
        for (int i = 0; i < Partial; i++)
        {
            total += partial[i];
        }

        return total;
    }

    private static double Sum(float* x, nint width)
    {
        float* partial = stackalloc float[Partial];
        for (int lane = 0; lane < Partial; lane += T.Count)
        {
            var sum = T.Broadcast(0);
            for (nint i = lane; i < width; i += Partial)
            {
                sum += *(T*)(x + i);
            }

            *(T*)(partial + lane) = sum;
        }

        return SumOfPartials(partial);
    }
}
