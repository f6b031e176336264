using System.Collections.Immutable;
using System.Numerics.Tensors;
using Polymorph.Foundation;
using Polymorph.Learning;
using Polymorph.Learning.Kernels;
using Polymorph.Representations.LocalDescriptors;
using Polymorph.Structures;

namespace Polymorph.Models.LoGan;

/// <summary>What one epoch measured.</summary>
/// <param name="GeneratorLoss">Mean critic score of the generator's batch; the generator lowers it.</param>
/// <param name="Wasserstein">Mean over the critic updates of mean C(fake) - mean C(real): an estimate of the distance, falling as training succeeds.</param>
/// <param name="GradientNorm">Mean |dC/dy| over the penalty updates; pulled to 1.</param>
public readonly record struct LoGanStatistics(double GeneratorLoss, double Wasserstein, double GradientNorm);

/// <summary>Trains one local GAN: a generator of whole structures against a critic of single atoms' descriptors.</summary>
/// <remarks>One epoch is one generator update, then 5 times one critic and two gradient-penalty updates, each with fresh latents and real samples
/// (LoGAN specification, section 8; derivations in <c>docs/methods/logan.md</c>). No epoch allocates. One trainer belongs to one thread at a time.</remarks>
public sealed class LoGanTrainer
{
    // 4 GiB: a hundred times the published models. More is a slip, and must not end in a lack of memory.
    private const long MostNumbers = 1L << 30;

    // Beyond this a critic has exploded: scores of healthy models stay below about 100.
    private const double LargestLoss = 1e6;

    private readonly ILoGanDraws _draws;
    private readonly PowerSpectrumBatch _descriptors;
    private readonly DenseWorkspace _generatorWork;
    private readonly DenseWorkspace _criticWork;
    private readonly AlignedMatrix _latents;
    private readonly AlignedMatrix _fakes;
    private readonly AlignedMatrix[] _fakesOfUpdate;
    private readonly AlignedMatrix _batch;
    private readonly AlignedMatrix _fakeHalf;
    private readonly AlignedMatrix _descriptorGradient;
    private readonly float[] _positions;
    private readonly float[] _positionGradient;
    private readonly float[] _fractionalGradient;
    private readonly float[] _mix;
    private readonly int[] _realRows;
    private readonly int[] _poolSizes;
    private readonly AlignedMatrix[] _slotPools;
    private readonly int _atoms;
    private readonly int _slots;
    private readonly int _updates;

    /// <summary>A new model, before its first epoch.</summary>
    /// <param name="options">Its settings.</param>
    /// <param name="task">What it is to generate.</param>
    /// <param name="training">Pools made with the same options, task and seed.</param>
    /// <param name="seed">Seed of the weights and of every draw.</param>
    /// <param name="width">Instruction set; by default the widest of this machine.</param>
    public LoGanTrainer(LoGanOptions options, LoGanTask task, LoGanTrainingSet training, ulong seed, VectorWidth? width = null)
        : this(options, task, training, seed, new SeededDraws(seed), width)
    {
        Generator.Initialise(new CounterRandom(seed, LoGanRandomStreams.GeneratorWeights));
        Critic.Initialise(new CounterRandom(seed, LoGanRandomStreams.CriticWeights));
    }

    internal LoGanTrainer(LoGanOptions options, LoGanTask task, LoGanTrainingSet training, ulong seed, ILoGanDraws draws, VectorWidth? width = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(training);
        (Options, Task, Seed, Types, _draws) = (options, task, seed, training.Types, draws);
        var assembly = task.Assembly;
        _atoms = assembly.Species.Length;
        _slots = options.Batch * _atoms;
        _updates = options.CriticUpdates * (1 + options.PenaltyUpdates);
        int[] types = LoGanNetworks.AtomTypes(assembly, training.Types);
        _slotPools = [.. types.Select(t => training.Pools[t])];
        _poolSizes = [.. _slotPools.Select(p => p.Rows)];
        _descriptors = new PowerSpectrumBatch(options.Descriptor, types, training.Types.Length, assembly.Lattice, assembly.Periodicity, width);
        CheckSize(options, _updates, _atoms, training.Types.Length);

        Generator = new DenseNetwork(LoGanNetworks.Generator(options, assembly), width);
        Critic = new DenseNetwork(LoGanNetworks.Critic(options, training.Types.Length), width);
        GeneratorOptimiser = NewOptimiser(Generator, width);
        CriticOptimiser = NewOptimiser(Critic, width);
        int structures = _updates * options.Batch, length = Critic.Shape.Widths[0];
        _generatorWork = new DenseWorkspace(Generator.Shape, structures);
        _criticWork = new DenseWorkspace(Critic.Shape, 2 * _slots);
        _latents = new AlignedMatrix(structures, options.LatentSize);
        _fakes = new AlignedMatrix(structures * _atoms, length);
        _fakesOfUpdate = [.. Enumerable.Range(0, _updates).Select(u => _fakes.RowRange(u * _slots, _slots))];
        _batch = new AlignedMatrix(2 * _slots, length);
        _fakeHalf = _batch.RowRange(_slots, _slots);
        _descriptorGradient = new AlignedMatrix(_slots, length);
        _positions = new float[3 * _atoms * structures];
        _positionGradient = new float[3 * _slots];
        _fractionalGradient = new float[3 * assembly.GeneratedAtoms];
        _mix = new float[_slots];
        _realRows = new int[_slots];
    }

