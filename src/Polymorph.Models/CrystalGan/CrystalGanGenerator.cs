using Polymorph.Learning;
using Polymorph.Learning.Kernels;

namespace Polymorph.Models.CrystalGan;

/// <summary>Which statistics the generator's normalisations use when it makes crystals.</summary>
public enum GenerationStatistics
{
    /// <summary>The running means of training: an image depends on its own latents alone.</summary>
    Running,

    /// <summary>Those of the images drawn together, as in training: an image also depends on its neighbours of the same draw.</summary>
    Batch,
}

/// <summary>Makes crystal images of a wanted composition with a trained model. Image i of a composition is always the same.</summary>
/// <remarks>One generator belongs to one caller at a time.</remarks>
public sealed class CrystalGanGenerator
{
    private readonly CrystalGanOptions _options;
    private readonly CrystalGanBatch<AlignedMatrix> _batch;
    private readonly AlignedMatrix _images;
    private readonly CounterRandom _random;
    private readonly CounterRandom _noise;
    private readonly CrystalRefinement<AlignedMatrix>? _refinement;
    private readonly DistanceTerm? _distances;
    private readonly RandomSequence[] _sequences;
    private readonly double[] _energies;

    internal CrystalGanGenerator(CrystalGanOptions options, CrystalGanShape shape, ulong seed, int epochs, int threads)
    {
        (_options, Shape, Seed, Epochs) = (options, shape, seed, epochs);
        var kernels = new LayerKernels(threads);
        Generator = new GeneratorNetwork<AlignedMatrix>(kernels, shape, options.Widths, options.Batch);
        Classifier = new ClassifierNetwork<AlignedMatrix>(kernels, shape, options.Widths, options.Batch);
        _batch = new CrystalGanBatch<AlignedMatrix>(shape, options.Widths, options.Batch);
        _images = new AlignedMatrix(options.Batch, shape.ImageLength);
        (_sequences, _energies) = (new RandomSequence[options.Batch], new double[options.Batch]);
        Array.Fill(_energies, double.NaN);
        _random = new CounterRandom(seed, CrystalGanRandomStreams.Generation);
        _noise = new CounterRandom(seed, CrystalGanRandomStreams.Refinement);
        if (options.Environments)
        {
            var environments = new EnvironmentFeatures<AlignedMatrix>(shape, threads);
            Critic = new CriticNetwork<AlignedMatrix>(kernels, shape, options.Widths, environments.RowWidth);
            Stability = new CriticNetwork<AlignedMatrix>(kernels, shape, options.Widths, environments.RowWidth);
            _refinement = new CrystalRefinement<AlignedMatrix>(Critic, environments, _distances = new DistanceTerm(shape), options.Batch);
        }
    }

    /// <summary>Rows of the images.</summary>
    public CrystalGanShape Shape { get; }

    /// <summary>Seed of the model and of the latents.</summary>
    public ulong Seed { get; }

    /// <summary>Epochs the model was trained.</summary>
    public int Epochs { get; }

    /// <summary>Images of one pass: draws of <see cref="GenerationStatistics.Batch"/> begin at multiples of it.</summary>
    public int PassSize => _options.Batch;

    /// <summary>Whether its critic can refine what is drawn.</summary>
    public bool CanRefine => _refinement is not null;

    /// <summary>Whether it has learnt energies above the hull, so that draws can be compared.</summary>
    public bool KnowsEnergies { get; internal set; }

    /// <summary>How draws are refined; null for not at all.</summary>
    public CrystalRefinementOptions? Refinement { get; private set; }

    internal GeneratorNetwork<AlignedMatrix> Generator { get; }

    internal CriticNetwork<AlignedMatrix>? Critic { get; }

    internal CriticNetwork<AlignedMatrix>? Stability { get; }

    internal ClassifierNetwork<AlignedMatrix> Classifier { get; }

    /// <summary>Has all further draws refined.</summary>
    /// <param name="options">How.</param>
    /// <exception cref="InvalidOperationException">It cannot refine.</exception>
    public void Refine(CrystalRefinementOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (_distances is null)
        {
            throw new InvalidOperationException("this model cannot refine");
        }

        Refinement = options;
        int elements = Shape.Caps.Length;
        for (int pair = 0; pair < elements * elements; pair++)
        {
            _distances.SetFloor(pair / elements, pair % elements, options.Distances[pair]);
        }

        _distances.SetVolumes(options.Volumes.Smallest, options.Volumes.Largest);
    }

