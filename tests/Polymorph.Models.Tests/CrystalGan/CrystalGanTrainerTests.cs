using Polymorph.Foundation;
using Polymorph.Learning;
using Polymorph.Learning.Kernels;
using Polymorph.Learning.Layers;
using Polymorph.Learning.Safetensors;
using Polymorph.Models.CrystalGan;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Models.Tests.CrystalGan;

public sealed class CrystalGanTrainerTests
{
    private static readonly CrystalGanShape Shape = new([3, 5]);

    /// Rows are split among threads and lanes, sums never: neither may change a bit.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TheSameSeedGivesTheSameBitsAtEveryWidthAndThreadCount(bool environments)
    {
        float[] alone = Train(1, VectorWidths.Best);
        Assert.Equal(alone, Train(2, VectorWidths.Best));
        Assert.All(VectorWidths.Available, width => Assert.Equal(alone, Train(1, width)));
        Assert.All(alone, v => Assert.True(float.IsFinite(v)));

        float[] Train(int threads, VectorWidth width)
        {
            var trainer = Trainer(5, environments ? Ours() : Options(), threads, width);
            trainer.RunEpoch();
            return Parameters(trainer);
        }
    }

    [Fact]
    public void AnotherSeedGivesAnotherModel() => Assert.NotEqual(Parameters(Trainer(5)), Parameters(Trainer(6)));

    /// Stopped in the middle of an epoch, saved, resumed in another object: the same bits as without a stop.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AStoppedAndResumedTrainingEqualsAnUnbrokenOne(bool environments)
    {
        var options = environments ? Ours() : Options();
        string path = Path.Combine(Directory.CreateTempSubdirectory("polymorph-test-").FullName, "model.safetensors");
        var unbroken = Trainer(3, options);
        var stopped = Trainer(3, options);
        for (int batch = 0; batch < 8; batch++)
        {
            unbroken.RunBatch();
            if (batch < 4)
            {
                stopped.RunBatch();
            }
        }

        CrystalGanModelFile.Save(stopped, path, new Dictionary<string, string> { ["layout"] = "Mg=3,O=5" });
        var resumed = Trainer(3, options);
        CrystalGanModelFile.Resume(resumed, path);
        Assert.Equal((1, 1), (resumed.Epoch, resumed.Batch));
        while (resumed.Epoch < unbroken.Epoch || resumed.Batch < unbroken.Batch)
        {
            resumed.RunBatch();
        }

        Assert.Equal(Parameters(unbroken), Parameters(resumed));
        Assert.Equal(unbroken.Statistics, resumed.Statistics);

        var (generator, notes) = CrystalGanModelFile.LoadGenerator(path);
        Assert.Equal((environments, environments), (generator.CanRefine, generator.KnowsEnergies));
        Assert.Equal(("Mg=3,O=5", 3ul, 1), (notes["layout"], generator.Seed, generator.Epochs));
        Assert.Equal("PM4104", Assert.Throws<PolymorphException>(() => CrystalGanModelFile.Resume(Trainer(4, options), path)).Code);
        var file = SafetensorsFile.Read(path);
        new SafetensorsFile(file.Tensors.Remove("critic.c2.weight"), file.Metadata).Write(path);
        float[] before = Parameters(resumed);
        Assert.Equal("PM4104", Assert.Throws<PolymorphException>(() => CrystalGanModelFile.Resume(resumed, path)).Code);
        Assert.Equal(before, Parameters(resumed));
    }

