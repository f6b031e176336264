using System.Numerics.Tensors;
using Polymorph.Foundation;
using Polymorph.Learning;
using Polymorph.Learning.Kernels;

namespace Polymorph.Models.CrystalGan;

/// <summary>Trains one crystal GAN, batch by batch.</summary>
/// <remarks>A batch is one critic and one classifier update; every fifth ends with a generator update on new latents and the same conditions.
/// Every draw is addressed by seed, purpose, epoch, batch and image, so neither threads nor a stop change a bit. No batch allocates.
/// One trainer belongs to one caller at a time. Derivations: <c>docs/methods/crystal-gan.md</c>.</remarks>
public sealed class CrystalGanTrainer
{
    // 4 GiB: ten times the published model. More is a slip, and must not end in a lack of memory.
    private const long MostNumbers = 1L << 30;

    // Beyond this a network has exploded: scores of healthy models stay below about 100.
    private const double LargestLoss = 1e6;

    private const int MostLooked = 20_000;
    private const double LargestFloor = 5;

    private readonly ICrystalImages _images;
    private readonly CrystalGanDraws _draws;
    private readonly CrystalGanBatch<AlignedMatrix> _batch;
    private readonly int[] _order;
    private readonly int[] _counts;
    private readonly float[] _image;
    private int _orderedEpoch = -1;
    private int _measured;

    /// <summary>A new model, before its first batch.</summary>
    /// <param name="options">Its settings.</param>
    /// <param name="shape">Rows of the images.</param>
    /// <param name="images">The training set.</param>
    /// <param name="seed">Seed of the weights and of every draw.</param>
    /// <param name="threads">Threads of a pass; they never change a bit.</param>
    /// <param name="width">Instruction set; by default the widest of this machine.</param>
    /// <exception cref="PolymorphException">PM3002: fewer than two images; PM3008: more memory than any machine should give.</exception>
    public CrystalGanTrainer(CrystalGanOptions options, CrystalGanShape shape, ICrystalImages images, ulong seed, int threads = 1, VectorWidth? width = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(images);
        if (images.Count < 2)
        {
            throw new PolymorphException("PM3002", $"{images.Count} training image{(images.Count == 1 ? "" : "s")}: a model of one image can only repeat it",
                nextStep: "Give at least two structures, better a hundred or more.");
        }

        CheckSize(options, shape);
        (Options, Shape, Seed, _images) = (options, shape, seed, images);
        Networks = new CrystalGanNetworks<AlignedMatrix>(new LayerKernels(threads, width), shape, options, options.Batch, threads);
        Networks.Generator.Initialise(new CounterRandom(seed, CrystalGanRandomStreams.GeneratorWeights));
        Networks.Critic.Initialise(new CounterRandom(seed, CrystalGanRandomStreams.CriticWeights));
        Networks.Classifier.Initialise(new CounterRandom(seed, CrystalGanRandomStreams.ClassifierWeights));
        Networks.Stability?.Network.Initialise(new CounterRandom(seed, CrystalGanRandomStreams.StabilityWeights));
        _batch = new CrystalGanBatch<AlignedMatrix>(shape, options.Widths, options.Batch);
        _draws = new CrystalGanDraws(options, shape, seed);
        (_order, _counts, _image) = (new int[images.Count], new int[shape.Caps.Length], new float[shape.ImageLength]);
        if (options.DistanceWeight > 0 || options.Masked)
        {
            LearnFromImages();
        }
    }

    /// <summary>The model's settings.</summary>
    public CrystalGanOptions Options { get; }

    /// <summary>Rows of the images.</summary>
    public CrystalGanShape Shape { get; }

    /// <summary>Seed of the weights and of every draw.</summary>
    public ulong Seed { get; }

    /// <summary>Epochs done.</summary>
    public int Epoch { get; internal set; }

    /// <summary>Batches done of the epoch under way.</summary>
    public int Batch { get; internal set; }

    /// <summary>Batches of an epoch; the last may be smaller.</summary>
    public int Batches => Math.Max(1, (_images.Count + Options.Batch - 1) / Options.Batch - (_images.Count % Options.Batch == 1 ? 1 : 0));

    /// <summary>True when all epochs are done.</summary>
    public bool IsFinished => Epoch >= Options.Epochs;

    /// <summary>Means over the batches of the epoch under way, or of the last whole one.</summary>
    public CrystalGanStatistics Statistics { get; private set; }

    /// <summary>Whether energies above the hull of some of its images are known and learnt.</summary>
    public bool KnowsEnergies { get; private set; }

