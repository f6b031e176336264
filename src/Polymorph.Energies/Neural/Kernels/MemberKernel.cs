using System.Runtime.Intrinsics;
using Polymorph.Energies.Neural.Training;
using Polymorph.Learning;
using Polymorph.Learning.Kernels;

namespace Polymorph.Energies.Neural.Kernels;

/// <summary>One network in training: weights and their gradient in memory that the optimiser shares.</summary>
internal sealed unsafe class MemberKernel
{
    private const int EvaluationBatch = 32;
    private readonly BatchKernel<WideSingle16, float>? _wide;
    private readonly BatchKernel<WideSingle8, float>? _narrow;
    private readonly NetworkParameters<float> _parameters;
    private readonly NetworkParameters<float> _other;

    public MemberKernel(NeuralTrainingSet set, NeuralLoss loss)
    {
        int elements = set.Options.Elements.Length, count = elements * set.Layout.Stride;
        (Parameters, Gradients) = (new(1, count), new(1, count));
        _parameters = new(set.Layout, elements, Parameters.Pointer);
        _other = new(set.Layout, elements, new float[count].AsSpan());
        if (Vector512.IsHardwareAccelerated)
        {
            _wide = new(set.Plan, set.Layout, loss, set.Standard);
        }
        else
        {
            _narrow = new(set.Plan, set.Layout, loss, set.Standard);
        }
    }

    /// <summary>Weights, [1 × elements × stride].</summary>
    public AlignedMatrix Parameters { get; }

    /// <summary>Gradient of the last batch.</summary>
    public AlignedMatrix Gradients { get; }

    /// <summary>To be called after writing to <see cref="Parameters"/>.</summary>
    public void ParametersChanged() => _parameters.Transpose();

    /// <summary>Loss of a batch; its gradient goes to <see cref="Gradients"/>.</summary>
    /// <param name="batch">Frames.</param>
    public double Gradient(ReadOnlySpan<TrainingFrame<float>> batch) => Loss(batch, _parameters, Gradients.Pointer);

    /// <summary>Mean loss of many frames with other weights.</summary>
    /// <param name="weights">[1 × elements × stride].</param>
    /// <param name="frames">Frames.</param>
    public double Loss(AlignedMatrix weights, TrainingFrame<float>[] frames)
    {
        Use(weights);
        double total = 0;
        for (int first = 0; first < frames.Length; first += EvaluationBatch)
        {
            var batch = frames.AsSpan(first, Math.Min(EvaluationBatch, frames.Length - first));
            total += batch.Length * Loss(batch, _other, null);
        }

        return total / frames.Length;
    }

    /// <summary>Errors by kind of frame with other weights; the empty kind is all frames.</summary>
    /// <param name="weights">[1 × elements × stride].</param>
    /// <param name="frames">Frames.</param>
    public SortedDictionary<string, ParityErrors> Errors(AlignedMatrix weights, TrainingFrame<float>[] frames)
    {
        Use(weights);
        var sums = new SortedDictionary<string, ParitySums>(StringComparer.Ordinal);
        for (int first = 0; first < frames.Length; first += EvaluationBatch)
        {
            var batch = frames.AsSpan(first, Math.Min(EvaluationBatch, frames.Length - first));
            _wide?.Predict(batch, _other);
            _narrow?.Predict(batch, _other);
            double[] energies = _wide?.Energies ?? _narrow!.Energies, forces = _wide?.Forces ?? _narrow!.Forces;
            for (int f = 0, at = 0; f < batch.Length; at += batch[f].Forces.Length, f++)
            {
                foreach (string kind in new[] { "", batch[f].Kind }.Distinct())
                {
                    sums.TryAdd(kind, new());
                    sums[kind].Add(energies[f] - batch[f].Energy, batch[f].Types.Length, forces.AsSpan(at, batch[f].Forces.Length), batch[f].Forces);
                }
            }
        }

        return new(sums.ToDictionary(s => s.Key, s => s.Value.Mean), StringComparer.Ordinal);
    }

    private double Loss(ReadOnlySpan<TrainingFrame<float>> batch, NetworkParameters<float> parameters, float* gradient) =>
        _wide?.Loss(batch, parameters, gradient) ?? _narrow!.Loss(batch, parameters, gradient);

    private void Use(AlignedMatrix weights)
    {
        weights.Span[..weights.Columns].CopyTo(new Span<float>(_other.Values, weights.Columns));
        _other.Transpose();
    }
}