    [Fact]
    public void ImagesDoNotDependOnHowManyAreDrawn()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("polymorph-test-").FullName, "model.safetensors");
        var trainer = Trainer(3);
        trainer.RunEpoch();
        CrystalGanModelFile.Save(trainer, path);
        var (generator, _) = CrystalGanModelFile.LoadGenerator(path);
        foreach (var statistics in Enum.GetValues<GenerationStatistics>())
        {
            float[] all = Draw(0, 40, statistics);
            Assert.All(all, v => Assert.True(v is >= 0 and <= 1));
            int length = Shape.ImageLength;
            Assert.Equal(all[(32 * length)..(35 * length)], Draw(32, 3, statistics));
            Assert.NotEqual(all[..length], all[length..(2 * length)]);
        }

        float[] Draw(int first, int count, GenerationStatistics statistics)
        {
            var images = new float[count * Shape.ImageLength];
            var presence = new float[count * Shape.Atoms];
            generator.Fill(first, count, [2, 3], images, presence, new float[count], statistics);
            Assert.All(presence, p => Assert.True(p is >= 0 and <= 1));
            return images;
        }
    }

    [Fact]
    public void RefinedImagesAndPredictionsDoNotDependOnHowManyAreDrawn()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("polymorph-test-").FullName, "model.safetensors");
        var trainer = Trainer(3, Ours());
        trainer.RunEpoch();
        CrystalGanModelFile.Save(trainer, path);
        var (generator, _) = CrystalGanModelFile.LoadGenerator(path);
        int length = Shape.ImageLength;
        var (plain, _) = Draw(0, 40);
        generator.Refine(new() { Steps = 5, Distances = [2, 2, 2, 2], Volumes = (9, 14) });
        var (images, energies) = Draw(0, 40);
        Assert.NotEqual(plain[..length], images[..length]);
        Assert.All(images, v => Assert.True(v is >= 0 and <= 1));
        Assert.All(energies, e => Assert.False(float.IsNaN(e)));
        Assert.True(energies.Distinct().Count() > 20);
        var (some, predicted) = Draw(20, 12);
        Assert.Equal(images[(20 * length)..(32 * length)], some);
        Assert.Equal(energies[20..32], predicted);

        (float[] Images, float[] Energies) Draw(int first, int count)
        {
            var (drawn, above) = (new float[count * length], new float[count]);
            generator.Fill(first, count, [2, 3], drawn, new float[count * Shape.Atoms], above);
            return (drawn, above);
        }
    }

    /// Refinement takes atoms out of each other's way and brings cells to the wanted volume.
    [Fact]
    public void RefinementMovesAtomsApart()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("polymorph-test-").FullName, "model.safetensors");
        CrystalGanModelFile.Save(Trainer(3, Ours()), path);
        var (generator, _) = CrystalGanModelFile.LoadGenerator(path);
        var before = Cost();
        generator.Refine(new() { Steps = 100, Distances = [2, 2, 2, 2], Volumes = (14, 20) });

        // The critic of an untrained model pulls anywhere, so a little is left.
        Assert.True(Cost() < 0.25 * before, $"{Cost()} of {before}");

        double Cost()
        {
            var images = new float[32 * Shape.ImageLength];
            generator.Fill(0, 32, [2, 3], images, new float[32 * Shape.Atoms], new float[32]);
            var matrix = ReferenceMatrix.Create(32, Shape.ImageLength);
            for (int i = 0; i < images.Length; i++)
            {
                matrix[i / Shape.ImageLength, i % Shape.ImageLength] = images[i];
            }

            var term = new DistanceTerm(Shape);
            (int, int)[] pairs = [(0, 0), (0, 1), (1, 1)];
            foreach (var (a, b) in pairs)
            {
                term.SetFloor(a, b, 2);
            }

            term.SetVolumes(14, 20);
            return term.Add(matrix, 32, 1, ReferenceMatrix.Create(32, Shape.ImageLength));
        }
    }

    [Fact]
    public void OnlyAModelWithEnergiesPredictsAndOnlyOurPresetRefines()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("polymorph-test-").FullName, "model.safetensors");
        CrystalGanModelFile.Save(Trainer(3), path);
        var options = new CrystalRefinementOptions { Distances = [2, 2, 2, 2], Volumes = (9, 14) };
        Assert.Throws<InvalidOperationException>(() => CrystalGanModelFile.LoadGenerator(path).Generator.Refine(options));
        CrystalGanModelFile.Save(new CrystalGanTrainer(Ours(), Shape, new Images { Energies = false }, 3), path);
        var (generator, _) = CrystalGanModelFile.LoadGenerator(path);
        var energies = new float[1];
        generator.Fill(0, 1, [2, 3], new float[Shape.ImageLength], new float[Shape.Atoms], energies);
        Assert.True(generator.CanRefine && !generator.KnowsEnergies && float.IsNaN(energies[0]));
    }

    /// The energies are 0.08, 0.16 and 0.24 eV/atom by the number of atoms of the first element: who always says the mean errs by 0.053.
    [Fact]
    public void EnergiesAreLearnt()
    {
        var trainer = Trainer(1, Ours() with { Batch = 16, RateDecay = 1, Widths = GoldenCrystalGan.SmallWidths with { Critic1 = 64, Critic2 = 64, Critic3 = 32, CriticHidden1 = 64, CriticHidden2 = 32 } });
        for (int epoch = 0; epoch < 400; epoch++)
        {
            trainer.RunEpoch();
        }

        Assert.True(trainer.Statistics.EnergyError < 0.027, $"{trainer.Statistics.EnergyError}");
    }

    /// What a trainer takes from its images does not depend on whether the critic reads neighbours.
    [Fact]
    public void FloorsAreLearntWithEveryCritic()
    {
        var (ours, plain) = (Trainer(4, Ours()), Trainer(4, Ours() with { Environments = false }));
        Assert.True(ours.KnowsEnergies && !plain.KnowsEnergies);
        foreach (var (a, b) in new[] { (0, 0), (0, 1), (1, 1) })
        {
            Assert.InRange(plain.Networks.Distances.Floor(a, b), 1e-3, 5);
            Assert.Equal(ours.Networks.Distances.Floor(a, b), plain.Networks.Distances.Floor(a, b));
        }
    }

    [Fact]
    public void LookingAtImagesDoesNotChangeTheTraining()
    {
        var (looked, other) = (Trainer(4, Ours()), Trainer(4, Ours()));
        var images = new float[32 * Shape.ImageLength];
        Assert.Equal(0, looked.Sample(images));
        for (int batch = 0; batch < 4; batch++)
        {
            looked.RunBatch();
            other.RunBatch();
            Assert.True(looked.Sample(images) > 0);
        }

        Assert.Equal(Parameters(other), Parameters(looked));
        Assert.All(images, v => Assert.True(v is >= 0 and <= 1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ABatchAllocatesNothing(bool environments)
    {
        var trainer = Trainer(2, environments ? Ours() : Options());
        trainer.RunEpoch();
        long before = GC.GetAllocatedBytesForCurrentThread();
        trainer.RunBatch();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void ADivergingModelStopsWithACode()
    {
        var trainer = Trainer(2);
        trainer.Networks.Critic.Block.Value("c2.weight").Span[0] = float.NaN;
        Assert.Equal("PM4001", Assert.Throws<PolymorphException>(trainer.RunBatch).Code);
        Assert.Equal((0, 0), (trainer.Epoch, trainer.Batch));
    }

    [Fact]
    public void WhatIsNoTrainingSetIsRefused()
    {
        Assert.Equal("PM3002", Code(new Images { Count = 1 }));
        Assert.Equal("PM3009", Code(new Images { Spoil = (image, _) => image[4] = float.NaN }));
        Assert.Equal("PM3009", Code(new Images { Spoil = (image, _) => image[7] = 1.5f }));
        Assert.Equal("PM3009", Code(new Images { Spoil = (_, counts) => counts[1]++ }));
        Assert.Equal("PM3008", Assert.Throws<PolymorphException>(() => new CrystalGanTrainer(Options() with { Batch = 4096, Widths = new() { Generator2 = 65536 } }, Shape, new Images(), 1)).Code);

        static string Code(Images images) => Assert.Throws<PolymorphException>(() => new CrystalGanTrainer(Options(), Shape, images, 1).RunEpoch()).Code;
    }

    /// The published schedule, by its own table.
    [Fact]
    public void StepsShrinkByFivePercentInTenEpochs()
    {
        foreach (var factor in ReferenceData.Json("golden/crystal-gan/labels.json").GetProperty("learning_rate_factor").EnumerateObject())
        {
            Assert.Equal(factor.Value.GetDouble(), CrystalGanOptions.Published().RateFactor(int.Parse(factor.Name.AsSpan(5))), 1e-12);
        }

        Assert.Equal(1, CrystalGanOptions.Paper().RateFactor(400));
    }

    /// The classifier must learn to count from what it sees: plain chance is ln 3 + ln 5 for the counts of 3 and 5 rows.
    [Fact]
    public void TheClassifierLearnsToCount()
    {
        var trainer = Trainer(1, Options() with { ClassifierRate = 5e-3, Losses = new() { RealCount = 1, FakeCount = 0 } });
        for (int epoch = 0; epoch < 30; epoch++)
        {
            trainer.RunEpoch();
        }

        Assert.True(trainer.Statistics.CountLoss < 0.7 * Math.Log(15), $"{trainer.Statistics}");
        Assert.True(trainer.Statistics.AtomLoss < 0.7 * 2 * Math.Log(2), $"{trainer.Statistics}");
    }

    internal static CrystalGanOptions Options() => new() { Widths = GoldenCrystalGan.SmallWidths, Losses = new() { FakeAtom = 1 }, Batch = 32 };

    private static CrystalGanOptions Ours() => CrystalGanOptions.Polymorph() with { Widths = GoldenCrystalGan.SmallWidths, Batch = 32 };

    private static CrystalGanTrainer Trainer(ulong seed, CrystalGanOptions? options = null, int threads = 1, VectorWidth? width = null) =>
        new(options ?? Options(), Shape, new Images(), seed, threads, width);

    private static float[] Parameters(CrystalGanTrainer trainer) =>
        [.. trainer.Networks.Generator.Block.Values.Span, .. trainer.Networks.Critic.Block.Values.Span, .. trainer.Networks.Classifier.Block.Values.Span, .. trainer.Networks.Stability is { } s ? s.Network.Block.Values.Span : []];

    /// <summary>Random rows; 95 images make two whole batches and one of 31.</summary>
    private sealed class Images : ICrystalImages
    {
        private readonly CounterRandom _random = new(9, 9);

        public int Count { get; init; } = 95;

        public Spoiler? Spoil { get; init; }

        public bool Energies { get; init; } = true;

        /// The energy of every fourth image is not known.
        public double Fill(int index, Span<float> image, Span<int> counts)
        {
            var sequence = _random.Sequence((uint)index);
            image.Clear();
            for (int e = 0; e < 2; e++)
            {
                counts[e] = 1 + sequence.NextIndex(Shape.Caps[e]);
                foreach (ref float value in image.Slice(3 * Shape.FirstRows[e], 3 * counts[e]))
                {
                    value = 1 / 6f + 2 / 3f * sequence.NextSingle();
                }
            }

            foreach (ref float value in image[..6])
            {
                value = 0.3f + 0.2f * sequence.NextSingle();
            }

            if (index == 7)
            {
                Spoil?.Invoke(image, counts);
            }

            return Energies && index % 4 > 0 ? 0.08 * counts[0] : double.NaN;
        }
    }

    private delegate void Spoiler(Span<float> image, Span<int> counts);
}
