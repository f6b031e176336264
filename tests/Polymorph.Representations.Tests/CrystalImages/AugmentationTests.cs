using Polymorph.Representations.CrystalImages;
using Polymorph.Structures;
using Polymorph.Structures.Formats;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Representations.Tests.CrystalImages;

public sealed class AugmentationTests
{
    private const double Tolerance = 1e-9;

    private static readonly CrystalImageLayout Layout = CrystalImageLayout.MgMnO;

    [Fact]
    public void GoldenTranslationsShufflesAndSwaps()
    {
        foreach (var golden in GoldenImages.Representation.GetProperty("augmentation").EnumerateArray())
        {
            double[] original = GoldenImages.Flat(golden.GetProperty("image"));
            double[] image = [.. original];
            ImageAugmentation.Translate(image, Layout, GoldenImages.Vector(golden.GetProperty("u")));
            GoldenImages.AssertImage(GoldenImages.Flat(golden.GetProperty("translated")), image, Tolerance);
            for (int block = 0; block < 3; block++)
            {
                ImageAugmentation.Reorder(image, Layout, block, GoldenImages.Whole(golden.GetProperty("permutations")[block]));
            }

            GoldenImages.AssertImage(GoldenImages.Flat(golden.GetProperty("translated_permuted")), image, Tolerance);
            foreach (var (name, first, second) in new[] { ("swap_ab", 0, 1), ("swap_ac", 0, 2), ("swap_bc", 1, 2) })
            {
                double[] swapped = [.. original];
                ImageAugmentation.SwapAxes(swapped, first, second);
                Assert.Equal(GoldenImages.Flat(golden.GetProperty(name)), swapped);
            }
        }
    }

    [Fact]
    public void GoldenSupercells()
    {
        var structures = GoldenImages.Representation.GetProperty("structures").EnumerateArray().ToDictionary(s => s.GetProperty("ref_index").GetInt32(), GoldenImages.Structure);
        foreach (var golden in GoldenImages.Representation.GetProperty("supercells").EnumerateArray())
        {
            int parent = golden.GetProperty("parent").GetInt32();
            var structure = structures.GetValueOrDefault(parent) ?? Unique(parent);
            int axis = Array.IndexOf(GoldenImages.Whole(golden.GetProperty("repeat")), 2);

            // Parents that are read from a text file have ten decimals.
            double tolerance = structures.ContainsKey(parent) ? Tolerance : 1e-8;
            foreach (var (name, rule) in new[] { ("image_correct", DoublingRule.Corrected), ("image_as_published", DoublingRule.AsPublished) })
            {
                double[] image = new double[Layout.Length];
                CrystalImage.Encode(DoubledCell.Of(structure, Layout, axis, rule), Layout, image);
                GoldenImages.AssertImage(GoldenImages.Flat(golden.GetProperty(name)), image, tolerance);
            }
        }
    }

    [Fact]
    public void GoldenPlans()
    {
        foreach (var golden in GoldenImages.Representation.GetProperty("augmentation_plan").EnumerateArray())
        {
            int target = golden.GetProperty("target").GetInt32(), structures = golden.GetProperty("structures").GetInt32();
            var plan = new AugmentationPlan(structures, target);
            if (golden.GetProperty("skipped").GetBoolean())
            {
                // The published code drops such a composition; here a random choice of T stays.
                Assert.Equal((target, target, 0, 0), (plan.Kept, plan.Originals, plan.TranslationsEach, plan.Remainder));
                continue;
            }

            Assert.Equal(golden.GetProperty("extra_axis_swaps").GetInt32(), plan.AxisSwaps);
            Assert.Equal(golden.GetProperty("translations_each").GetInt32(), plan.TranslationsEach);
            Assert.Equal(golden.GetProperty("remainder").GetInt32(), plan.Remainder);
            Assert.Equal(golden.GetProperty("total").GetInt32(), plan.Originals * (1 + plan.TranslationsEach) + plan.Remainder);
        }
    }

    [Theory]
    [InlineData(1, 10)]
    [InlineData(3, 10)]
    [InlineData(5, 10)]
    [InlineData(7, 10)]
    [InlineData(10, 10)]
    [InlineData(25, 10)]
    public void EveryOriginalIsThereOnceAsItIs(int structures, int target)
    {
        var plan = new AugmentationPlan(structures, target);
        var images = Enumerable.Range(0, target).Select(i => plan[i]).ToList();
        var originals = images.Where(i => !i.IsTranslated).ToList();
        Assert.Equal(plan.Originals, originals.Distinct().Count());
        Assert.Equal(plan.Originals, originals.Count);
        Assert.Equal(plan.Remainder, images.Count(i => i.Structure is null));
        if (plan.AxisSwaps == 1)
        {
            Assert.Equal([AxisSwap.None, AxisSwap.AC], images.Select(i => i.Swap).Distinct().Order());
        }
    }

