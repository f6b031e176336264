using System.Numerics;
using System.Runtime.CompilerServices;
using Polymorph.Representations.Kernels;

namespace Polymorph.Energies.Neural.Kernels;

/// <summary>Real solid harmonics of the neighbours' offsets by recurrence, and that recurrence run backwards and in tangent mode.</summary>
/// <remarks>S_mm = (x + iy)^m and S_lm = z S_(l−1)m − b_lm r² S_(l−2)m; entry l² + k holds k = 0 for m = 0, 2m − 1 for Re, 2m for Im. See docs/methods/descriptors.md.</remarks>
/// <typeparam name="T">Lanes.</typeparam>
/// <typeparam name="TNumber">Precision.</typeparam>
internal sealed unsafe class HarmonicKernel<T, TNumber>
    where T : unmanaged, IWide<T, TNumber>
    where TNumber : unmanaged, IBinaryFloatingPointIeee754<TNumber>
{
    private readonly int _order;
    private readonly int _count;

    // −b_lm at l² + k.
    private readonly TNumber* _recurrence;

    public HarmonicKernel(AlignedArena arena, DescriptorPlan plan)
    {
        (_order, _count) = (plan.Order, plan.HarmonicCount);
        _recurrence = arena.Take<TNumber>(_count);
        for (int k = 0; k < _count; k++)
        {
            _recurrence[k] = TNumber.CreateTruncating(-plan.Harmonics.Recurrence[k]);
        }
    }

    /// <summary>Harmonics of all neighbours.</summary>
    /// <param name="block">Loaded.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Values(CentreBlock<T, TNumber> block)
    {
        T* s = block.Harmonic;
        for (int slot = 0; slot < block.SlotCount; slot++, s += _count)
        {
            T x = block.X[slot], y = block.Y[slot], z = block.Z[slot], square = block.Square[slot];
            T real = T.Broadcast(TNumber.One), imaginary = T.Broadcast(TNumber.Zero);
            s[0] = real;
            for (int l = 1; l <= _order; l++)
            {
                int now = l * l, last = now - 2 * l + 1, older = last - 2 * l + 3;
                for (int k = 0; k <= 2 * l - 4; k++)
                {
                    s[now + k] = T.MultiplyAdd(T.Broadcast(_recurrence[now + k]) * square, s[older + k], z * s[last + k]);
                }

                for (int k = Math.Max(0, 2 * l - 3); k <= 2 * l - 2; k++)
                {
                    s[now + k] = z * s[last + k];
                }

                (real, imaginary) = (x * real - y * imaginary, T.MultiplyAdd(x, imaginary, y * real));
                s[now + 2 * l - 1] = real;
                s[now + 2 * l] = imaginary;
            }
        }
    }

    /// <summary>Gradient by one neighbour's offset.</summary>
    /// <param name="block">Described.</param>
    /// <param name="slot">The neighbour.</param>
    /// <param name="gradient">dE/dS, [harmonics], overwritten.</param>
    /// <param name="squareGradient">dE/d(square) through other paths.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public (T X, T Y, T Z) Reverse(CentreBlock<T, TNumber> block, int slot, T* gradient, T squareGradient)
    {
        T* s = block.Harmonic + slot * _count;
        T x = block.X[slot], y = block.Y[slot], z = block.Z[slot], square = block.Square[slot];
        T gx = T.Broadcast(TNumber.Zero), gy = gx, gz = gx;
        for (int l = _order; l >= 1; l--)
        {
            int now = l * l, last = now - 2 * l + 1, older = last - 2 * l + 3;
            T toReal = gradient[now + 2 * l - 1], toImaginary = gradient[now + 2 * l];
            if (l == 1)
            {
                gx += toReal;
                gy += toImaginary;
            }
            else
            {
                T real = s[last + 2 * l - 3], imaginary = s[last + 2 * l - 2];
                gx = T.MultiplyAdd(real, toReal, T.MultiplyAdd(imaginary, toImaginary, gx));
                gy = T.MultiplyAdd(real, toImaginary, gy) - imaginary * toReal;
                gradient[last + 2 * l - 3] = T.MultiplyAdd(x, toReal, T.MultiplyAdd(y, toImaginary, gradient[last + 2 * l - 3]));
                gradient[last + 2 * l - 2] = T.MultiplyAdd(x, toImaginary, gradient[last + 2 * l - 2]) - y * toReal;
            }

            for (int k = 0; k <= 2 * l - 2; k++)
            {
                T g = gradient[now + k];
                gz = T.MultiplyAdd(s[last + k], g, gz);
                gradient[last + k] = T.MultiplyAdd(z, g, gradient[last + k]);
            }

            for (int k = 0; k <= 2 * l - 4; k++)
            {
                T g = gradient[now + k] * T.Broadcast(_recurrence[now + k]);
                squareGradient = T.MultiplyAdd(s[older + k], g, squareGradient);
                gradient[older + k] = T.MultiplyAdd(square, g, gradient[older + k]);
            }
        }

        T twice = squareGradient + squareGradient;
        return (T.MultiplyAdd(twice, x, gx), T.MultiplyAdd(twice, y, gy), T.MultiplyAdd(twice, z, gz));
    }

    /// <summary>Derivatives of one neighbour's harmonics along a displacement.</summary>
    /// <param name="block">Described.</param>
    /// <param name="slot">The neighbour.</param>
    /// <param name="u">Change of x.</param>
    /// <param name="v">Change of y.</param>
    /// <param name="w">Change of z.</param>
    /// <param name="rate">[harmonics], overwritten.</param>
    /// <returns>Change of the square.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public T Tangent(CentreBlock<T, TNumber> block, int slot, T u, T v, T w, T* rate)
    {
        T* s = block.Harmonic + slot * _count;
        T x = block.X[slot], y = block.Y[slot], z = block.Z[slot], square = block.Square[slot];
        T squareRate = T.MultiplyAdd(x, u, T.MultiplyAdd(y, v, z * w));
        squareRate += squareRate;
        rate[0] = T.Broadcast(TNumber.Zero);
        for (int l = 1; l <= _order; l++)
        {
            int now = l * l, last = now - 2 * l + 1, older = last - 2 * l + 3;
            for (int k = 0; k <= 2 * l - 2; k++)
            {
                rate[now + k] = T.MultiplyAdd(z, rate[last + k], w * s[last + k]);
            }

            for (int k = 0; k <= 2 * l - 4; k++)
            {
                T change = T.MultiplyAdd(square, rate[older + k], squareRate * s[older + k]);
                rate[now + k] = T.MultiplyAdd(T.Broadcast(_recurrence[now + k]), change, rate[now + k]);
            }

            if (l == 1)
            {
                (rate[2], rate[3]) = (u, v);
                continue;
            }

            T real = s[last + 2 * l - 3], imaginary = s[last + 2 * l - 2], realRate = rate[last + 2 * l - 3], imaginaryRate = rate[last + 2 * l - 2];
            rate[now + 2 * l - 1] = T.MultiplyAdd(x, realRate, u * real) - T.MultiplyAdd(y, imaginaryRate, v * imaginary);
            rate[now + 2 * l] = T.MultiplyAdd(x, imaginaryRate, u * imaginary) + T.MultiplyAdd(y, realRate, v * real);
        }

        return squareRate;
    }
}
