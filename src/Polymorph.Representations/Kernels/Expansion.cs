using System.Runtime.CompilerServices;

namespace Polymorph.Representations.Kernels;

/// <summary>The expansion coefficients c[A, ln, m] = Σ_j h_ln(t_j) S_lm(δ_j) of one centre, and what becomes of them.</summary>
/// <typeparam name="T">Lanes.</typeparam>
internal sealed unsafe class Expansion<T>
    where T : unmanaged, ILanes<T>
{
    private readonly PowerSpectrumPlan _plan;
    private readonly int[] _position;
    private readonly float[] _weight;
    private readonly T* _coefficients;
    private readonly T* _weighted;

    public Expansion(AlignedArena arena, PowerSpectrumPlan plan, IRadialLanes<T> radial)
    {
        (_plan, _position) = (plan, radial.Position);
        _weight = [.. plan.FunctionOrder.SelectMany(l => plan.Harmonics.Weight.Skip(l * l).Take(2 * l + 1)).Select(w => (float)w)];
        _coefficients = arena.Take<T>(plan.TypeCount * plan.ExpansionCount);
        _weighted = arena.Take<T>(plan.TypeCount * plan.ExpansionCount);
    }

    /// <summary>dL/dc for every coefficient after <see cref="Reverse"/>, [types × ExpansionCount].</summary>
    public T* Weighted => _weighted;

    /// <summary>Sums over the neighbours.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Accumulate(NeighbourSlots<T> slots)
    {
        int[] order = _plan.FunctionOrder;
        T* to = _coefficients;
        for (int type = 0; type < _plan.TypeCount; type++)
        {
            int first = slots.TypeStart[type], count = slots.TypeStart[type + 1] - first;
            T* radial = slots.Radial + first * slots.RadialStride, harmonic = slots.Harmonic + first * slots.HarmonicStride;
            for (int f = 0; f < order.Length; f++)
            {
                int l = order[f];
                SumRow(radial + _position[f], slots.RadialStride, harmonic + l * l, slots.HarmonicStride, count, 2 * l + 1, to);
                to += 2 * l + 1;
            }
        }
    }

    /// <summary>P[A ≤ B, ln] = Σ_m c[A, ln, m] c[B, ln, m] with the harmonics' weights.</summary>
    /// <param name="result">[pairs × functions], overwritten.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Contract(T* result)
    {
        int size = _plan.ExpansionCount;
        int[] start = _plan.ExpansionStart;
        fixed (float* weight = _weight)
        {
            for (int a = 0; a < _plan.TypeCount; a++)
            {
                T* left = _weighted + a * size, plain = _coefficients + a * size;
                for (int k = 0; k < size; k++)
                {
                    left[k] = T.Broadcast(weight[k]) * plain[k];
                }

                for (int b = a; b < _plan.TypeCount; b++)
                {
                    T* right = _coefficients + b * size;
                    for (int f = 0; f + 1 < start.Length; f++)
                    {
                        T sum = left[start[f]] * right[start[f]];
                        for (int k = start[f] + 1; k < start[f + 1]; k++)
                        {
                            sum = T.MultiplyAdd(left[k], right[k], sum);
                        }

                        *result++ = sum;
                    }
                }
            }
        }
    }

    /// <summary>From dL/dP to dL/dc, in <see cref="Weighted"/>.</summary>
    /// <param name="spectrumGradient">[pairs × functions].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Reverse(T* spectrumGradient)
    {
        int size = _plan.ExpansionCount, functions = _plan.FunctionCount, types = _plan.TypeCount;
        int[] start = _plan.ExpansionStart;
        for (int a = 0; a < types; a++)
        {
            T* to = _weighted + a * size;
            for (int f = 0; f < functions; f++)
            {
                for (int k = start[f]; k < start[f + 1]; k++)
                {
                    T sum = T.Broadcast(0);
                    for (int b = 0; b < types; b++)
                    {
                        T v = spectrumGradient[Pair(Math.Min(a, b), Math.Max(a, b)) * functions + f];
                        sum = T.MultiplyAdd(a == b ? v + v : v, _coefficients[b * size + k], sum);
                    }

                    to[k] = T.Broadcast(_weight[k]) * sum;
                }
            }
        }
    }

    private int Pair(int a, int b) => a * _plan.TypeCount - a * (a - 1) / 2 + b - a;

    // One radial function times its 2l + 1 harmonics, summed over neighbours with the sums in registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumRow(T* radial, nint radialStride, T* harmonic, nint harmonicStride, int count, int width, T* to)
    {
        T* end = radial + count * radialStride;
        for (; width >= 5; width -= 5, harmonic += 5, to += 5)
        {
            T a0 = T.Broadcast(0), a1 = a0, a2 = a0, a3 = a0, a4 = a0;
            T* s = harmonic;
            for (T* h = radial; h < end; h += radialStride, s += harmonicStride)
            {
                T v = *h;
                a0 = T.MultiplyAdd(v, s[0], a0);
                a1 = T.MultiplyAdd(v, s[1], a1);
                a2 = T.MultiplyAdd(v, s[2], a2);
                a3 = T.MultiplyAdd(v, s[3], a3);
                a4 = T.MultiplyAdd(v, s[4], a4);
            }

            (to[0], to[1], to[2], to[3], to[4]) = (a0, a1, a2, a3, a4);
        }

        for (; width >= 2; width -= 2, harmonic += 2, to += 2)
        {
            T a0 = T.Broadcast(0), a1 = a0;
            T* s = harmonic;
            for (T* h = radial; h < end; h += radialStride, s += harmonicStride)
            {
                T v = *h;
                a0 = T.MultiplyAdd(v, s[0], a0);
                a1 = T.MultiplyAdd(v, s[1], a1);
            }

            (to[0], to[1]) = (a0, a1);
        }

        if (width == 1)
        {
            T a0 = T.Broadcast(0);
            T* s = harmonic;
            for (T* h = radial; h < end; h += radialStride, s += harmonicStride)
            {
                a0 = T.MultiplyAdd(*h, *s, a0);
            }

            *to = a0;
        }
    }
}
