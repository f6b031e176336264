using System.Runtime.CompilerServices;

namespace Polymorph.Learning.Kernels;

/// <summary>The passes of normalisations and poolings on some columns of a matrix. Sums run over rows in order, so splitting columns never changes a bit.</summary>
/// <typeparam name="TVector">Vector of one width.</typeparam>
/// <typeparam name="TLanes">Its operations.</typeparam>
internal static unsafe class LayerElementwise<TVector, TLanes>
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
{
    /// <summary>Mean and biased variance of columns from..to.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Moments(float* z, nint stride, int rows, int from, int to, float* mean, float* variance)
    {
        var share = TLanes.Broadcast(1f / rows);
        for (int column = from; column < to; column += TLanes.Count)
        {
            // Sums of differences from the first row lose nothing where the mean is much larger than the spread.
            var origin = TLanes.Load(z + column);
            TVector sum0 = TLanes.Zero, sum1 = TLanes.Zero, square0 = TLanes.Zero, square1 = TLanes.Zero;
            int row = 0;
            for (; row + 1 < rows; row += 2)
            {
                var a = TLanes.Subtract(TLanes.Load(z + row * stride + column), origin);
                var b = TLanes.Subtract(TLanes.Load(z + (row + 1) * stride + column), origin);
                sum0 = TLanes.Add(sum0, a);
                sum1 = TLanes.Add(sum1, b);
                square0 = TLanes.FusedMultiplyAdd(a, a, square0);
                square1 = TLanes.FusedMultiplyAdd(b, b, square1);
            }

            if (row < rows)
            {
                var a = TLanes.Subtract(TLanes.Load(z + row * stride + column), origin);
                sum0 = TLanes.Add(sum0, a);
                square0 = TLanes.FusedMultiplyAdd(a, a, square0);
            }

            var average = TLanes.Multiply(TLanes.Add(sum0, sum1), share);
            var spread = TLanes.Subtract(TLanes.Multiply(TLanes.Add(square0, square1), share), TLanes.Multiply(average, average));
            TLanes.Store(TLanes.Add(origin, average), mean + column);
            TLanes.Store(TLanes.Max(spread, TLanes.Zero), variance + column);
        }
    }

    /// <summary>h = rectifier(z·scale + shift) for some rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Normalise(float* z, float* h, nint stride, int rows, int columns, float* scale, float* shift, float slope)
    {
        var below = TLanes.Broadcast(slope);
        for (int row = 0; row < rows; row++, z += stride, h += stride)
        {
            for (int column = 0; column < columns; column += TLanes.Count)
            {
                var y = TLanes.FusedMultiplyAdd(TLanes.Load(z + column), TLanes.Load(scale + column), TLanes.Load(shift + column));
                TLanes.Store(TLanes.Max(y, TLanes.Multiply(y, below)), h + column);
            }
        }
    }

    /// <summary>u = dh · rectifier'(z·scale + shift) in place; sums of u and of u (z - mean) for columns from..to.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void NormaliseSums(float* dh, float* z, nint stride, int rows, int from, int to, float* scale, float* shift, float* mean, float slope, float* sums, float* products)
    {
        // A block of rows at a time keeps reads in whole cache lines near each other.
        for (int column = from; column < to; column += TLanes.Count)
        {
            TLanes.Store(TLanes.Zero, sums + column);
            TLanes.Store(TLanes.Zero, products + column);
        }

        const int block = 64;
        for (int first = 0; first < rows; first += block)
        {
            int last = Math.Min(first + block, rows);
            for (int column = from; column < to; column += TLanes.Count)
            {
                TVector factor = TLanes.Load(scale + column), offset = TLanes.Load(shift + column), centre = TLanes.Load(mean + column);
                TVector sum = TLanes.Load(sums + column), product = TLanes.Load(products + column);
                for (int row = first; row < last; row++)
                {
                    var value = TLanes.Load(z + row * stride + column);
                    var u = Rectifier.Mask<TVector, TLanes>(TLanes.FusedMultiplyAdd(value, factor, offset), TLanes.Load(dh + row * stride + column), slope);
                    TLanes.Store(u, dh + row * stride + column);
                    sum = TLanes.Add(sum, u);
                    product = TLanes.FusedMultiplyAdd(u, TLanes.Subtract(value, centre), product);
                }

                TLanes.Store(sum, sums + column);
                TLanes.Store(product, products + column);
            }
        }
    }

    /// <summary>u = a·u + b·(z - mean) + c for some rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void NormaliseAdjoint(float* u, float* z, nint stride, int rows, int columns, float* mean, float* a, float* b, float* c)
    {
        for (int row = 0; row < rows; row++, z += stride, u += stride)
        {
            for (int column = 0; column < columns; column += TLanes.Count)
            {
                var centred = TLanes.Subtract(TLanes.Load(z + column), TLanes.Load(mean + column));
                var rest = TLanes.FusedMultiplyAdd(TLanes.Load(b + column), centred, TLanes.Load(c + column));
                TLanes.Store(TLanes.FusedMultiplyAdd(TLanes.Load(a + column), TLanes.Load(u + column), rest), u + column);
            }
        }
    }

    /// <summary>target = weight · (sum of rows) [+ sharedWeight · shared] for columns from..to.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Mean(float* rows, nint stride, int count, float weight, float* shared, float sharedWeight, int from, int to, float* target)
    {
        for (int column = from; column < to; column += TLanes.Count)
        {
            var sum = TLanes.Zero;
            for (int row = 0; row < count; row++)
            {
                sum = TLanes.Add(sum, TLanes.Load(rows + row * stride + column));
            }

            sum = TLanes.Multiply(sum, TLanes.Broadcast(weight));
            TLanes.Store(shared == null ? sum : TLanes.FusedMultiplyAdd(TLanes.Broadcast(sharedWeight), TLanes.Load(shared + column), sum), target + column);
        }
    }

    /// <summary>u of rows = rectifier'(h) · weight · mean for columns from..to.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Spread(float* mean, float weight, float* h, float* u, nint stride, int count, int from, int to, float slope)
    {
        for (int column = from; column < to; column += TLanes.Count)
        {
            var value = TLanes.Multiply(TLanes.Load(mean + column), TLanes.Broadcast(weight));
            for (int row = 0; row < count; row++)
            {
                TLanes.Store(Rectifier.Mask<TVector, TLanes>(TLanes.Load(h + row * stride + column), value, slope), u + row * stride + column);
            }
        }
    }

    /// <summary>target += factor · source for columns from..to.</summary>
    public static void AddScaled(float* source, float factor, int from, int to, float* target)
    {
        for (int column = from; column < to; column += TLanes.Count)
        {
            TLanes.Store(TLanes.FusedMultiplyAdd(TLanes.Broadcast(factor), TLanes.Load(source + column), TLanes.Load(target + column)), target + column);
        }
    }
}