    [Fact]
    public void AnImageDependsOnItsIndexAlone()
    {
        var set = Set(perComposition: 9);
        var inOrder = Enumerable.Range(0, set.Count).Select(i => Image(set, i)).ToArray();
        var parallel = new float[set.Count][];
        Parallel.For(0, set.Count, i => parallel[set.Count - 1 - i] = Image(Set(perComposition: 9), set.Count - 1 - i));
        Assert.Equal(inOrder, parallel);
        Assert.NotEqual(inOrder, Enumerable.Range(0, set.Count).Select(i => Image(Set(perComposition: 9, seed: 8), i)));
    }

    [Fact]
    public void EveryImageIsTheSameCrystalOrItsMirrorImage()
    {
        var set = Set(perComposition: 17);
        Assert.Equal(17 * set.Groups.Length, set.Count);
        int unchanged = 0, shuffled = 0;
        for (int i = 0; i < set.Count; i++)
        {
            double[] image = [.. Image(set, i).Select(v => (double)v)];
            bool[] present = new bool[Layout.AtomRows];
            CrystalImage.PresenceBySum(image, Layout, present);
            var group = set.Groups[i / 17];
            var back = CrystalImage.Decode(image, Layout, present, group.Counts.AsSpan());
            Assert.Equal(ImageFault.None, back.Fault);

            // Distances are kept by reflections and translations. 1e-4: single precision of coordinates and angles in cells of some 10 Å.
            double[] distances = CrystalImageTests.Distances(back.Structure!);
            Assert.Contains(group.Parents, p => CrystalImageTests.Distances(Parents()[p]) is var d && d.Length == distances.Length && d.Zip(distances).All(x => Math.Abs(x.First - x.Second) < 1e-4));
            bool atomsFirst = Enumerable.Range(0, 3).All(b => Enumerable.Range(0, group.Counts[b]).All(k => present[Layout.FirstRow(b) - 2 + k]));
            unchanged += atomsFirst ? 1 : 0;
            shuffled += atomsFirst ? 0 : 1;
        }

        Assert.True(unchanged >= set.Groups.Sum(g => g.Parents.Length) && shuffled > unchanged);
    }

    [Fact]
    public void AChoiceOfTooManyIsRandomAndStable()
    {
        var structures = Parents().Where(s => s.Composition.Equals(Parents()[0].Composition)).ToList();
        var many = Enumerable.Range(0, 40).Select(i => structures[0].WithPositions([.. structures[0].Positions.Select((p, k) => k == 0 ? p + new Vector3D(0.01 * i, 0, 0) : p)])).ToList();
        var set = new AugmentedImages(many, Layout, 6, seed: 3);
        Assert.Equal(6, set.Count);
        var first = Enumerable.Range(0, 6).Select(i => Image(set, i)).ToList();
        Assert.Equal(6, first.Select(i => i[3 * Layout.FirstRow(0)]).Distinct().Count());
        Assert.Equal(first, Enumerable.Range(0, 6).Select(i => Image(new AugmentedImages(many, Layout, 6, seed: 3), i)));
    }

    /// Swaps and shuffles only move the numbers of a parent about; a moved origin changes them.
    [Fact]
    public void OriginsStayWhenAskedTo()
    {
        var parents = Parents();
        var known = parents.Select(p => Sorted(Image(new AugmentedImages([p], Layout, 1, seed: 7), 0))).ToList();
        var fixedOrigins = new AugmentedImages(parents, Layout, 12, seed: 7, translated: false);
        Assert.All(Enumerable.Range(0, fixedOrigins.Count), i => Assert.Contains(Sorted(Image(fixedOrigins, i)), known, SameNumbers));
        Assert.Contains(Enumerable.Range(0, fixedOrigins.Count), i => !known.Contains(Sorted(Image(Set(12), i)), SameNumbers));

        static float[] Sorted(float[] image) => [.. image.Order()];
    }

    private static readonly IEqualityComparer<float[]> SameNumbers = EqualityComparer<float[]>.Create((a, b) => a!.AsSpan().SequenceEqual(b), a => a.Length);

    private static AugmentedImages Set(int perComposition, ulong seed = 7) => new(Parents(), Layout, perComposition, seed);

    private static List<Structure> Parents() => [.. GoldenImages.Representation.GetProperty("structures").EnumerateArray().Select(GoldenImages.Structure)];

    private static Structure Unique(int index) => StructureReader.ReadStrict(ReferenceData.PathOf("data/mgmno/mgmno_unique.extxyz"))[index];

    private static float[] Image(AugmentedImages set, int index)
    {
        var image = new float[set.Layout.Length];
        var counts = new int[set.Layout.Blocks.Length];
        set.Fill(index, image, counts);
        Assert.Equal(set.Groups[index / set.PerComposition].Counts, counts);
        return image;
    }
}
