using System.Collections.Immutable;
using Polymorph.Foundation;
using Polymorph.Learning.Layers;

namespace Polymorph.Models.CrystalGan;

/// <summary>The inputs of one iteration, written by whoever drives the training.</summary>
/// <typeparam name="TMatrix">Matrices of the precision at hand.</typeparam>
internal sealed class CrystalGanBatch<TMatrix>
    where TMatrix : class, IRowMatrix<TMatrix>
{
    private const float Threshold = (float)ImageGeometry.Threshold;

    public CrystalGanBatch(CrystalGanShape shape, CrystalGanWidths widths, int batch)
    {
        Real = TMatrix.Create(batch, shape.ImageLength);
        Noised = TMatrix.Create(batch, shape.ImageLength);
        GeneratorInput = TMatrix.Create(batch, widths.Latent + shape.ConditionLength);
        (Mix, Energy, Disturbance) = (new double[batch], new double[batch], new double[batch]);
        RealAtoms = [.. shape.Caps.Select(c => new int[batch * c])];
        RealCounts = [.. shape.Caps.Select(_ => new int[batch])];
        WantedAtoms = [.. shape.Caps.Select(c => new int[batch * c])];
        WantedCounts = [.. shape.Caps.Select(_ => new int[batch])];
        Mask = TMatrix.Create(batch, shape.Atoms);
        Size = batch;
    }

    /// <summary>Images in use.</summary>
    public int Size { get; set; }

    /// <summary>Training images, [batch × 3 rows].</summary>
    public TMatrix Real { get; }

    /// <summary>The same as the classifier sees them.</summary>
    public TMatrix Noised { get; }

    /// <summary>Latents and conditions, [batch × inputs].</summary>
    public TMatrix GeneratorInput { get; }

    /// <summary>Weight of the real image in each mixed one.</summary>
    public double[] Mix { get; }

    /// <summary>Energy above the hull of each real image, eV/atom, or NaN.</summary>
    public double[] Energy { get; }

    /// <summary>How far each real image was disturbed to stand among the generated ones, 0 to 1; 0 where it does not.</summary>
    public double[] Disturbance { get; }

    /// <summary>1 where a row of the real images holds an atom, per element [batch · cap].</summary>
    public ImmutableArray<int[]> RealAtoms { get; }

    /// <summary>Atoms of the real images less one, per element [batch].</summary>
    public ImmutableArray<int[]> RealCounts { get; }

    /// <summary>1 where a row of a generated image should hold an atom, per element [batch · cap].</summary>
    public ImmutableArray<int[]> WantedAtoms { get; }

    /// <summary>Wanted atoms less one, per element [batch].</summary>
    public ImmutableArray<int[]> WantedCounts { get; }

    /// <summary>1 for the first wanted rows of each element, 0 for the others, [batch × atoms].</summary>
    public TMatrix Mask { get; }

    /// <summary>Takes a training image.</summary>
    /// <param name="s">Its place in the batch.</param>
    /// <param name="image">[rows × 3].</param>
    /// <param name="counts">Atoms of each element.</param>
    /// <param name="shape">Elements' caps.</param>
    /// <param name="index">Its index, for messages.</param>
    /// <exception cref="PolymorphException">PM3009: numbers outside 0 to 1, or counts that are not those of the rows.</exception>
    public void SetReal(int s, ReadOnlySpan<float> image, ReadOnlySpan<int> counts, CrystalGanShape shape, int index)
    {
        for (int i = 0; i < image.Length; i++)
        {
            if (!(image[i] is >= 0 and <= 1))
            {
                throw NoImage(index, FormattableString.Invariant($"number {i} is {image[i]}, not from 0 to 1"));
            }

            Real[s, i] = image[i];
        }

        for (int e = 0; e < counts.Length; e++)
        {
            int present = 0, cap = shape.Caps[e];
            for (int i = 0; i < cap; i++)
            {
                int at = 3 * (shape.FirstRows[e] + i);
                int holds = image[at] + image[at + 1] + image[at + 2] >= Threshold ? 1 : 0;
                RealAtoms[e][s * cap + i] = holds;
                present += holds;
            }

            if (counts[e] != present || present == 0)
            {
                throw NoImage(index, $"{present} rows of element {e} hold atoms, its count is {counts[e]}");
            }

            RealCounts[e][s] = counts[e] - 1;
        }
    }

    /// <summary>Writes the wanted counts into the generator's input: the share of atoms, then a one-hot count per element.</summary>
    public void SetCondition(int s, CrystalGanShape shape, int latent)
    {
        int atoms = 0;
        for (int i = 0; i < shape.ConditionLength; i++)
        {
            GeneratorInput[s, latent + i] = 0;
        }

        for (int e = 0; e < shape.Caps.Length; e++)
        {
            int wanted = WantedCounts[e][s];
            atoms += wanted + 1;
            for (int i = 0; i < shape.Caps[e]; i++)
            {
                Mask[s, shape.FirstRows[e] - 2 + i] = i <= wanted ? 1 : 0;
            }

            GeneratorInput[s, latent + shape.FirstRows[e] - 1 + wanted] = 1;
        }

        GeneratorInput[s, latent] = (double)atoms / shape.Atoms;
    }

    private static PolymorphException NoImage(int index, string reason) =>
        new("PM3009", $"training image {index} is no crystal image: {reason}", nextStep: "Prepare the training set again.");
}