    internal CrystalGanNetworks<AlignedMatrix> Networks { get; }

    /// <summary>One whole epoch, or the rest of one.</summary>
    /// <exception cref="PolymorphException">PM4001: the model diverged; PM3009: an image that is none.</exception>
    public void RunEpoch()
    {
        int epoch = Epoch;
        while (Epoch == epoch)
        {
            RunBatch();
        }
    }

    /// <summary>One batch.</summary>
    /// <exception cref="PolymorphException">PM4001: a loss is not finite or has exploded, the model must not be used any further; PM3009: a training image has numbers outside 0 to 1 or counts outside its rows.</exception>
    public void RunBatch()
    {
        FillBatch();
        double factor = Options.RateFactor(Epoch);
        var (atom, count) = Options.Masked ? (0, 0) : Networks.ClassifierGradient(_batch);
        Networks.Generate(_batch, training: true);
        if (Options.Environments)
        {
            _draws.Disturb(Epoch, Batch, _batch, Networks.Fake);
        }

        var (real, fake) = Networks.CriticGradient(_batch);
        var (penalty, norm) = Networks.AddPenaltyGradient(_batch);
        Networks.StepCritic(factor * Options.CriticRate);
        double energyError = Networks.StepStability(_batch, factor);
        StepClassifier(factor);
        var (score, generatedCount) = (Statistics.GeneratorScore, Statistics.GeneratedCountLoss);
        if (Batch % Options.CriticUpdates == 0)
        {
            _draws.Latents(Epoch, Batch, _batch, generatorUpdate: true);
            (score, _, generatedCount) = Networks.GeneratorGradient(_batch);
            StepClassifier(factor);
            Networks.StepGenerator(factor * Options.GeneratorRate);
        }

        Measure(new CrystalGanStatistics(fake - real + penalty, real - fake, norm, atom, count, score, generatedCount, energyError));
        CheckDivergence();
        if (++Batch == Batches)
        {
            (Epoch, Batch) = (Epoch + 1, 0);
        }
    }

    /// <summary>Images of the present generator, of the last batch's compositions; training is not changed.</summary>
    /// <param name="images">[batch × rows × 3], overwritten.</param>
    /// <returns>How many; 0 before the first batch.</returns>
    public int Sample(Span<float> images)
    {
        if (_orderedEpoch < 0)
        {
            return 0;
        }

        Networks.Generate(_batch, training: false);
        for (int s = 0; s < _batch.Size; s++)
        {
            Networks.Fake.Row(s).CopyTo(images[(s * Shape.ImageLength)..]);
        }

        return _batch.Size;
    }

    /// <summary>Brings the counters of a resumed model in place.</summary>
    internal void MoveTo(int epoch, int batch, CrystalGanStatistics statistics)
    {
        (Epoch, Batch, Statistics, _measured) = (epoch, batch, statistics, batch);
    }

    private void StepClassifier(double factor)
    {
        if (!Options.Masked)
        {
            Networks.StepClassifier(factor * Options.ClassifierRate);
        }
    }

    /// <summary>What a new model takes from evenly spread training images: the distance term's floors and volumes, and the cell from which the generator starts.</summary>
    private void LearnFromImages()
    {
        var distances = Networks.Distances;
        SetFloors((_, _) => double.PositiveInfinity);
        distances.SetVolumes(double.PositiveInfinity, 0);
        Span<double> mean = stackalloc double[6];
        mean.Clear();
        int looked = Math.Min(_images.Count, MostLooked);
        for (int i = 0; i < looked; i++)
        {
            int index = (int)((long)i * _images.Count / looked);
            double energy = _images.Fill(index, _image, _counts);
            KnowsEnergies |= Options.Environments && double.IsFinite(energy);
            _batch.SetReal(0, _image, _counts, Shape, index);
            distances.Learn(_batch.Real, 0);
            for (int k = 0; k < 6; k++)
            {
                mean[k] += _image[k] / looked;
            }
        }

        // No pair seen: no floor. No pair of training is ever asked to be further apart than this.
        SetFloors((a, b) => double.IsFinite(distances.Floor(a, b)) ? Math.Min(distances.Floor(a, b), LargestFloor) : 0);
        if (Options.Masked)
        {
            StartAt(mean);
        }
    }

    private void SetFloors(Func<int, int, double> floor)
    {
        for (int a = 0; a < Shape.Caps.Length; a++)
        {
            for (int b = a; b < Shape.Caps.Length; b++)
            {
                Networks.Distances.SetFloor(a, b, floor(a, b));
            }
        }
    }

