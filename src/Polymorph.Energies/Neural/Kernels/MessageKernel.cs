using System.Numerics;
using System.Runtime.CompilerServices;
using Polymorph.Representations.Kernels;

namespace Polymorph.Energies.Neural.Kernels;

/// <summary>The second descriptor, in which neighbours count by their messages: its values, its gradient by positions and messages, its directional derivative, and that derivative's
/// gradient by the messages. Formulas: docs/methods/neural-potential.md.</summary>
/// <typeparam name="T">Lanes.</typeparam>
/// <typeparam name="TNumber">Precision.</typeparam>
internal sealed unsafe class MessageKernel<T, TNumber>
    where T : unmanaged, IWide<T, TNumber>
    where TNumber : unmanaged, IBinaryFloatingPointIeee754<TNumber>
{
    private readonly AlignedArena _arena = new();
    private readonly DescriptorPlan _first;
    private readonly MessagePlan _plan;
    private readonly HarmonicKernel<T, TNumber> _harmonics;
    private readonly T* _weights;
    private readonly T* _function;
    private readonly T* _functionRate;
    private readonly T* _functionGradient;
    private readonly T* _harmonicGradient;
    private readonly T* _message;
    private readonly T* _messageRate;
    private readonly T* _gradient;
    private readonly T* _secondGradient;
    private readonly int _size;

    public MessageKernel(DescriptorPlan first, MessagePlan plan)
    {
        (_first, _plan, _size) = (first, plan, plan.ExpansionCount);
        _harmonics = new(_arena, first);
        _weights = _arena.Take<T>(_size);
        _function = _arena.Take<T>(_size);
        _functionRate = _arena.Take<T>(_size);
        _functionGradient = _arena.Take<T>(_size);
        _harmonicGradient = _arena.Take<T>(first.HarmonicCount);
        _message = _arena.Take<T>(plan.Messages);
        _messageRate = _arena.Take<T>(plan.Messages);
        _gradient = _arena.Take<T>(plan.Messages * _size);
        _secondGradient = _arena.Take<T>(plan.Messages * _size);
        for (int e = 0; e < plan.EntryOrder.Length; e++)
        {
            int l = plan.EntryOrder[e];
            for (int m = 0; m <= 2 * l; m++)
            {
                _weights[plan.EntryStart[e] + m] = T.Broadcast(TNumber.CreateTruncating(first.Harmonics.Weight[l * l + m]));
            }
        }
    }

    /// <summary>Features (p − mean) · scale.</summary>
    /// <param name="block">Described by the first descriptor.</param>
    /// <param name="messages">[1 + atoms, × messages]; row 0 is zero.</param>
    /// <param name="standard">Means, then scales, [2 × features].</param>
    /// <param name="expansion">c, [messages × ExpansionCount], overwritten.</param>
    /// <param name="features">[features], overwritten.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Describe(CentreBlock<T, TNumber> block, TNumber* messages, TNumber* standard, T* expansion, T* features)
    {
        new Span<T>(expansion, _plan.Messages * _size).Clear();
        for (int s = 0; s < block.SlotCount; s++)
        {
            Functions(block, s);
            Gather(messages, block.Neighbour + s * T.Count, _message);
            for (int k = 0; k < _plan.Messages; k++)
            {
                AddMultiple(_message[k], _function, expansion + k * _size);
            }
        }

        TNumber* mean = standard, scale = standard + _plan.FeatureCount;
        for (int k = 0; k < _plan.Messages; k++)
        {
            T* c = expansion + k * _size;
            for (int l = 0, first = 0; l <= _plan.Order; first += _plan.Order - l + 1, l++)
            {
                int width = 2 * l + 1, start = _plan.EntryStart[first], end = start + (_plan.Order - l + 1) * width;
                for (int i = start; i < end; i += width)
                {
                    for (int j = i; j < end; j += width)
                    {
                        T sum = T.Broadcast(TNumber.Zero);
                        for (int m = 0; m < width; m++)
                        {
                            sum = T.MultiplyAdd(_weights[i + m] * c[i + m], c[j + m], sum);
                        }

                        *features++ = (sum - T.Broadcast(*mean++)) * T.Broadcast(*scale++);
                    }
                }
            }
        }
    }

    /// <summary>Gradients by positions and messages from the gradient by the features.</summary>
    /// <param name="block">Described.</param>
    /// <param name="messages">Messages.</param>
    /// <param name="standard">Means, then scales.</param>
    /// <param name="expansion">c.</param>
    /// <param name="featureGradient">dE/dfeatures.</param>
    /// <param name="positionGradient">dE/dposition, [1 + atoms, × 3]; added to.</param>
    /// <param name="messageGradient">dE/dmessages, [1 + atoms, × messages]; added to.</param>
    /// <param name="virial">Σ offset ⊗ gradient; added to.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Reverse(
        CentreBlock<T, TNumber> block, TNumber* messages, TNumber* standard, T* expansion, T* featureGradient, TNumber* positionGradient, TNumber* messageGradient, double* virial)
    {
        ReverseProducts(standard, expansion, featureGradient, _gradient);
        var scatter = new SlotScatter<T, TNumber>(block, positionGradient);
        for (int s = 0; s < block.SlotCount; s++)
        {
            Functions(block, s);
            int* neighbour = block.Neighbour + s * T.Count;
            Gather(messages, neighbour, _message);
            new Span<T>(_functionGradient, _size).Clear();
            for (int k = 0; k < _plan.Messages; k++)
            {
                AddMultiple(_message[k], _gradient + k * _size, _functionGradient);
                _messageRate[k] = Dot(_gradient + k * _size, _function);
            }

            Scatter(_messageRate, neighbour, messageGradient);
            T squareGradient = ReverseFunctions(block, s);
            var (x, y, z) = _harmonics.Reverse(block, s, _harmonicGradient, squareGradient);
            scatter.Add(s, x, y, z);
        }

        scatter.Finish(virial);
    }

    /// <summary>Derivative of expansion and features along a displacement of the atoms and a change of their messages.</summary>
    /// <param name="block">Described.</param>
    /// <param name="messages">Messages.</param>
    /// <param name="messageRates">Their change, [1 + atoms, × messages]; row 0 is zero.</param>
    /// <param name="standard">Means, then scales.</param>
    /// <param name="displacement">[1 + atoms, × 3]; row 0 is zero.</param>
    /// <param name="expansion">c.</param>
    /// <param name="expansionRate">Change of c, overwritten.</param>
    /// <param name="tangent">Change of the features, overwritten.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Tangent(
        CentreBlock<T, TNumber> block, TNumber* messages, TNumber* messageRates, TNumber* standard, TNumber* displacement, T* expansion, T* expansionRate, T* tangent)
    {
        new Span<T>(expansionRate, _plan.Messages * _size).Clear();
        var gather = new SlotGather<T, TNumber>(block, displacement);
        for (int s = 0; s < block.SlotCount; s++)
        {
            int* neighbour = block.Neighbour + s * T.Count;
            Functions(block, s);
            FunctionRates(block, s, gather);
            Gather(messages, neighbour, _message);
            Gather(messageRates, neighbour, _messageRate);
            for (int k = 0; k < _plan.Messages; k++)
            {
                AddMultiple(_message[k], _functionRate, expansionRate + k * _size);
                AddMultiple(_messageRate[k], _function, expansionRate + k * _size);
            }
        }

        TNumber* scale = standard + _plan.FeatureCount;
        for (int k = 0; k < _plan.Messages; k++)
        {
            T* c = expansion + k * _size, rate = expansionRate + k * _size;
            for (int l = 0, first = 0; l <= _plan.Order; first += _plan.Order - l + 1, l++)
            {
                int width = 2 * l + 1, start = _plan.EntryStart[first], end = start + (_plan.Order - l + 1) * width;
                for (int i = start; i < end; i += width)
                {
                    for (int j = i; j < end; j += width)
                    {
                        T sum = T.Broadcast(TNumber.Zero);
                        for (int m = 0; m < width; m++)
                        {
                            sum = T.MultiplyAdd(_weights[i + m], T.MultiplyAdd(c[i + m], rate[j + m], rate[i + m] * c[j + m]), sum);
                        }

                        *tangent++ = sum * T.Broadcast(*scale++);
                    }
                }
            }
        }
    }

    /// <summary>Gradient by the messages of J = Σ second·features + Σ first·(change of the features).</summary>
    /// <param name="block">Described.</param>
    /// <param name="standard">Means, then scales.</param>
    /// <param name="displacement">[1 + atoms, × 3].</param>
    /// <param name="expansion">c.</param>
    /// <param name="expansionRate">From <see cref="Tangent"/>.</param>
    /// <param name="first">[features].</param>
    /// <param name="second">[features].</param>
    /// <param name="messageGradient">dJ/dmessages, [1 + atoms, × messages]; added to.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void SecondReverse(
        CentreBlock<T, TNumber> block, TNumber* standard, TNumber* displacement, T* expansion, T* expansionRate, T* first, T* second, TNumber* messageGradient)
    {
        // dJ/d(change of c) and dJ/dc.
        ReverseProducts(standard, expansion, first, _gradient);
        ReverseProducts(standard, expansion, second, _secondGradient);
        AddProducts(standard, expansionRate, first, _secondGradient);
        var gather = new SlotGather<T, TNumber>(block, displacement);
        for (int s = 0; s < block.SlotCount; s++)
        {
            Functions(block, s);
            FunctionRates(block, s, gather);
            for (int k = 0; k < _plan.Messages; k++)
            {
                _messageRate[k] = Dot(_secondGradient + k * _size, _function) + Dot(_gradient + k * _size, _functionRate);
            }

            Scatter(_messageRate, block.Neighbour + s * T.Count, messageGradient);
        }
    }

    // h S of one neighbour.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Functions(CentreBlock<T, TNumber> block, int slot)
    {
        T* radial = block.Radial + slot * _first.RadialStride, harmonic = block.Harmonic + slot * _first.HarmonicCount, to = _function;
        int[] order = _plan.EntryOrder, position = _plan.EntryPosition;
        for (int e = 0; e < order.Length; e++)
        {
            int l = order[e];
            T h = radial[position[e]];
            T* s = harmonic + l * l;
            for (int m = 0; m <= 2 * l; m++)
            {
                *to++ = h * s[m];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FunctionRates(CentreBlock<T, TNumber> block, int slot, in SlotGather<T, TNumber> gather)
    {
        var (u, v, w) = gather.Of(slot);
        T squareRate = _harmonics.Tangent(block, slot, u, v, w, _harmonicGradient);
        T* radial = block.Radial + slot * _first.RadialStride, slope = block.Slope + slot * _first.RadialStride;
        T* harmonic = block.Harmonic + slot * _first.HarmonicCount, to = _functionRate;
        int[] order = _plan.EntryOrder, position = _plan.EntryPosition;
        for (int e = 0; e < order.Length; e++)
        {
            int l = order[e];
            T h = radial[position[e]], change = slope[position[e]] * squareRate;
            T* s = harmonic + l * l, rate = _harmonicGradient + l * l;
            for (int m = 0; m <= 2 * l; m++)
            {
                *to++ = T.MultiplyAdd(h, rate[m], change * s[m]);
            }
        }
    }

    // From dE/d(h S) to dE/dS and dE/d(square).
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private T ReverseFunctions(CentreBlock<T, TNumber> block, int slot)
    {
        new Span<T>(_harmonicGradient, _first.HarmonicCount).Clear();
        T* radial = block.Radial + slot * _first.RadialStride, slope = block.Slope + slot * _first.RadialStride;
        T* harmonic = block.Harmonic + slot * _first.HarmonicCount, gradient = _functionGradient;
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

    private void ReverseProducts(TNumber* standard, T* expansion, T* featureGradient, T* result)
    {
        new Span<T>(result, _plan.Messages * _size).Clear();
        AddProducts(standard, expansion, featureGradient, result);
    }

    // For every product p_ij with gradient v: result_i += v w c_j and result_j += v w c_i.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddProducts(TNumber* standard, T* expansion, T* featureGradient, T* result)
    {
        TNumber* scale = standard + _plan.FeatureCount;
        for (int k = 0; k < _plan.Messages; k++)
        {
            T* c = expansion + k * _size, to = result + k * _size;
            for (int l = 0, first = 0; l <= _plan.Order; first += _plan.Order - l + 1, l++)
            {
                int width = 2 * l + 1, start = _plan.EntryStart[first], end = start + (_plan.Order - l + 1) * width;
                for (int i = start; i < end; i += width)
                {
                    for (int j = i; j < end; j += width)
                    {
                        T v = *featureGradient++ * T.Broadcast(*scale++);
                        for (int m = 0; m < width; m++)
                        {
                            T weighted = v * _weights[i + m];
                            to[i + m] = T.MultiplyAdd(weighted, c[j + m], to[i + m]);
                            to[j + m] = T.MultiplyAdd(weighted, c[i + m], to[j + m]);
                        }
                    }
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddMultiple(T factor, T* from, T* to)
    {
        for (int i = 0; i < _size; i++)
        {
            to[i] = T.MultiplyAdd(factor, from[i], to[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private T Dot(T* a, T* b)
    {
        T even = T.Broadcast(TNumber.Zero), odd = even;
        int i = 0;
        for (; i + 1 < _size; i += 2)
        {
            even = T.MultiplyAdd(a[i], b[i], even);
            odd = T.MultiplyAdd(a[i + 1], b[i + 1], odd);
        }

        return (i < _size ? T.MultiplyAdd(a[i], b[i], even) : even) + odd;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Gather(TNumber* rows, int* atoms, T* result)
    {
        int width = _plan.Messages;
        TNumber* to = (TNumber*)result;
        for (int lane = 0; lane < T.Count; lane++)
        {
            TNumber* from = rows + (nint)atoms[lane] * width;
            for (int k = 0; k < width; k++)
            {
                to[k * T.Count + lane] = from[k];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Scatter(T* values, int* atoms, TNumber* rows)
    {
        int width = _plan.Messages;
        TNumber* from = (TNumber*)values;
        for (int lane = 0; lane < T.Count; lane++)
        {
            TNumber* to = rows + (nint)atoms[lane] * width;
            for (int k = 0; k < width; k++)
            {
                to[k] += from[k * T.Count + lane];
            }
        }
    }
}
