using System.Collections.Immutable;
using System.Globalization;
using System.Numerics.Tensors;
using Polymorph.Foundation;
using Polymorph.Learning;
using Polymorph.Learning.Kernels;
using Polymorph.Learning.Layers;
using Polymorph.Models.Cgcnn.Kernels;
using Polymorph.Representations.CrystalGraphs;

namespace Polymorph.Models.Cgcnn;

/// <summary>Trains one network and keeps the weights of the epoch with the best validation.</summary>
/// <remarks>All draws are addressed by seed, member, epoch and batch: a resumed training goes on bit for bit, and members never depend on each other.</remarks>
public sealed class CgcnnTrainer
{
    private const double LargestLoss = 1e6;

    private readonly LayerKernels _kernels = new();
    private readonly GraphKernels _graphKernels = new();
    private readonly GraphBatch _batch;
    private readonly CgcnnInference _inference;
    private readonly List<CrystalGraph> _taken = [];
    private readonly double _mean;
    private readonly double _deviation = 1;
    private readonly AlignedMatrix _seeds;

    /// <summary>A new training.</summary>
    /// <param name="options">Form of the network.</param>
    /// <param name="training">Settings.</param>
    /// <param name="set">Crystals with their property.</param>
    /// <param name="seed">Seed of weights, order and drops.</param>
    /// <param name="member">Index within an ensemble; members differ in all draws.</param>
    public CgcnnTrainer(CgcnnOptions options, CgcnnTraining training, CgcnnSet set, ulong seed, int member = 0)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(set);
        (Options, Training, Set, Seed, Member) = (options, training, set, seed, member);
        Network = new CgcnnNetwork<AlignedMatrix>(_kernels, _graphKernels, options);
        Network.InitialiseUniformly(Random(CgcnnRandomStreams.Weights));
        Adam = new BlockAdam<AlignedMatrix>(_kernels, Network.Block, 0.9, 0.999);
        Momentum = new BlockMomentum<AlignedMatrix>(_graphKernels, Network.Block, training.Momentum);
        _batch = new GraphBatch(options.Graph);
        _seeds = new AlignedMatrix(training.Batch + 1, options.Outputs);
        if (options.Task == CgcnnTask.Regression)
        {
            // Only training crystals set the scale; others would leak into it.
            _mean = set.Training.Average(i => set.Targets[i]);
            double variance = set.Training.Sum(i => (set.Targets[i] - _mean) * (set.Targets[i] - _mean)) / Math.Max(1, set.Training.Length - 1);
            _deviation = variance > 0 ? Math.Sqrt(variance) : 1;
        }

