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
        int[] order = _plan.FunctionOrder, start = _plan.ExpansionStart;
        var sums = new HarmonicSums<T>(slots.RadialStride, slots.HarmonicStride);
        for (int type = 0; type < _plan.TypeCount; type++)
        {
            int first = slots.TypeStart[type], count = slots.TypeStart[type + 1] - first;
            T* radial = slots.Radial + first * slots.RadialStride, harmonic = slots.Harmonic + first * slots.HarmonicStride;
            T* to = _coefficients + type * _plan.ExpansionCount;
            for (int f = 0; f < order.Length;)
            {
                // Functions of one l share its harmonics: two of them in one pass load each harmonic once for two products.
                int l = order[f], functions = f + 1 < order.Length && order[f + 1] == l ? 2 : 1;
                sums.Add(radial + _position[f], radial + _position[f + functions - 1], harmonic + l * l, count, 2 * l + 1, to + start[f], to + start[f + functions - 1]);
                f += functions;
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
}
