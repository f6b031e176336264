using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Polymorph.Learning.Kernels;

/// <summary>Kernels which touch every number once or a few times: sums, scalings, optimiser updates, transposes.</summary>
/// <typeparam name="TVector">Vector of one width.</typeparam>
/// <typeparam name="TLanes">Its operations.</typeparam>
internal static unsafe class Elementwise<TVector, TLanes>
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
{
    /// <summary>result[j] = sum over rows of m[i, j], rows in order; columns a multiple of 16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ColumnSums(float* m, nint stride, int rows, int columns, float* result)
    {
        for (int column = 0; column < columns; column += TLanes.Count)
        {
            // Two chains hide half of the addition's latency; their order is fixed, so the bits are too.
            TVector even = TLanes.Zero, odd = TLanes.Zero;
            int row = 0;
            for (; row + 1 < rows; row += 2)
            {
                even = TLanes.Add(even, TLanes.Load(m + row * stride + column));
                odd = TLanes.Add(odd, TLanes.Load(m + (row + 1) * stride + column));
            }

            if (row < rows)
            {
                even = TLanes.Add(even, TLanes.Load(m + row * stride + column));
            }

            TLanes.Store(TLanes.Add(even, odd), result + column);
        }
    }

    /// <summary>Each row g becomes (2 / rows)(1 - 1/|g|) g, and 0 where |g| = 0; returns the means of (|g| - 1)² and of |g|.</summary>
    /// <remarks>The derivative of the gradient penalty with respect to the gradient: Gulrajani et al. 2017, eq. 3, weight 1.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (double Penalty, double MeanNorm) PenaltySeeds(float* g, nint stride, int rows, int columns)
    {
        const int lanes = AlignedMatrix.Lane;
        float* partial = stackalloc float[lanes];
        double penalty = 0, meanNorm = 0;
        for (int row = 0; row < rows; row++, g += stride)
        {
            for (int lane = 0; lane < lanes; lane += TLanes.Count)
            {
                var sum = TLanes.Zero;
                for (int column = lane; column < columns; column += lanes)
                {
                    var v = TLanes.Load(g + column);
                    sum = TLanes.FusedMultiplyAdd(v, v, sum);
                }

                TLanes.Store(sum, partial + lane);
            }

            // Sixteen partial sums whatever the width, added in one order: the same bits everywhere.
            double square = 0;
            for (int lane = 0; lane < lanes; lane++)
            {
                square += partial[lane];
            }

            double norm = Math.Sqrt(square);
            penalty += (norm - 1) * (norm - 1);
            meanNorm += norm;
            var factor = TLanes.Broadcast(norm > 0 ? (float)(2.0 / rows * (1 - 1 / norm)) : 0);
            for (int column = 0; column < columns; column += TLanes.Count)
            {
                TLanes.Store(TLanes.Multiply(TLanes.Load(g + column), factor), g + column);
            }
        }

        return (penalty / rows, meanNorm / rows);
    }

    /// <summary>y = w x + (1 - w) y.</summary>
    public static void MixRow(float* x, float* y, float w, int columns)
    {
        var weight = TLanes.Broadcast(w);
        for (int column = 0; column < columns; column += TLanes.Count)
        {
            var to = TLanes.Load(y + column);
            TLanes.Store(TLanes.FusedMultiplyAdd(weight, TLanes.Subtract(TLanes.Load(x + column), to), to), y + column);
        }
    }

    /// <summary>v = decay v + (1 - decay) g²; p -= rate g / sqrt(v + epsilon).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RmsProp(float* p, float* g, float* v, nint count, float rate, float decay, float epsilon)
    {
        var keep = TLanes.Broadcast(decay);
        var take = TLanes.Broadcast(1 - decay);
        var floor = TLanes.Broadcast(epsilon);
        var step = TLanes.Broadcast(rate);
        for (nint i = 0; i < count; i += TLanes.Count)
        {
            var gradient = TLanes.Load(g + i);
            var moment = TLanes.FusedMultiplyAdd(keep, TLanes.Load(v + i), TLanes.Multiply(TLanes.Multiply(take, gradient), gradient));
            TLanes.Store(moment, v + i);
            var change = TLanes.Divide(TLanes.Multiply(step, gradient), TLanes.Sqrt(TLanes.Add(moment, floor)));
            TLanes.Store(TLanes.Subtract(TLanes.Load(p + i), change), p + i);
        }
    }

    /// <summary>m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g²; p -= rate m / (sqrt(v) scale + epsilon), where the caller folds the bias corrections into rate and scale.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Adam(float* p, float* g, float* m, float* v, nint count, float rate, float scale, float beta1, float beta2, float epsilon)
    {
        var keep1 = TLanes.Broadcast(beta1);
        var take1 = TLanes.Broadcast(1 - beta1);
        var keep2 = TLanes.Broadcast(beta2);
        var take2 = TLanes.Broadcast(1 - beta2);
        var step = TLanes.Broadcast(rate);
        var correction = TLanes.Broadcast(scale);
        var floor = TLanes.Broadcast(epsilon);
        for (nint i = 0; i < count; i += TLanes.Count)
        {
            var gradient = TLanes.Load(g + i);
            var mean = TLanes.FusedMultiplyAdd(keep1, TLanes.Load(m + i), TLanes.Multiply(take1, gradient));
            var square = TLanes.FusedMultiplyAdd(keep2, TLanes.Load(v + i), TLanes.Multiply(TLanes.Multiply(take2, gradient), gradient));
            TLanes.Store(mean, m + i);
            TLanes.Store(square, v + i);
            var root = TLanes.FusedMultiplyAdd(TLanes.Sqrt(square), correction, floor);
            TLanes.Store(TLanes.Subtract(TLanes.Load(p + i), TLanes.Divide(TLanes.Multiply(step, mean), root)), p + i);
        }
    }
}

/// <summary>Copies a matrix into its transpose.</summary>
internal static unsafe class Transposition
{
    /// <summary>target[j, i] = source[i, j]. Reads whole cache lines and writes pieces of sixteen.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* source, nint sourceStride, float* target, nint targetStride, int rows, int columns)
    {
        for (int first = 0; first < rows; first += AlignedMatrix.Lane)
        {
            int height = Math.Min(AlignedMatrix.Lane, rows - first);
            for (int column = 0; column < columns; column++)
            {
                float* from = source + first * sourceStride + column;
                float* to = target + column * targetStride + first;
                for (int i = 0; i < height; i++)
                {
                    to[i] = from[i * sourceStride];
                }
            }
        }
    }
}
