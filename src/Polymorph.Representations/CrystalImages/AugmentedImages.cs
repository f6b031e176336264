using System.Collections.Immutable;
using Polymorph.Learning;
using Polymorph.Structures;

namespace Polymorph.Representations.CrystalImages;

/// <summary>The images of one cell composition.</summary>
/// <param name="Counts">Atoms of each element.</param>
/// <param name="Parents">Indices of its structures.</param>
public sealed record ImageGroup(ImmutableArray<int> Counts, ImmutableArray<int> Parents);

/// <summary>A training set of images that is computed, not stored: image i is a function of the structures, the seed and i. Safe for use by several threads.</summary>
public sealed class AugmentedImages
{
    private const uint KeepStream = 0x43490001;
    private const uint ImageStream = 0x43490002;

    private readonly double[][] _parents;
    private readonly ImmutableArray<int>[] _kept;
    private readonly CounterRandom _random;
    private readonly bool _translated;

    /// <summary>A training set.</summary>
    /// <param name="structures">Crystals that fit the layout, supercells included.</param>
    /// <param name="layout">The layout.</param>
    /// <param name="perComposition">Images of each cell composition, at least 1.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="translated">False to keep every origin, so that special positions stay special; rows are shuffled all the same.</param>
    /// <exception cref="Foundation.PolymorphException">PM2902 to PM2905: a structure does not fit.</exception>
    public AugmentedImages(IReadOnlyList<Structure> structures, CrystalImageLayout layout, int perComposition, ulong seed, bool translated = true)
    {
        ArgumentNullException.ThrowIfNull(structures);
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentOutOfRangeException.ThrowIfLessThan(perComposition, 1);
        (Layout, PerComposition, _translated, _random) = (layout, perComposition, translated, new CounterRandom(seed, ImageStream));
        _parents = new double[structures.Count][];
        var counts = new ImmutableArray<int>[structures.Count];
        for (int i = 0; i < structures.Count; i++)
        {
            counts[i] = layout.CountsOf(structures[i].Composition);
            CrystalImage.Encode(structures[i], layout, _parents[i] = new double[layout.Length]);
        }

        Groups = [.. Enumerable.Range(0, structures.Count).GroupBy(i => counts[i], CountsComparer.Instance).OrderBy(g => g.Key, CountsComparer.Instance).Select(g => new ImageGroup(g.Key, [.. g]))];
        _kept = [.. Groups.Select((group, index) => Kept(group, index, seed))];
    }

    /// <summary>The layout.</summary>
    public CrystalImageLayout Layout { get; }

    /// <summary>Images of each cell composition.</summary>
    public int PerComposition { get; }

    /// <summary>The cell compositions, in the order of their counts.</summary>
    public ImmutableArray<ImageGroup> Groups { get; }

    /// <summary>Number of images.</summary>
    public int Count => checked(Groups.Length * PerComposition);

    /// <summary>The plan of a composition.</summary>
    /// <param name="group">Its index.</param>
    public AugmentationPlan Plan(int group) => new(Groups[group].Parents.Length, PerComposition);

    /// <summary>Computes image i.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1; images of one composition are neighbours.</param>
    /// <param name="image">[rows × 3], overwritten.</param>
    /// <param name="counts">Atoms of each element, overwritten.</param>
    /// <returns>Index of its structure.</returns>
    public int Fill(int index, Span<float> image, Span<int> counts)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        CrystalImage.CheckLength(image.Length, Layout);
        var (group, number) = Math.DivRem(index, PerComposition);
        var planned = Plan(group)[number];
        var random = _random.Sequence((uint)index);
        var kept = _kept[group];

        // The draw is made for every image, so that the translation of an image does not depend on its kind.
        int drawn = random.NextIndex(kept.Length);
        Span<double> work = stackalloc double[Layout.Length];
        int parent = kept[planned.Structure ?? drawn];
        _parents[parent].CopyTo(work);
        if (planned.Swap != AxisSwap.None)
        {
            ImageAugmentation.SwapAxes(work, planned.Swap == AxisSwap.BC ? 1 : 0, planned.Swap == AxisSwap.AB ? 1 : 2);
        }

        if (planned.IsTranslated)
        {
            var shift = new Vector3D(random.NextDouble(), random.NextDouble(), random.NextDouble());
            if (_translated)
            {
                ImageAugmentation.Translate(work, Layout, shift);
            }

            Span<int> order = stackalloc int[CrystalImageLayout.LargestCap];
            for (int block = 0; block < Layout.Blocks.Length; block++)
            {
                var part = order[..Layout.Blocks[block].Cap];
                ImageAugmentation.Permutation(part, ref random);
                ImageAugmentation.Reorder(work, Layout, block, part);
            }
        }

        for (int i = 0; i < work.Length; i++)
        {
            image[i] = (float)work[i];
        }

        Groups[group].Counts.AsSpan().CopyTo(counts);
        return parent;
    }

    private ImmutableArray<int> Kept(ImageGroup group, int index, ulong seed)
    {
        if (group.Parents.Length <= PerComposition)
        {
            return group.Parents;
        }

        int[] order = new int[group.Parents.Length];
        var random = new CounterRandom(seed, KeepStream).Sequence((uint)index);
        ImageAugmentation.Permutation(order, ref random);
        return [.. order.Take(PerComposition).Order().Select(i => group.Parents[i])];
    }
}