    /// <summary>The model's settings.</summary>
    public LoGanOptions Options { get; }

    /// <summary>What the model generates.</summary>
    public LoGanTask Task { get; }

    /// <summary>Seed of the weights and of every draw.</summary>
    public ulong Seed { get; }

    /// <summary>Elements of the training set; the index is the type.</summary>
    public ImmutableArray<Element> Types { get; }

    /// <summary>Epochs done.</summary>
    public int Epoch { get; internal set; }

    /// <summary>True when all epochs are done.</summary>
    public bool IsFinished => Epoch >= Options.EffectiveEpochs;

    /// <summary>What the last epoch measured.</summary>
    public LoGanStatistics Statistics { get; private set; }

    /// <summary>Maps latents to fractional coordinates.</summary>
    public DenseNetwork Generator { get; }

    /// <summary>Scores one atom's descriptor; real atoms score low.</summary>
    public DenseNetwork Critic { get; }

    internal IOptimiser GeneratorOptimiser { get; }

    internal IOptimiser CriticOptimiser { get; }

    /// <summary>One epoch.</summary>
    /// <exception cref="PolymorphException">PM4001: a loss is not finite or has exploded; the model must not be used any further.</exception>
    public void RunEpoch()
    {
        double progress = Options.EffectiveEpochs > 1 ? Math.Min(1.0, (double)Epoch / (Options.EffectiveEpochs - 1)) : 0;
        double fraction = 1 - (1 - Options.FinalRateFraction) * progress;
        double generatorLoss = GeneratorUpdate(fraction * Options.GeneratorRate);

        // The generator stands still from here to the end of the epoch, so the fakes of all its updates are made together.
        MakeFakes();
        double wasserstein = 0, norm = 0;
        int update = 0;
        for (int i = 0; i < Options.CriticUpdates; i++)
        {
            wasserstein += CriticUpdate(++update, fraction * Options.CriticRate) / Options.CriticUpdates;
            for (int j = 0; j < Options.PenaltyUpdates; j++)
            {
                norm += PenaltyUpdate(++update, fraction * Options.CriticRate) / (Options.CriticUpdates * Options.PenaltyUpdates);
            }
        }

        Statistics = new LoGanStatistics(generatorLoss, wasserstein, norm);
        bool finite = float.IsFinite(TensorPrimitives.Sum<float>(Generator.Parameters.Span)) && float.IsFinite(TensorPrimitives.Sum<float>(Critic.Parameters.Span));
        if (!(finite && Math.Abs(generatorLoss) < LargestLoss && Math.Abs(wasserstein) < LargestLoss && norm < LargestLoss))
        {
            throw new PolymorphException("PM4001",
                FormattableString.Invariant($"the model diverged in epoch {Epoch} (generator loss {generatorLoss:G4}, Wasserstein estimate {wasserstein:G4}, gradient norm {norm:G4})"),
                nextStep: "Its last good checkpoint is kept. Lower the learning rate, or take another seed.", exitCode: ExitCode.PartlyConverged);
        }

        Epoch++;
    }

    /// <summary>Mean critic score of one batch and one step of the generator down it.</summary>
    internal double GeneratorUpdate(double rate)
    {
        _draws.Latents(Epoch, 0, _latents, 0, Options.Batch);
        Describe(Options.Batch);
        Critic.Forward(_criticWork, _fakes, _slots);
        double loss = MeanScore(0);
        _criticWork.SeedOutputs(0, _slots, 1f / _slots);
        Critic.Adjoint(_criticWork, _slots);
        Critic.InputGradient(_criticWork, _slots, _descriptorGradient);
        _descriptors.Gradient(_positions.AsSpan(0, 3 * _slots), Options.Batch, _descriptorGradient.Span, _descriptorGradient.Stride, _positionGradient);
        for (int structure = 0; structure < Options.Batch; structure++)
        {
            Task.Assembly.Transpose(_positionGradient.AsSpan(3 * _atoms * structure, 3 * _atoms), _fractionalGradient);
            var fraction = _generatorWork.Output.Row(structure);
            var seed = _generatorWork.OutputSeed.Row(structure);
            for (int i = 0; i < seed.Length; i++)
            {
                seed[i] = _fractionalGradient[i] * fraction[i] * (1 - fraction[i]);
            }
        }

        Generator.Adjoint(_generatorWork, Options.Batch);
        Generator.ParameterGradient(_generatorWork, _latents, Options.Batch);
        GeneratorOptimiser.Step(rate);
        return loss;
    }