        _inference = new CgcnnInference(Network, _mean, _deviation);
        Best = Snapshot();
    }

    /// <summary>Form of the network.</summary>
    public CgcnnOptions Options { get; }

    /// <summary>Settings.</summary>
    public CgcnnTraining Training { get; }

    /// <summary>Crystals with their property.</summary>
    public CgcnnSet Set { get; }

    /// <summary>Seed.</summary>
    public ulong Seed { get; }

    /// <summary>Index within an ensemble.</summary>
    public int Member { get; }

    /// <summary>Epochs done.</summary>
    public int Epoch { get; private set; }

    /// <summary>True when all epochs are done.</summary>
    public bool IsFinished => Epoch >= Training.Epochs;

    /// <summary>Mean loss of the last epoch, of scaled targets.</summary>
    public double Loss { get; private set; } = double.NaN;

    /// <summary>The network of the best epoch so far.</summary>
    public CgcnnMember Best { get; private set; }

    internal CgcnnNetwork<AlignedMatrix> Network { get; }

    internal BlockAdam<AlignedMatrix> Adam { get; }

    internal BlockMomentum<AlignedMatrix> Momentum { get; }

    /// <summary>One epoch: a step per batch, then the validation.</summary>
    /// <param name="cancellation">Stops between two batches; the epoch is lost.</param>
    /// <exception cref="PolymorphException">PM4001: the loss is not finite or has exploded.</exception>
    public void RunEpoch(CancellationToken cancellation = default)
    {
        var order = CgcnnSet.Shuffled(Set.Training.Length, Random(CgcnnRandomStreams.Order).Sequence((uint)Epoch));
        double rate = Training.RateOf(Epoch), sum = 0;
        int batch = 0;
        for (int first = 0; first < order.Length; batch++)
        {
            cancellation.ThrowIfCancellationRequested();
            // A last batch of one crystal has no statistics of its own and joins the one before.
            int count = Math.Min(Training.Batch, order.Length - first);
            count += order.Length - first - count == 1 ? 1 : 0;
            sum += count * Step(order.AsSpan(first, count), batch, rate);
            first += count;
        }

        Loss = sum / order.Length;
        if (!(Loss < LargestLoss) || !float.IsFinite(TensorPrimitives.Sum<float>(Network.Block.Values.Span)))
        {
            throw new PolymorphException("PM4001", string.Create(CultureInfo.InvariantCulture, $"the model diverged in epoch {Epoch + 1}: its loss is {Loss:G4}"), null,
                "Lower the learning rate, or take another seed.", ExitCode.PartlyConverged);
        }

        Epoch++;
        double metric = Metric(Set.Validation, cancellation);
        bool better = Best.BestMetric is not { } best || (Options.Task == CgcnnTask.Regression ? metric < best : metric > best);
        if (better)
        {
            Best = Snapshot() with { BestEpoch = Epoch, BestMetric = metric };
        }
    }

    /// <summary>Mean absolute error, or area under the curve, of the present network.</summary>
    /// <param name="indices">Crystals of the set.</param>
    /// <param name="cancellation">Stops.</param>
    public double Metric(IReadOnlyList<int> indices, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(indices);
        var predicted = new double[indices.Count];
        _inference.Predict([.. indices.Select(i => Set.Graphs[i])], predicted, cancellation);
        double[] known = [.. indices.Select(i => Set.Targets[i])];
        return Options.Task == CgcnnTask.Regression ? CgcnnStatistics.MeanAbsoluteError(predicted, known) : CgcnnStatistics.AreaUnderCurve(predicted, known);
    }

    /// <summary>Brings the counters of a resumed training in place; weights and optimiser are written by the caller.</summary>
    internal void MoveTo(int epoch, double loss, CgcnnMember best)
    {
        (Epoch, Loss, Best) = (epoch, loss, best);
        Network.Changed();
    }

    private double Step(ReadOnlySpan<int> chosen, int batch, double rate)
    {
        _taken.Clear();
        foreach (int i in chosen)
        {
            _taken.Add(Set.Graphs[Set.Training[i]]);
        }

        _batch.Fill(_taken);
        Network.Forward(_batch, training: true, Random(CgcnnRandomStreams.Drops).Sequence((uint)Epoch, (uint)batch));
        double loss = 0;
        for (int c = 0; c < chosen.Length; c++)
        {
            loss += LossOf(c, Set.Targets[Set.Training[chosen[c]]], chosen.Length);
        }

        Network.Backward(_batch, _seeds);
        if (Training.Optimiser == CgcnnOptimiser.Adam)
        {
            Adam.Step(rate);
        }
        else
        {
            Momentum.Step(rate);
        }

        Network.Changed();
        return loss / chosen.Length;
    }

    /// <summary>Loss of one crystal; its gradient becomes the seed of the backward pass.</summary>
    private double LossOf(int crystal, double target, int count)
    {
        var output = Network.Outputs.Row(crystal);
        var seed = _seeds.Row(crystal);
        if (Options.Task == CgcnnTask.Regression)
        {
            double difference = output[0] - (target - _mean) / _deviation;
            seed[0] = (float)(2 * difference / count);
            return difference * difference;
        }

        // Negative logarithm of the softmax.
        double larger = Math.Max(output[0], output[1]), sum = Math.Log(Math.Exp(output[0] - larger) + Math.Exp(output[1] - larger)) + larger;
        int right = target > 0.5 ? 1 : 0;
        for (int k = 0; k < 2; k++)
        {
            seed[k] = (float)((Math.Exp(output[k] - sum) - (k == right ? 1 : 0)) / count);
        }

        return sum - output[right];
    }

    private CounterRandom Random(uint stream) => new(Seed, stream + CgcnnRandomStreams.Stride * (uint)Member);

    private CgcnnMember Snapshot() => new(
        Network.State().ToImmutableSortedDictionary(s => s.Tensor.Name, s => ImmutableArray.Create(CgcnnNetwork<AlignedMatrix>.Read(s.Tensor, s.Matrix)), StringComparer.Ordinal), _mean, _deviation, 0, null);
}
