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

    internal CrystalGanGenerator(CrystalGanOptions options, CrystalGanShape shape, ulong seed, int epochs, int threads)
    {
        (_options, Shape, Seed, Epochs) = (options, shape, seed, epochs);
        var kernels = new LayerKernels(threads);
        Generator = new GeneratorNetwork<AlignedMatrix>(kernels, shape, options.Widths, options.Batch);
        Classifier = new ClassifierNetwork<AlignedMatrix>(kernels, shape, options.Widths, options.Batch);
        _batch = new CrystalGanBatch<AlignedMatrix>(shape, options.Widths, options.Batch);
        _images = new AlignedMatrix(options.Batch, shape.ImageLength);
        _random = new CounterRandom(seed, CrystalGanRandomStreams.Generation);
    }

    /// <summary>Rows of the images.</summary>
    public CrystalGanShape Shape { get; }

    /// <summary>Seed of the model and of the latents.</summary>
    public ulong Seed { get; }

    /// <summary>Epochs the model was trained.</summary>
    public int Epochs { get; }

    /// <summary>Images of one pass: draws of <see cref="GenerationStatistics.Batch"/> begin at multiples of it.</summary>
    public int PassSize => _options.Batch;

    internal GeneratorNetwork<AlignedMatrix> Generator { get; }

    internal ClassifierNetwork<AlignedMatrix> Classifier { get; }

    /// <summary>Consecutive images of a composition.</summary>
    /// <param name="first">Index of the first; with statistics of the batch a multiple of <see cref="PassSize"/>.</param>
    /// <param name="count">How many.</param>
    /// <param name="wanted">Atoms of each element, from 1 to its cap.</param>
    /// <param name="images">[count × rows × 3], overwritten.</param>
    /// <param name="presence">The probability that a row holds an atom, 0 or 1 where compositions are exact, else by the classifier, [count × atom rows], overwritten.</param>
    /// <param name="statistics">Statistics of the normalisations.</param>
    /// <exception cref="ArgumentOutOfRangeException">A wanted count is outside its rows.</exception>
    public void Fill(long first, int count, ReadOnlySpan<int> wanted, Span<float> images, Span<float> presence, GenerationStatistics statistics = GenerationStatistics.Running)
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
            Prepare(first + done, wanted);
            var mask = _options.Masked ? _batch.Mask : null;
            Generator.Forward(_batch.GeneratorInput, _batch.Size, training: statistics == GenerationStatistics.Batch, mask);
            ImageHead.Forward(Generator, _images, _batch.Size, _options.Periodic, mask);
            if (!_options.Masked)
            {
                Classifier.Forward(_images, _batch.Size, training: false);
            }

            for (int s = 0; s < kept; s++)
            {
                _images.Row(s).CopyTo(images.Slice((done + s) * Shape.ImageLength, Shape.ImageLength));
                Presence(s, presence.Slice((done + s) * Shape.Atoms, Shape.Atoms));
            }
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