    /// <summary>Descriptors of the generated structures of all critic-side updates of this epoch.</summary>
    internal void MakeFakes()
    {
        for (int update = 0; update < _updates; update++)
        {
            _draws.Latents(Epoch, update + 1, _latents, update * Options.Batch, Options.Batch);
        }

        Describe(_updates * Options.Batch);
    }

    /// <summary>One critic update; returns mean C(fake) - mean C(real) before it.</summary>
    internal double CriticUpdate(int update, double rate)
    {
        GatherReal(update);
        _fakesOfUpdate[update - 1].Span.CopyTo(_fakeHalf.Span);
        Critic.Forward(_criticWork, _batch, 2 * _slots);
        double distance = MeanScore(_slots) - MeanScore(0);
        _criticWork.SeedOutputs(0, _slots, 1f / _slots);
        _criticWork.SeedOutputs(_slots, _slots, -1f / _slots);
        Critic.Adjoint(_criticWork, 2 * _slots);
        Critic.ParameterGradient(_criticWork, _batch, 2 * _slots);
        CriticOptimiser.Step(rate);
        return distance;
    }

    /// <summary>One gradient-penalty update; returns the mean gradient norm before it.</summary>
    internal double PenaltyUpdate(int update, double rate)
    {
        GatherReal(update);
        _draws.MixWeights(Epoch, update, _mix);
        var mixed = _fakesOfUpdate[update - 1];
        for (int slot = 0; slot < _slots; slot++)
        {
            Critic.MixRow(_batch, mixed, slot, _mix[slot]);
        }

        double norm = Critic.PenaltyGradient(_criticWork, mixed, _slots).MeanNorm;
        CriticOptimiser.Step(rate);
        return norm;
    }

    /// <summary>Generates from the first latents and describes every atom into the fakes.</summary>
    private void Describe(int structures)
    {
        Generator.Forward(_generatorWork, _latents, structures);
        for (int structure = 0; structure < structures; structure++)
        {
            Task.Assembly.Expand(_generatorWork.Output.Row(structure), _positions.AsSpan(3 * _atoms * structure, 3 * _atoms));
        }

        _descriptors.Describe(_positions.AsSpan(0, 3 * _atoms * structures), structures, _fakes.Span[..(_atoms * structures * _fakes.Stride)], _fakes.Stride);
    }

    /// <summary>The first half of the batch becomes real samples with exactly the composition of the generated structures.</summary>
    private void GatherReal(int update)
    {
        _draws.RealRows(Epoch, update, _poolSizes, _realRows);
        for (int slot = 0; slot < _slots; slot++)
        {
            _slotPools[slot % _atoms].Row(_realRows[slot]).CopyTo(_batch.Row(slot));
        }
    }

    private static void CheckSize(LoGanOptions options, int updates, int atoms, int typeCount)
    {
        long slots = (long)options.Batch * atoms;
        long numbers = slots * updates * (options.Descriptor.DescriptorLength(typeCount) + 16L)
            + 6 * slots * options.CriticWidths.Sum(w => (long)w) + 3L * updates * options.Batch * options.GeneratorWidths.Sum(w => (long)w);
        if (numbers > MostNumbers)
        {
            throw new PolymorphException("PM3008", FormattableString.Invariant($"one model would need about {numbers * 4.0 / (1L << 30):F0} GiB of memory: {options.Batch} structures of {atoms} atoms in {updates} updates per epoch"),
                nextStep: "Lower the batch, the critic updates, or the widths of the networks.", exitCode: ExitCode.Usage);
        }
    }

    private double MeanScore(int first)
    {
        double sum = 0;
        for (int slot = first; slot < first + _slots; slot++)
        {
            sum += _criticWork.Output.Row(slot)[0];
        }

        return sum / _slots;
    }

    private IOptimiser NewOptimiser(DenseNetwork network, VectorWidth? width) => Options.Optimiser switch
    {
        OptimiserKind.Adam => new Adam(network, beta1: 0, beta2: Options.SquareDecay, width: width),
        _ => new RmsProp(network, Options.SquareDecay, width: width),
    };
}