    /// <summary>Consecutive images of a composition.</summary>
    /// <param name="first">Index of the first; with statistics of the batch a multiple of <see cref="PassSize"/>.</param>
    /// <param name="count">How many.</param>
    /// <param name="wanted">Atoms of each element, from 1 to its cap.</param>
    /// <param name="images">[count × rows × 3], overwritten.</param>
    /// <param name="presence">The probability that a row holds an atom, 0 or 1 where compositions are exact, else by the classifier, [count × atom rows], overwritten.</param>
    /// <param name="energies">Predicted energy above the hull of each, eV/atom, overwritten; NaN where it knows no energies, infinite where the image is no crystal.</param>
    /// <param name="statistics">Statistics of the normalisations.</param>
    /// <exception cref="ArgumentOutOfRangeException">A wanted count is outside its rows.</exception>
    public void Fill(long first, int count, ReadOnlySpan<int> wanted, Span<float> images, Span<float> presence, Span<float> energies, GenerationStatistics statistics = GenerationStatistics.Running)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNotEqual(wanted.Length, Shape.Caps.Length);
        for (int e = 0; e < wanted.Length; e++)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(wanted[e], 1, nameof(wanted));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(wanted[e], Shape.Caps[e], nameof(wanted));
        }

        for (int done = 0; done < count; done += PassSize)
        {
            // A pass of the batch's statistics is always whole, so that its images do not depend on how many are asked for.
            int kept = Math.Min(PassSize, count - done);
            _batch.Size = statistics == GenerationStatistics.Batch ? PassSize : kept;
            Draw(first + done, wanted, statistics == GenerationStatistics.Batch);
            for (int s = 0; s < kept; s++)
            {
                _images.Row(s).CopyTo(images.Slice((done + s) * Shape.ImageLength, Shape.ImageLength));
                Presence(s, presence.Slice((done + s) * Shape.Atoms, Shape.Atoms));
                energies[done + s] = (float)_energies[s];
            }
        }
    }

    /// <summary>One pass: images of consecutive indices, refined if they are to be, and what is predicted of them.</summary>
    private void Draw(long first, ReadOnlySpan<int> wanted, bool batchStatistics)
    {
        Prepare(first, wanted);
        var mask = _options.Masked ? _batch.Mask : null;
        Generator.Forward(_batch.GeneratorInput, _batch.Size, batchStatistics, mask);
        ImageHead.Forward(Generator, _images, _batch.Size, _options.Periodic, mask);
        if (!_options.Masked)
        {
            Classifier.Forward(_images, _batch.Size, training: false);
        }

        if (Refinement is { } refinement)
        {
            for (int s = 0; s < _batch.Size; s++)
            {
                _sequences[s] = _noise.Sequence((uint)((first + s) >> 32), (uint)(first + s));
            }

            _refinement!.Run(_images, _batch.Size, refinement.Steps, _sequences);
        }

        if (KnowsEnergies)
        {
            _refinement!.Judge(Stability!, _images, _batch.Size, _energies);
        }
    }

    private void Prepare(long first, ReadOnlySpan<int> wanted)
    {
        for (int s = 0; s < _batch.Size; s++)
        {
            long index = first + s;
            for (int e = 0; e < wanted.Length; e++)
            {
                _batch.WantedCounts[e][s] = wanted[e] - 1;
            }

            var sequence = _random.Sequence((uint)(index >> 32), (uint)index);
            sequence.FillNormal(_batch.GeneratorInput.Row(s)[.._options.Widths.Latent]);
            _batch.SetCondition(s, Shape, _options.Widths.Latent);
        }
    }

    private void Presence(int s, Span<float> presence)
    {
        if (_options.Masked)
        {
            _batch.Mask.Row(s).CopyTo(presence);
            return;
        }

        for (int e = 0, at = 0; e < Shape.Caps.Length; e++)
        {
            for (int i = 0; i < Shape.Caps[e]; i++, at++)
            {
                var logits = Classifier.Branches[e].Logits.Row(s * Shape.Caps[e] + i);
                presence[at] = 1 / (1 + MathF.Exp(logits[0] - logits[1]));
            }
        }
    }
}
