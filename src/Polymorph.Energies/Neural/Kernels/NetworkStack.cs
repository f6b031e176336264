using System.Numerics;
using System.Runtime.CompilerServices;
using Polymorph.Representations.Kernels;

namespace Polymorph.Energies.Neural.Kernels;

/// <summary>All passes of one member over the blocks of a batch: descriptors, first networks, messages, second networks, and back.</summary>
/// <remarks>The first descriptors of the blocks are computed by the caller, since all members share them. Derivations: docs/methods/neural-potential.md.</remarks>
/// <typeparam name="T">Lanes.</typeparam>
/// <typeparam name="TNumber">Precision.</typeparam>
internal sealed unsafe class NetworkStack<T, TNumber>
    where T : unmanaged, IWide<T, TNumber>
    where TNumber : unmanaged, IBinaryFloatingPointIeee754<TNumber>
{
    private readonly AlignedArena _arena = new();
    private readonly NeuralForm _form;
    private readonly MessageKernel<T, TNumber>? _message;
    private readonly T* _inputGradient;
    private readonly T* _inputSecond;
    private TNumber[] _messages = [];
    private TNumber[] _messageRates = [];
    private TNumber[] _messageGradient = [];
    private TNumber[] _messageSecond = [];

    public NetworkStack(NeuralForm form)
    {
        _form = form;
        if (form is { Message: { } message, Second: { } second })
        {
            _message = new(form.Descriptor, message);
            _inputGradient = _arena.Take<T>(second.Widths[0]);
            _inputSecond = _arena.Take<T>(second.Widths[0]);
        }
    }

    /// <summary>Energies of all atoms of the blocks.</summary>
    /// <param name="batch">Blocks with their first features.</param>
    /// <param name="parameters">The member.</param>
    /// <param name="standard">Means and scales of its second descriptors, [elements × 2 × features].</param>
    /// <param name="curvature">Whether second derivatives are wanted later.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Forward(BlockBatch<T, TNumber> batch, NetworkParameters<TNumber> parameters, TNumber* standard, bool curvature)
    {
        var memory = batch.Memory;
        for (int b = 0; b < batch.Count; b++)
        {
            NetworkKernel<T, TNumber>.Forward(_form.First, parameters.First(batch.Type(b)), memory.Features(b), memory.First(b), curvature);
        }

        if (_message is null)
        {
            return;
        }

        Publish(batch, ref _messages, rates: false);
        fixed (TNumber* messages = _messages)
        {
            for (int b = 0; b < batch.Count; b++)
            {
                int type = batch.Type(b);
                T* inputs = memory.Inputs(b);
                _message.Describe(batch[b], messages, StandardOf(standard, type), memory.Expansion(b), inputs);
                Copy(memory.First(b).Output + 1 + _form.Messages, inputs + _form.Message!.FeatureCount, _form.Handed);
                NetworkKernel<T, TNumber>.Forward(_form.Second!, parameters.Second(type), inputs, memory.Second(b), curvature);
            }
        }
    }

    /// <summary>Energies of a block's atoms after <see cref="Forward"/>.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="block">The block.</param>
    public T Energy(BlockBatch<T, TNumber> batch, int block) =>
        _message is null ? *batch.Memory.First(block).Output : *batch.Memory.First(block).Output + *batch.Memory.Second(block).Output;

    /// <summary>From weight·Σ energies back to the first features.</summary>
    /// <param name="batch">After <see cref="Forward"/>.</param>
    /// <param name="parameters">The member.</param>
    /// <param name="standard">Means and scales of its second descriptors.</param>
    /// <param name="weight">Weight of the energy.</param>
    /// <param name="positionGradient">What comes through the second descriptors, [1 + atoms, × 3]; added to.</param>
    /// <param name="virial">Its virial; added to.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Adjoint(BlockBatch<T, TNumber> batch, NetworkParameters<TNumber> parameters, TNumber* standard, TNumber weight, TNumber* positionGradient, double* virial)
    {
        var memory = batch.Memory;
        if (_message is not null)
        {
            Clear(ref _messageGradient, batch.Rows);
            fixed (TNumber* messages = _messages, messageGradient = _messageGradient)
            {
                for (int b = 0; b < batch.Count; b++)
                {
                    int type = batch.Type(b);
                    var units = memory.Second(b);
                    *units.OutputAdjoint = T.Broadcast(weight);
                    NetworkKernel<T, TNumber>.Adjoint(_form.Second!, parameters.SecondTransposed(type), units);
                    NetworkKernel<T, TNumber>.InputGradient(_form.Second!, parameters.SecondTransposed(type), units.Adjoint, _inputGradient);
                    _message.Reverse(batch[b], messages, StandardOf(standard, type), memory.Expansion(b), _inputGradient, positionGradient, messageGradient, virial);
                    Copy(_inputGradient + _form.Message!.FeatureCount, memory.First(b).OutputAdjoint + 1 + _form.Messages, _form.Handed);
                }

                for (int b = 0; b < batch.Count; b++)
                {
                    Collect(batch[b], messageGradient, memory.First(b).OutputAdjoint + 1);
                }
            }
        }

        for (int b = 0; b < batch.Count; b++)
        {
            var units = memory.First(b);
            *units.OutputAdjoint = T.Broadcast(weight);
            NetworkKernel<T, TNumber>.Adjoint(_form.First, parameters.FirstTransposed(batch.Type(b)), units);
        }
    }

    /// <summary>Gradient by the first features after <see cref="Adjoint"/>.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="parameters">The member.</param>
    /// <param name="block">The block.</param>
    /// <param name="result">[features], overwritten.</param>
    public void FeatureGradient(BlockBatch<T, TNumber> batch, NetworkParameters<TNumber> parameters, int block, T* result) =>
        NetworkKernel<T, TNumber>.InputGradient(_form.First, parameters.FirstTransposed(batch.Type(block)), batch.Memory.First(block).Adjoint, result);

    /// <summary>Everything <see cref="ParameterGradient"/> needs for J = Σ γ·E + (change of E along the displacement).</summary>
    /// <param name="batch">After <see cref="Forward"/> with curvatures and <see cref="Adjoint"/> with weight 1; its tangents are set.</param>
    /// <param name="parameters">The member.</param>
    /// <param name="standard">Means and scales of its second descriptors.</param>
    /// <param name="displacement">[1 + atoms, × 3].</param>
    /// <param name="energyWeights">γ of each row, [1 + atoms].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void SecondOrder(BlockBatch<T, TNumber> batch, NetworkParameters<TNumber> parameters, TNumber* standard, TNumber* displacement, TNumber* energyWeights)
    {
        var memory = batch.Memory;
        for (int b = 0; b < batch.Count; b++)
        {
            NetworkKernel<T, TNumber>.Tangent(_form.First, parameters.First(batch.Type(b)), memory.First(b), memory.Tangents(b));
        }

        if (_message is not null)
        {
            SecondOrderOfMessages(batch, parameters, standard, displacement, energyWeights);
        }

        for (int b = 0; b < batch.Count; b++)
        {
            var units = memory.First(b);
            SetWeights(batch[b], energyWeights, units.OutputCombined);
            NetworkKernel<T, TNumber>.SecondAdjoint(_form.First, parameters.FirstTransposed(batch.Type(b)), units);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SecondOrderOfMessages(BlockBatch<T, TNumber> batch, NetworkParameters<TNumber> parameters, TNumber* standard, TNumber* displacement, TNumber* energyWeights)
    {
        var memory = batch.Memory;
        int features = _form.Message!.FeatureCount;
        Publish(batch, ref _messageRates, rates: true);
        Clear(ref _messageSecond, batch.Rows);
        fixed (TNumber* messages = _messages, rates = _messageRates, second = _messageSecond)
        {
            for (int b = 0; b < batch.Count; b++)
            {
                int type = batch.Type(b);
                var units = memory.Second(b);
                T* tangents = memory.InputTangents(b);
                _message!.Tangent(batch[b], messages, rates, StandardOf(standard, type), displacement, memory.Expansion(b), memory.ExpansionRate(b), tangents);
                Copy(memory.First(b).OutputRate + 1 + _form.Messages, tangents + features, _form.Handed);
                NetworkKernel<T, TNumber>.Tangent(_form.Second!, parameters.Second(type), units, tangents);
                SetWeights(batch[b], energyWeights, units.OutputCombined);
                NetworkKernel<T, TNumber>.SecondAdjoint(_form.Second!, parameters.SecondTransposed(type), units);
                NetworkKernel<T, TNumber>.InputGradient(_form.Second!, parameters.SecondTransposed(type), units.Adjoint, _inputGradient);
                NetworkKernel<T, TNumber>.InputGradient(_form.Second!, parameters.SecondTransposed(type), units.Combined, _inputSecond);
                _message.SecondReverse(batch[b], StandardOf(standard, type), displacement, memory.Expansion(b), memory.ExpansionRate(b), _inputGradient, _inputSecond, second);
                Copy(_inputSecond + features, memory.First(b).OutputCombined + 1 + _form.Messages, _form.Handed);
            }

            for (int b = 0; b < batch.Count; b++)
            {
                Collect(batch[b], second, memory.First(b).OutputCombined + 1);
            }
        }
    }

    /// <summary>dJ/dparameters of one element after <see cref="SecondOrder"/>.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="type">The element.</param>
    /// <param name="gradient">[weights]; the element's part is overwritten.</param>
    public void ParameterGradient(BlockBatch<T, TNumber> batch, int type, TNumber* gradient)
    {
        int first = batch.FirstBlock[type], blocks = batch.FirstBlock[type + 1] - first;
        var memory = batch.Memory;
        if (blocks == 0)
        {
            new Span<TNumber>(gradient + (nint)type * _form.First.Stride, _form.First.Stride).Clear();
        }
        else
        {
            LayerGradients(_form.First, memory.First(first), memory.FirstStride, memory.Features(first), memory.Tangents(first), _form.Descriptor.FeatureCount, blocks, gradient + (nint)type * _form.First.Stride);
        }

        if (_form.Second is { } layout)
        {
            TNumber* to = gradient + (nint)_form.Elements * _form.First.Stride + (nint)type * layout.Stride;
            if (blocks == 0)
            {
                new Span<TNumber>(to, layout.Stride).Clear();
            }
            else
            {
                LayerGradients(layout, memory.Second(first), memory.SecondStride, memory.Inputs(first), memory.InputTangents(first), memory.InputStride, blocks, to);
            }
        }
    }

    // Lanes without an atom have changes of zero and weights of zero, so they add nothing.
    private static void LayerGradients(NetworkLayout layout, in NetworkUnits<T> units, nint unitStride, T* inputs, T* inputTangents, nint inputStride, int blocks, TNumber* gradient)
    {
        int last = layout.Layers - 1;
        for (int layer = 0; layer <= last; layer++)
        {
            int outputs = layout.Widths[layer + 1], terms = layout.Widths[layer];
            T* u = layer == last ? units.OutputCombined : units.Combined + layout.Activations[layer];
            T* a = layer == last ? units.OutputAdjoint : units.Adjoint + layout.Activations[layer];
            T* x = layer == 0 ? inputs : units.Hidden + layout.Activations[layer - 1];
            T* t = layer == 0 ? inputTangents : units.Rate + layout.Activations[layer - 1];
            WideProduct<T, TNumber>.OuterSums(u, a, unitStride, x, t, layer == 0 ? inputStride : unitStride, blocks, outputs, terms, gradient + layout.Weights[layer]);
            for (int o = 0; o < outputs; o++)
            {
                T sum = T.Broadcast(TNumber.Zero);
                for (int block = 0; block < blocks; block++)
                {
                    sum += u[block * unitStride + o];
                }

                gradient[layout.Biases[layer] + o] = T.Sum(sum);
            }
        }
    }

    // The first networks' messages (or their change), atom by atom.
    private void Publish(BlockBatch<T, TNumber> batch, ref TNumber[] rows, bool rates)
    {
        Clear(ref rows, batch.Rows);
        int width = _form.Messages;
        for (int b = 0; b < batch.Count; b++)
        {
            var units = batch.Memory.First(b);
            TNumber* from = (TNumber*)((rates ? units.OutputRate : units.Output) + 1);
            for (int lane = 0; lane < T.Count; lane++)
            {
                if (batch[b].Centre[lane] is > 0 and var row)
                {
                    for (int k = 0; k < width; k++)
                    {
                        rows[row * width + k] = from[k * T.Count + lane];
                    }
                }
            }
        }
    }

    private void Collect(CentreBlock<T, TNumber> block, TNumber* rows, T* result)
    {
        int width = _form.Messages;
        TNumber* to = (TNumber*)result;
        for (int lane = 0; lane < T.Count; lane++)
        {
            int row = block.Centre[lane];
            for (int k = 0; k < width; k++)
            {
                to[k * T.Count + lane] = row > 0 ? rows[(nint)row * width + k] : TNumber.Zero;
            }
        }
    }

    private static void SetWeights(CentreBlock<T, TNumber> block, TNumber* energyWeights, T* result)
    {
        for (int lane = 0; lane < T.Count; lane++)
        {
            ((TNumber*)result)[lane] = energyWeights[block.Centre[lane]];
        }
    }

    private void Clear(ref TNumber[] rows, int count)
    {
        int length = count * _form.Messages;
        if (rows.Length < length)
        {
            rows = new TNumber[length + length / 4];
        }

        Array.Clear(rows, 0, length);
    }

    private TNumber* StandardOf(TNumber* standard, int type) => standard + 2 * (nint)type * _form.Message!.FeatureCount;

    private static void Copy(T* from, T* to, int count) => new Span<T>(from, count).CopyTo(new Span<T>(to, count));
}
