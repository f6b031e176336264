using Polymorph.Representations.LocalDescriptors;

namespace Polymorph.Representations.Kernels;

/// <summary>Real solid harmonics of many vectors at once, in the scaling of <see cref="SolidHarmonicTables"/>.</summary>
/// <typeparam name="T">Lanes.</typeparam>
internal sealed unsafe class SolidHarmonicLanes<T>
    where T : unmanaged, ILanes<T>
{
    private readonly int _order;
    private readonly float[] _recurrence;
    private readonly float[] _along;
    private readonly float[] _up;
    private readonly float[] _down;

    public SolidHarmonicLanes(SolidHarmonicTables tables, int order)
    {
        _order = order;
        _recurrence = [.. tables.Recurrence.Select(v => (float)v)];
        _along = [.. tables.Along.Select(v => (float)v)];
        _up = [.. tables.Up.Select(v => (float)v)];
        _down = [.. tables.Down.Select(v => (float)v)];
    }

    /// <summary>All harmonics up to the order, of one vector.</summary>
    /// <param name="x">Component.</param>
    /// <param name="y">Component.</param>
    /// <param name="z">Component.</param>
    /// <param name="square">x² + y² + z².</param>
    /// <param name="result">[(order + 1)²], overwritten.</param>
    public void Values(T x, T y, T z, T square, T* result)
    {
        result[0] = T.Broadcast(1);
        result[1] = z;
        result[2] = x;
        result[3] = y;
        for (int l = 2; l <= _order; l++)
        {
            T* now = result + l * l, last = result + (l - 1) * (l - 1), older = result + (l - 2) * (l - 2);
            for (int k = 0; k <= 2 * l - 4; k++)
            {
                now[k] = T.NegateMultiplyAdd(T.Broadcast(_recurrence[l * l + k]) * square, older[k], z * last[k]);
            }

            T real = last[2 * l - 3], imaginary = last[2 * l - 2];
            now[2 * l - 3] = z * real;
            now[2 * l - 2] = z * imaginary;
            now[2 * l - 1] = T.NegateMultiplyAdd(y, imaginary, x * real);
            now[2 * l] = T.MultiplyAdd(y, real, x * imaginary);
        }
    }

    /// <summary>Sum over all harmonics of weight · gradient, for one vector.</summary>
    /// <param name="harmonics">Values, [(order + 1)²].</param>
    /// <param name="weights">Weights, [(order + 1)²].</param>
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
