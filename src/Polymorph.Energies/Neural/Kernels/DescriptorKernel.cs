using System.Numerics;
using System.Runtime.CompilerServices;
using Polymorph.Representations.Kernels;

namespace Polymorph.Energies.Neural.Kernels;

/// <summary>Descriptors of blocks of centres: values, the way back from their gradient to the neighbours, and the directional derivative. Formulas: docs/methods/neural-potential.md.</summary>
/// <typeparam name="T">Lanes.</typeparam>
/// <typeparam name="TNumber">Precision.</typeparam>
internal sealed unsafe class DescriptorKernel<T, TNumber>
    where T : unmanaged, IWide<T, TNumber>
    where TNumber : unmanaged, IBinaryFloatingPointIeee754<TNumber>
{
    private readonly AlignedArena _arena = new();
    private readonly DescriptorPlan _plan;
    private readonly RadialKernel<T, TNumber> _radial;
    private readonly HarmonicKernel<T, TNumber> _harmonics;
    private readonly T* _weights;
    private readonly T* _gradient;
    private readonly T* _harmonicGradient;
    private readonly int _perType;

    public DescriptorKernel(DescriptorPlan plan)
    {
        _plan = plan;
        _radial = new(_arena, plan);
        _harmonics = new(_arena, plan);
        _perType = plan.ExpansionCount;
        int size = plan.TypeCount * _perType;
        _weights = _arena.Take<T>(size);
        _gradient = _arena.Take<T>(size);
        _harmonicGradient = _arena.Take<T>(plan.HarmonicCount);
        for (int type = 0; type < plan.TypeCount; type++)
        {
            for (int e = 0; e < plan.EntryOrder.Length; e++)
            {
                int l = plan.EntryOrder[e];
                for (int m = 0; m <= 2 * l; m++)
                {
                    _weights[type * _perType + plan.EntryStart[e] + m] = T.Broadcast(TNumber.CreateTruncating(plan.Harmonics.Weight[l * l + m]));
                }
            }
        }
    }

    /// <summary>Features (p − mean) · scale of the centres.</summary>
    /// <param name="block">Loaded; keeps what the other passes need.</param>
    /// <param name="standard">Means, then scales, [2 × features].</param>
    /// <param name="features">[features], overwritten.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Describe(CentreBlock<T, TNumber> block, TNumber* standard, T* features)
    {
        _radial.Evaluate(block);
        _harmonics.Values(block);
        T* c = block.Coefficients, weighted = block.Weighted;
        int size = _plan.TypeCount * _perType;
        new Span<T>(c, size).Clear();
        for (int type = 0; type < _plan.TypeCount; type++)
        {
            for (int s = block.TypeStart[type]; s < block.TypeStart[type + 1]; s++)
            {
                Accumulate(block.Radial + s * _plan.RadialStride, block.Harmonic + s * _plan.HarmonicCount, c + type * _perType);
            }
        }

        for (int k = 0; k < size; k++)
        {
            weighted[k] = _weights[k] * c[k];
        }

        TNumber* mean = standard, scale = standard + _plan.FeatureCount;
        for (int l = 0; l <= _plan.Order; l++)
        {
            int[] channels = _plan.Channels[l];
            int width = 2 * l + 1;
            for (int i = 0; i < channels.Length; i++)
            {
                T* left = weighted + channels[i];
                for (int j = i; j < channels.Length; j++)
                {
                    T* right = c + channels[j];
                    T sum = left[0] * right[0];
                    for (int m = 1; m < width; m++)
                    {
                        sum = T.MultiplyAdd(left[m], right[m], sum);
                    }

                    *features++ = (sum - T.Broadcast(*mean++)) * T.Broadcast(*scale++);
                }
            }
        }

        for (int type = 0; type < _plan.TypeCount; type++)
        {
            for (int e = 0; e < _plan.PairEntries; e++)
            {
                *features++ = (c[type * _perType + e] - T.Broadcast(*mean++)) * T.Broadcast(*scale++);
            }
        }
    }

    /// <summary>Gradient by the positions, from the gradient by the features.</summary>
    /// <param name="block">Described.</param>
    /// <param name="standard">Means, then scales, [2 × features].</param>
    /// <param name="featureGradient">dE/dfeatures, [features].</param>
    /// <param name="positionGradient">dE/dposition, [1 + atoms, × 3], per unit of the largest cutoff; added to. Row 0 takes what belongs to no atom.</param>
    /// <param name="virial">Σ offset ⊗ gradient: xx, yy, zz, yz, xz, xy; added to.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Reverse(CentreBlock<T, TNumber> block, TNumber* standard, T* featureGradient, TNumber* positionGradient, double* virial)
    {
        ReverseProducts(block, standard, featureGradient);
        var scatter = new SlotScatter<T, TNumber>(block, positionGradient);
        for (int type = 0; type < _plan.TypeCount; type++)
        {
            for (int s = block.TypeStart[type]; s < block.TypeStart[type + 1]; s++)
            {
                T radialPart = ReverseSlot(block.Radial + s * _plan.RadialStride, block.Slope + s * _plan.RadialStride, block.Harmonic + s * _plan.HarmonicCount, _gradient + type * _perType);
                var (x, y, z) = _harmonics.Reverse(block, s, _harmonicGradient, radialPart);
                scatter.Add(s, x, y, z);
            }
        }

        scatter.Finish(virial);
    }

    /// <summary>Derivative of the features along a displacement of all atoms.</summary>
    /// <param name="block">Described.</param>
    /// <param name="standard">Means, then scales, [2 × features].</param>
    /// <param name="displacement">[1 + atoms, × 3] in units of the largest cutoff; row 0 is zero.</param>
    /// <param name="tangent">[features], overwritten.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Tangent(CentreBlock<T, TNumber> block, TNumber* standard, TNumber* displacement, T* tangent)
    {
        T* rate = _gradient;
        new Span<T>(rate, _plan.TypeCount * _perType).Clear();
        var gather = new SlotGather<T, TNumber>(block, displacement);
        for (int type = 0; type < _plan.TypeCount; type++)
        {
            for (int s = block.TypeStart[type]; s < block.TypeStart[type + 1]; s++)
            {
                var (x, y, z) = gather.Of(s);
                T squareRate = _harmonics.Tangent(block, s, x, y, z, _harmonicGradient);
                AccumulateRate(block.Radial + s * _plan.RadialStride, block.Slope + s * _plan.RadialStride, block.Harmonic + s * _plan.HarmonicCount, squareRate, rate + type * _perType);
            }
        }

        TNumber* scale = standard + _plan.FeatureCount;
        T* weighted = block.Weighted;
        for (int l = 0; l <= _plan.Order; l++)
        {
            int[] channels = _plan.Channels[l];
            int width = 2 * l + 1;
            for (int i = 0; i < channels.Length; i++)
            {
                T* left = weighted + channels[i], leftRate = rate + channels[i];
                for (int j = i; j < channels.Length; j++)
                {
                    T* right = weighted + channels[j], rightRate = rate + channels[j];
                    T sum = T.MultiplyAdd(left[0], rightRate[0], leftRate[0] * right[0]);
                    for (int m = 1; m < width; m++)
                    {
                        sum = T.MultiplyAdd(left[m], rightRate[m], T.MultiplyAdd(leftRate[m], right[m], sum));
                    }

                    *tangent++ = sum * T.Broadcast(*scale++);
                }
            }
        }

        for (int type = 0; type < _plan.TypeCount; type++)
        {
            for (int e = 0; e < _plan.PairEntries; e++)
            {
                *tangent++ = rate[type * _perType + e] * T.Broadcast(*scale++);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Accumulate(T* radial, T* harmonic, T* c)
    {
        int[] order = _plan.EntryOrder, position = _plan.EntryPosition;
        for (int e = 0; e < order.Length; e++)
        {
            int l = order[e];
            T h = radial[position[e]];
            T* s = harmonic + l * l;
            for (int m = 0; m <= 2 * l; m++)
            {
                *c = T.MultiplyAdd(h, s[m], *c);
                c++;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AccumulateRate(T* radial, T* slope, T* harmonic, T squareRate, T* rate)
    {
        int[] order = _plan.EntryOrder, position = _plan.EntryPosition;
        for (int e = 0; e < order.Length; e++)
        {
            int l = order[e];
            T h = radial[position[e]], change = slope[position[e]] * squareRate;
            T* s = harmonic + l * l, sRate = _harmonicGradient + l * l;
            for (int m = 0; m <= 2 * l; m++)
            {
                *rate = T.MultiplyAdd(h, sRate[m], T.MultiplyAdd(change, s[m], *rate));
                rate++;
            }
        }
    }

    // dE/dc from dE/dfeatures.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ReverseProducts(CentreBlock<T, TNumber> block, TNumber* standard, T* featureGradient)
    {
        TNumber* scale = standard + _plan.FeatureCount;
        T* weighted = block.Weighted;
        new Span<T>(_gradient, _plan.TypeCount * _perType).Clear();
        for (int l = 0; l <= _plan.Order; l++)
        {
            int[] channels = _plan.Channels[l];
            int width = 2 * l + 1;
            for (int i = 0; i < channels.Length; i++)
            {
                T* left = weighted + channels[i], toLeft = _gradient + channels[i];
                for (int j = i; j < channels.Length; j++)
                {
                    T* right = weighted + channels[j], toRight = _gradient + channels[j];
                    T v = *featureGradient++ * T.Broadcast(*scale++);
                    for (int m = 0; m < width; m++)
                    {
                        toLeft[m] = T.MultiplyAdd(v, right[m], toLeft[m]);
                        toRight[m] = T.MultiplyAdd(v, left[m], toRight[m]);
                    }
                }
            }
        }

        for (int type = 0; type < _plan.TypeCount; type++)
        {
            for (int e = 0; e < _plan.PairEntries; e++)
            {
                _gradient[type * _perType + e] = T.MultiplyAdd(*featureGradient++, T.Broadcast(*scale++), _gradient[type * _perType + e]);
            }
        }
    }

    // dE/dS of one neighbour in _harmonicGradient; returns dE/d(square) through the radial functions.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private T ReverseSlot(T* radial, T* slope, T* harmonic, T* gradient)
    {
        new Span<T>(_harmonicGradient, _plan.HarmonicCount).Clear();
        int[] order = _plan.EntryOrder, position = _plan.EntryPosition;
        T result = T.Broadcast(TNumber.Zero);
        for (int e = 0; e < order.Length; e++)
        {
            int l = order[e];
            T h = radial[position[e]], sum = T.Broadcast(TNumber.Zero);
            T* s = harmonic + l * l, to = _harmonicGradient + l * l;
            for (int m = 0; m <= 2 * l; m++)
            {
                T g = *gradient++;
                sum = T.MultiplyAdd(g, s[m], sum);
                to[m] = T.MultiplyAdd(g, h, to[m]);
            }

            result = T.MultiplyAdd(sum, slope[position[e]], result);
        }

        return result;
    }
}
