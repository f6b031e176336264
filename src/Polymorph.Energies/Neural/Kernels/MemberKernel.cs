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
    private readonly NeuralForm _form;

    public MemberKernel(NeuralTrainingSet set, NeuralLoss loss)
    {
        _form = set.Form;
        (Parameters, Gradients) = (new(1, _form.WeightCount), new(1, _form.WeightCount));
        _parameters = new(_form, Parameters.Pointer);
        _other = new(_form, new float[_form.WeightCount].AsSpan());
        if (Vector512.IsHardwareAccelerated)
        {
            _wide = new(_form, loss, set.Standard);
        }
        else
        {
            _narrow = new(_form, loss, set.Standard);
        }
    }

    /// <summary>Weights, [1 × weights].</summary>
    public AlignedMatrix Parameters { get; }

    /// <summary>Gradient of the last batch.</summary>
    public AlignedMatrix Gradients { get; }

    /// <summary>To be called after writing to <see cref="Parameters"/>.</summary>
    public void ParametersChanged() => _parameters.Transpose();

    /// <summary>Sets means and scales of the second descriptor.</summary>
    /// <param name="standard">[elements × 2 × features].</param>
    public void SetMessageStandard(ReadOnlySpan<float> standard)
    {
        _wide?.SetMessageStandard(standard);
        _narrow?.SetMessageStandard(standard);
    }

    /// <summary>Means and inverse deviations of the second descriptor with the present weights.</summary>
    /// <param name="frames">Frames to measure.</param>
    /// <returns>[elements × 2 × features].</returns>
    public float[] MeasureMessages(TrainingFrame<float>[] frames)
    {
        if (_form.Message is not { } message)
        {
            return [];
        }

        var moments = new FeatureMoments(_form.Elements, message.FeatureCount);
        SetMessageStandard(moments.Neutral());
        for (int first = 0; first < frames.Length; first += EvaluationBatch)
        {
            var batch = frames.AsSpan(first, Math.Min(EvaluationBatch, frames.Length - first));
            _wide?.VisitMessageFeatures(batch, _parameters, moments.Add);
            _narrow?.VisitMessageFeatures(batch, _parameters, moments.Add);
        }

        return [.. moments.Standard().Select(v => (float)v)];
    }

    /// <summary>Loss of a batch; its gradient goes to <see cref="Gradients"/>.</summary>
    /// <param name="batch">Frames.</param>
    public double Gradient(ReadOnlySpan<TrainingFrame<float>> batch) => Loss(batch, _parameters, Gradients.Pointer);

    /// <summary>Mean loss of many frames with other weights.</summary>
    /// <param name="weights">[1 × weights].</param>
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

    /// <summary>Energies and forces of frames with other weights.</summary>
    /// <param name="weights">[1 × weights].</param>
    /// <param name="frames">Frames.</param>
    /// <param name="visit">Gets each frame, its energy and its forces.</param>
    public void Predict(AlignedMatrix weights, TrainingFrame<float>[] frames, FramePrediction visit)
    {
        Use(weights);
        for (int first = 0; first < frames.Length; first += EvaluationBatch)
        {
            var batch = frames.AsSpan(first, Math.Min(EvaluationBatch, frames.Length - first));
            _wide?.Predict(batch, _other);
            _narrow?.Predict(batch, _other);
            double[] energies = _wide?.Energies ?? _narrow!.Energies, forces = _wide?.Forces ?? _narrow!.Forces;
            for (int f = 0, at = 0; f < batch.Length; at += batch[f].Forces.Length, f++)
            {
                visit(first + f, energies[f], forces.AsSpan(at, batch[f].Forces.Length));
            }
        }
    }

    private double Loss(ReadOnlySpan<TrainingFrame<float>> batch, NetworkParameters<float> parameters, float* gradient) =>
        _wide?.Loss(batch, parameters, gradient) ?? _narrow!.Loss(batch, parameters, gradient);

    private void Use(AlignedMatrix weights)
    {
        weights.Span[.._form.WeightCount].CopyTo(new Span<float>(_other.Values, _form.WeightCount));
        _other.Transpose();
    }
}

/// <summary>Takes one frame's prediction.</summary>
/// <param name="frame">Index of the frame.</param>
/// <param name="energy">Energy as the networks have it, eV.</param>
/// <param name="forces">[atoms × 3], eV/Å.</param>
internal delegate void FramePrediction(int frame, double energy, ReadOnlySpan<double> forces);
