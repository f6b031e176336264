using Polymorph.Foundation;
using Polymorph.Learning;
using Polymorph.Learning.Kernels;
using Polymorph.Learning.Safetensors;
using Polymorph.Models.CrystalGan;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Models.Tests.CrystalGan;

public sealed class CrystalGanTrainerTests
{
    private static readonly CrystalGanShape Shape = new([3, 5]);

    /// Rows are split among threads and lanes, sums never: neither may change a bit.
    [Fact]
    public void TheSameSeedGivesTheSameBitsAtEveryWidthAndThreadCount()
    {
        float[] alone = Train(1, VectorWidths.Best);
        Assert.Equal(alone, Train(2, VectorWidths.Best));
        Assert.All(VectorWidths.Available, width => Assert.Equal(alone, Train(1, width)));
        Assert.All(alone, v => Assert.True(float.IsFinite(v)));

        static float[] Train(int threads, VectorWidth width)
        {
            var trainer = Trainer(5, threads: threads, width: width);
            trainer.RunEpoch();
            return Parameters(trainer);
        }
    }

    [Fact]
    public void AnotherSeedGivesAnotherModel() => Assert.NotEqual(Parameters(Trainer(5)), Parameters(Trainer(6)));

    /// Stopped in the middle of an epoch, saved, resumed in another object: the same bits as without a stop.
    [Fact]
    public void AStoppedAndResumedTrainingEqualsAnUnbrokenOne()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("polymorph-test-").FullName, "model.safetensors");
        var unbroken = Trainer(3);
        var stopped = Trainer(3);
        for (int batch = 0; batch < 8; batch++)
        {
            unbroken.RunBatch();
            if (batch < 4)
            {
                stopped.RunBatch();
            }
        }

        CrystalGanModelFile.Save(stopped, path, new Dictionary<string, string> { ["layout"] = "Mg=3,O=5" });
        var resumed = Trainer(3);
        CrystalGanModelFile.Resume(resumed, path);
        Assert.Equal((1, 1), (resumed.Epoch, resumed.Batch));
        while (resumed.Epoch < unbroken.Epoch || resumed.Batch < unbroken.Batch)
        {
            resumed.RunBatch();
        }

        Assert.Equal(Parameters(unbroken), Parameters(resumed));
        Assert.Equal(unbroken.Statistics, resumed.Statistics);

        var (generator, notes) = CrystalGanModelFile.LoadGenerator(path);
        Assert.Equal(("Mg=3,O=5", 3ul, 1), (notes["layout"], generator.Seed, generator.Epochs));
        Assert.Equal("PM4104", Assert.Throws<PolymorphException>(() => CrystalGanModelFile.Resume(Trainer(4), path)).Code);
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
            generator.Fill(first, count, [2, 3], images, presence, statistics);
            Assert.All(presence, p => Assert.True(p is >= 0 and <= 1));
            return images;
        }
    }

    [Fact]
    public void ABatchAllocatesNothing()
    {
        var trainer = Trainer(2);
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

    private static CrystalGanTrainer Trainer(ulong seed, CrystalGanOptions? options = null, int threads = 1, VectorWidth? width = null) =>
        new(options ?? Options(), Shape, new Images(), seed, threads, width);

    private static float[] Parameters(CrystalGanTrainer trainer) =>
        [.. trainer.Networks.Generator.Block.Values.Span, .. trainer.Networks.Critic.Block.Values.Span, .. trainer.Networks.Classifier.Block.Values.Span];

    /// <summary>Random rows; 95 images make two whole batches and one of 31.</summary>
    private sealed class Images : ICrystalImages
    {
        private readonly CounterRandom _random = new(9, 9);

        public int Count { get; init; } = 95;

        public Spoiler? Spoil { get; init; }

        public void Fill(int index, Span<float> image, Span<int> counts)
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
        }
    }

    private delegate void Spoiler(Span<float> image, Span<int> counts);
}