    /// <summary>The cell head's biases start at the training set's mean cell: a sigmoid of 0 would be cells of 15 Å.</summary>
    private void StartAt(ReadOnlySpan<double> cell)
    {
        var bias = Networks.Generator.Block.Value("f2.bias").Row(0);
        for (int k = 0; k < 6; k++)
        {
            double x = Math.Clamp(cell[k], 0.01, 0.99);
            bias[k] = (float)Math.Log(x / (1 - x));
        }
    }

    private void FillBatch()
    {
        if (_orderedEpoch != Epoch)
        {
            _draws.Order(Epoch, _order);
            _orderedEpoch = Epoch;
        }

        int first = Batch * Options.Batch;
        _batch.Size = Math.Min(Options.Batch, _images.Count - first);
        for (int s = 0; s < _batch.Size; s++)
        {
            int index = _order[first + s];
            _batch.Energy[s] = _images.Fill(index, _image, _counts);
            _batch.SetReal(s, _image, _counts, Shape, index);
        }

        _draws.Latents(Epoch, Batch, _batch, generatorUpdate: false);
        _draws.Conditions(Epoch, Batch, _batch);
        _draws.MixWeights(Epoch, Batch, _batch);
        _draws.Noise(Epoch, Batch, _batch);
    }

    private void Measure(in CrystalGanStatistics now)
    {
        // Batch 0 starts a new mean; the generator's numbers are those of its last update.
        _measured = Batch == 0 ? 1 : _measured + 1;
        double take = 1.0 / _measured;
        var before = Batch == 0 ? now : Statistics;
        Statistics = now with
        {
            CriticLoss = before.CriticLoss + take * (now.CriticLoss - before.CriticLoss),
            Wasserstein = before.Wasserstein + take * (now.Wasserstein - before.Wasserstein),
            SlopeNorm = before.SlopeNorm + take * (now.SlopeNorm - before.SlopeNorm),
            AtomLoss = before.AtomLoss + take * (now.AtomLoss - before.AtomLoss),
            EnergyError = before.EnergyError + take * (now.EnergyError - before.EnergyError),
            CountLoss = before.CountLoss + take * (now.CountLoss - before.CountLoss),
        };
    }

    private void CheckDivergence()
    {
        var s = Statistics;
        bool finite = float.IsFinite(TensorPrimitives.Sum<float>(Networks.Generator.Block.Values.Span)) && float.IsFinite(TensorPrimitives.Sum<float>(Networks.Critic.Block.Values.Span))
            && float.IsFinite(TensorPrimitives.Sum<float>(Networks.Classifier.Block.Values.Span));
        if (!(finite && Math.Abs(s.CriticLoss) < LargestLoss && Math.Abs(s.GeneratorScore) < LargestLoss && s.AtomLoss + s.CountLoss + s.GeneratedCountLoss < LargestLoss))
        {
            throw new PolymorphException("PM4001",
                FormattableString.Invariant($"the model diverged in epoch {Epoch}, batch {Batch} (critic loss {s.CriticLoss:G4}, generator score {s.GeneratorScore:G4}, slope {s.SlopeNorm:G4}, classifier {s.AtomLoss + s.CountLoss:G4})"),
                nextStep: "Its last good checkpoint is kept. Lower the learning rate, or take another seed.", exitCode: ExitCode.PartlyConverged);
        }
    }

    private static void CheckSize(CrystalGanOptions options, CrystalGanShape shape)
    {
        var w = options.Widths;
        long rows = (long)options.Batch * shape.Rows, wide = (long)w.Generator1 + w.Generator2 + w.Generator3;
        double numbers = 5.0 * ((double)shape.Atoms * w.Generator0 * (w.Latent + shape.ConditionLength) + (double)shape.Slots * w.Critic3 * w.CriticHidden1)
            + rows * (9.0 * wide + 7.0 * (w.Critic1 + w.Critic2 + w.Critic3) + 3.0 * (w.Classifier1 + w.Classifier2 + w.Classifier3));
        if (numbers > MostNumbers)
        {
            throw new PolymorphException("PM3008", FormattableString.Invariant($"one model would need about {numbers * 4.0 / (1L << 30):F0} GiB of memory: {options.Batch} images of {shape.Rows} rows"),
                nextStep: "Lower the batch, the caps of the elements, or the widths of the networks.", exitCode: ExitCode.Usage);
        }
    }
}
