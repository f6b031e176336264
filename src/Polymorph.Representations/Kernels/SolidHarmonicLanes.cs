using System.Runtime.CompilerServices;

namespace Polymorph.Representations.Kernels;

/// <summary>Real solid harmonics of many vectors at once, in the scaling of <see cref="SolidHarmonicTables"/>.</summary>
/// <typeparam name="T">Lanes.</typeparam>
internal sealed unsafe class SolidHarmonicLanes<T>
    where T : unmanaged, ILanes<T>
{
    private readonly int _order;
    private readonly float* _columnRecurrence;
    private readonly float[] _along;
    private readonly float[] _up;
    private readonly float[] _down;

    public SolidHarmonicLanes(AlignedArena arena, SolidHarmonicTables tables, int order)
    {
        _order = order;
        _columnRecurrence = arena.Take<float>((order + 1) * (order + 1));
        for (int l = 2; l <= order; l++)
        {
            for (int m = 0; m <= l - 2; m++)
            {
                _columnRecurrence[l * (order + 1) + m] = (float)tables.Recurrence[l * l + 2 * m];
            }
        }

        _along = [.. tables.Along.Select(v => (float)v)];
        _up = [.. tables.Up.Select(v => (float)v)];
        _down = [.. tables.Down.Select(v => (float)v)];
    }

    /// <summary>All harmonics of every neighbour's offset or direction.</summary>
    /// <param name="slots">Neighbours; their harmonics are overwritten.</param>
    /// <param name="onUnitVectors">Directions instead of offsets.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Values(NeighbourSlots<T> slots, bool onUnitVectors)
    {
        T* result = slots.Harmonic;
        for (int s = 0; s < slots.Count; s++, result += slots.HarmonicStride)
        {
            T x = slots.X[s], y = slots.Y[s], z = slots.Z[s], square = slots.Square[s];
            if (onUnitVectors)
            {
                T inverse = NeighbourSlots<T>.InverseLength(square);
                (x, y, z, square) = (x * inverse, y * inverse, z * inverse, T.Broadcast(1));
            }

            result[0] = T.Broadcast(1);
            Column(z, square, 0, result, result[0]);
            T real = x, imaginary = y;
            for (int m = 1; m <= _order; m++)
            {
                T* top = result + m * m + 2 * m - 1;
                top[0] = real;
                top[1] = imaginary;
                Column(z, square, m, top, real);
                Column(z, square, m, top + 1, imaginary);
                (real, imaginary) = (T.NegateMultiplyAdd(y, imaginary, x * real), T.MultiplyAdd(y, real, x * imaginary));
            }
        }
    }

    // One m (real or imaginary part) upwards in l, in registers.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Column(T z, T square, int m, T* to, T start)
    {
        if (m == _order)
        {
            return;
        }

        // Entry (l, k) stands at l² + k, so the next order is 2l + 1 entries on.
        T older = start, newer = z * start;
        to += 2 * m + 1;
        *to = newer;
        for (int l = m + 2; l <= _order; l++)
        {
            T next = T.NegateMultiplyAdd(T.Broadcast(_columnRecurrence[l * (_order + 1) + m]) * square, older, z * newer);
            to += 2 * l - 1;
            *to = next;
            (older, newer) = (newer, next);
        }
    }

    /// <summary>Sum over all harmonics of weight · gradient, for one vector.</summary>
    /// <param name="harmonics">Values, [(order + 1)²].</param>
    /// <param name="weights">Weights, [(order + 1)²].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public (T X, T Y, T Z) Gradient(T* harmonics, T* weights)
    {
        T gx = weights[2], gy = weights[3], gz = weights[1];
        for (int l = 2; l <= _order; l++)
        {
            T* q = weights + l * l, last = harmonics + (l - 1) * (l - 1);
            T twiceUp = T.Broadcast(-2 * _up[l * l]) * q[0];
            gz = T.MultiplyAdd(T.Broadcast(_along[l * l]) * q[0], last[0], gz);
            gx = T.MultiplyAdd(twiceUp, last[1], gx);
            gy = T.MultiplyAdd(twiceUp, last[2], gy);
            for (int m = 1; m <= l; m++)
            {
                T real = q[2 * m - 1], imaginary = q[2 * m];
                T down = T.Broadcast(_down[l * l + 2 * m]);
                T downReal = down * real, downImaginary = down * imaginary;
                if (m == 1)
                {
                    gx = T.MultiplyAdd(downReal, last[0], gx);
                    gy = T.MultiplyAdd(downImaginary, last[0], gy);
                }
                else
                {
                    T* below = last + 2 * m - 3;
                    gx = T.MultiplyAdd(downImaginary, below[1], T.MultiplyAdd(downReal, below[0], gx));
                    gy = T.NegateMultiplyAdd(downReal, below[1], T.MultiplyAdd(downImaginary, below[0], gy));
                }

                if (m < l)
                {
                    T along = T.Broadcast(_along[l * l + 2 * m]);
                    gz = T.MultiplyAdd(along * imaginary, last[2 * m], T.MultiplyAdd(along * real, last[2 * m - 1], gz));
                }

                if (m < l - 1)
                {
                    T up = T.Broadcast(_up[l * l + 2 * m]), upReal = up * real, upImaginary = up * imaginary;
                    T* above = last + 2 * m + 1;
                    gx = T.NegateMultiplyAdd(upImaginary, above[1], T.NegateMultiplyAdd(upReal, above[0], gx));
                    gy = T.MultiplyAdd(upImaginary, above[0], T.NegateMultiplyAdd(upReal, above[1], gy));
                }
            }
        }

        return (gx, gy, gz);
    }
}
