using Polymorph.Energies.Neural.Kernels;
using Polymorph.Learning;
using Polymorph.Learning.Kernels;

namespace Polymorph.Energies.Neural.Training;

/// <summary>Trains one network of a committee; one thread's. No step allocates.</summary>
/// <remarks>Adam (Kingma, Ba 2015) with linear warm-up and half-cosine decay (Loshchilov, Hutter 2017); the running average of the weights is what counts.</remarks>
internal sealed class NeuralMemberTrainer
{
    private const uint WeightStream = 10;
    private const uint OrderStream = 11;
    private readonly NeuralTrainingSet _set;
    private readonly NeuralTraining _training;
    private readonly MemberKernel _kernel;
    private readonly DenseKernels _dense = new(VectorWidths.Best);
    private readonly AlignedMatrix _zero;
    private readonly AlignedMatrix _gradient;
    private readonly FirstLayerPreconditioner _preconditioner;
    private readonly int[] _order;
    private readonly TrainingFrame<float>[] _batch;

    public NeuralMemberTrainer(NeuralTrainingSet set, NeuralTraining training, int member)
    {
        (_set, _training, Member) = (set, training, member);
        _kernel = new MemberKernel(set, training.Loss);
        int count = set.Form.WeightCount;
        (Mean, Square, Average, Best) = (new(1, count), new(1, count), new(1, count), new(1, count));
        (_zero, _gradient, Parameters) = (new(1, count), new(1, count), new(1, count));
        _preconditioner = new FirstLayerPreconditioner(set.Form, set.Correlations, training.Whitening);
        _order = [.. Enumerable.Range(0, set.Train.Length)];
        _batch = new TrainingFrame<float>[Math.Min(training.Batch, set.Train.Length)];
        Initialise();
        _kernel.Parameters.Span.CopyTo(Average.Span);
        _kernel.Parameters.Span.CopyTo(Best.Span);
    }

    /// <summary>Index in the committee.</summary>
    public int Member { get; }

    /// <summary>Finished epochs.</summary>
    public int Epoch { get; private set; }

    /// <summary>Epoch after which <see cref="Best"/> was kept.</summary>
    public int BestEpoch { get; private set; }

    /// <summary>Its validation loss.</summary>
    public double BestLoss { get; private set; } = double.PositiveInfinity;

    /// <summary>Mean training loss of the last epoch.</summary>
    public double TrainingLoss { get; private set; }

    /// <summary>Weights being trained, first layers as <see cref="FirstLayerPreconditioner"/> has them.</summary>
    public AlignedMatrix Parameters { get; }

    /// <summary>Adam's running mean.</summary>
    public AlignedMatrix Mean { get; }

    /// <summary>Adam's running square.</summary>
    public AlignedMatrix Square { get; }

    /// <summary>Running average of the weights.</summary>
    public AlignedMatrix Average { get; }

    /// <summary>The average with the lowest validation loss.</summary>
    public AlignedMatrix Best { get; }

    /// <summary>Means and scales of the second descriptor, as the first weights have them; fixed from then on.</summary>
    public float[] MessageStandard { get; private set; } = [];

    /// <summary>True when no epoch is left, or validation has not improved for long.</summary>
    public bool Finished => Epoch >= _training.Epochs || (_training.Patience > 0 && Epoch - BestEpoch >= _training.Patience);

    /// <summary>Steps per epoch; frames that do not fill the last batch wait for another epoch's order.</summary>
    public int StepsPerEpoch => Math.Max(1, _order.Length / _batch.Length);

    /// <summary>One pass over the training frames, then validation of the average.</summary>
    /// <param name="progress">Called after each step with its number.</param>
    /// <param name="cancellation">Stops between steps; the epoch then counts for nothing.</param>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public void RunEpoch(Action<int>? progress, CancellationToken cancellation)
    {
        Shuffle();
        int steps = StepsPerEpoch;
        double loss = 0;
        for (int step = 0; step < steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int i = 0; i < _batch.Length; i++)
            {
                _batch[i] = _set.Train[_order[step * _batch.Length + i]];
            }

            loss += _kernel.Gradient(_batch);
            Update((long)Epoch * steps + step + 1, (long)_training.Epochs * steps);
            progress?.Invoke(step + 1);
        }

        TrainingLoss = loss / steps;
        Epoch++;
        double validation = _kernel.Loss(Average, _set.Validation);
        if (validation < BestLoss)
        {
            (BestLoss, BestEpoch) = (validation, Epoch);
            Average.Span.CopyTo(Best.Span);
        }
    }

    /// <summary>The trained member.</summary>
    public NeuralMember Result => new(Best.Span[.._set.Form.WeightCount].ToArray(), MessageStandard);

    /// <summary>Takes over the rest of a saved state, after the matrices were written.</summary>
    /// <param name="epoch">Finished epochs.</param>
    /// <param name="bestEpoch">Epoch of the best weights.</param>
    /// <param name="bestLoss">Their validation loss.</param>
    /// <param name="trainingLoss">Loss of the last epoch.</param>
    /// <param name="messageStandard">Means and scales of the second descriptor.</param>
    public void Resumed(int epoch, int bestEpoch, double bestLoss, double trainingLoss, float[] messageStandard)
    {
        (Epoch, BestEpoch, BestLoss, TrainingLoss, MessageStandard) = (epoch, bestEpoch, bestLoss, trainingLoss, messageStandard);
        _kernel.SetMessageStandard(messageStandard);
        Publish();
    }

    /// <summary>Errors of the best weights, by kind of frame; the empty kind is all of them.</summary>
    /// <param name="frames">Frames.</param>
    public SortedDictionary<string, ParityErrors> Errors(TrainingFrame<float>[] frames)
    {
        var sums = new ParityTable();
        _kernel.Predict(Best, frames, (f, energy, forces) => sums.Add(frames[f].Kind, energy - frames[f].Energy, forces, frames[f].Forces));
        return sums.Means;
    }

    private void Update(long step, long total)
    {
        const double Beta1 = 0.9, Beta2 = 0.99;
        double warm = Math.Max(1, _training.WarmUp * total), progress = Math.Max(0, step - warm) / Math.Max(1, total - warm);
        double rate = _training.LearningRate * Math.Min(1, step / warm) * (0.01 + 0.99 * 0.5 * (1 + Math.Cos(Math.PI * progress)));
        double correction1 = 1 - Math.Pow(Beta1, step), correction2 = 1 - Math.Pow(Beta2, step);
        if (_training.WeightDecay > 0)
        {
            _dense.MixRow(_zero, Parameters, 0, (float)(rate * _training.WeightDecay));
        }

        _preconditioner.Apply(_kernel.Gradients, _gradient);
        _dense.Adam(Parameters, _gradient, Mean, Square, (float)(rate / correction1), (float)(1 / Math.Sqrt(correction2)), (float)Beta1, (float)Beta2, 1e-8f);
        Publish();
        // Short at first: the start is no part of the average.
        double decay = Math.Min(_training.AveragingDecay, (1.0 + step) / (10.0 + step));
        _dense.MixRow(_kernel.Parameters, Average, 0, (float)(1 - decay));
    }

    private void Publish()
    {
        _preconditioner.Apply(Parameters, _kernel.Parameters);
        _kernel.ParametersChanged();
    }

    private void Shuffle()
    {
        for (int i = 0; i < _order.Length; i++)
        {
            _order[i] = i;
        }

        var sequence = new CounterRandom(_training.Seed, OrderStream).Sequence((uint)Epoch, (uint)Member);
        for (int i = _order.Length - 1; i > 0; i--)
        {
            int j = sequence.NextIndex(i + 1);
            (_order[i], _order[j]) = (_order[j], _order[i]);
        }
    }

    // Normal weights of variance 1/inputs; energies begin a tenth of that, so that training starts near the reference energies.
    private void Initialise()
    {
        var form = _set.Form;
        for (int element = 0; element < form.Elements; element++)
        {
            Initialise(form.First, element * form.First.Stride, (uint)element * 32);
            if (form.Second is { } second)
            {
                Initialise(second, form.Elements * form.First.Stride + element * second.Stride, (uint)element * 32 + 16);
            }
        }

        Publish();
        MessageStandard = _kernel.MeasureMessages(_set.Sample);
        _kernel.SetMessageStandard(MessageStandard);
    }

    private void Initialise(NetworkLayout layout, int at, uint stream)
    {
        var random = new CounterRandom(_training.Seed, WeightStream);
        var all = Parameters.Span.Slice(at, layout.Stride);
        for (int layer = 0; layer < layout.Layers; layer++)
        {
            var sequence = random.Sequence((uint)Member, stream + (uint)layer);
            int inputs = layout.Widths[layer];
            var weights = all.Slice(layout.Weights[layer], inputs * layout.Widths[layer + 1]);
            for (int k = 0; k < weights.Length; k++)
            {
                double scale = layer == layout.Layers - 1 && k < inputs ? 0.1 : 1;
                weights[k] = (float)(scale / Math.Sqrt(inputs) * sequence.NextNormal());
            }
        }
    }
}
