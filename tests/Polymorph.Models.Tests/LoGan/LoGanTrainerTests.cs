using Polymorph.Foundation;
using Polymorph.Learning.Kernels;
using Polymorph.Learning.Safetensors;
using Polymorph.Models.LoGan;
using Polymorph.Structures;
using Xunit;

namespace Polymorph.Models.Tests.LoGan;

public sealed class LoGanTrainerTests
{
    /// The single-precision trainer, fed the golden file's inputs, must follow the double-precision run of another program.
    [Fact]
    public void TheTrainerFollowsTheGoldenEpoch()
    {
        var options = GoldenEpoch.Options with { RattleCopies = 1, RattleDeviation = 0 };
        var task = LoGanTask.C5H12O;
        var trainer = new LoGanTrainer(options, task, LoGanTrainingSet.Create(GoldenEpoch.Training, options, task, 1), 1, new GoldenEpoch());
        GoldenEpoch.SetWeights(trainer.Generator, 0);
        GoldenEpoch.SetWeights(trainer.Critic, 1);
        var steps = GoldenEpoch.Expected.GetProperty("steps").EnumerateArray().ToArray();

        // Descriptors carry 2e-6, losses sum 270 scores of size 1; RMSProp's first steps have the size of the rate whatever the gradient,
        // so that a weight of near-zero gradient may step the other way: hence a few 1e-4 on the later losses.
        Assert.Equal(steps[0].GetProperty("loss").GetDouble(), trainer.GeneratorUpdate(1e-4), 1e-5);
        int tensor = 0;
        foreach (var gradient in steps[0].GetProperty("grads").EnumerateArray())
        {
            var actual = tensor % 2 == 0 ? trainer.Generator.WeightGradients(tensor / 2) : trainer.Generator.BiasGradients(tensor / 2);
            double sumsq = gradient.GetProperty("sumsq").GetDouble();
            Assert.Equal(sumsq, SquareSum(actual.Span), 1e-3 * sumsq);
            tensor++;
        }

        trainer.MakeFakes();
        for (int k = 1; k < 16; k++)
        {
            if (k % 3 == 1)
            {
                Assert.Equal(-steps[k].GetProperty("loss").GetDouble(), trainer.CriticUpdate(k, 1e-4), 5e-4);
            }
            else
            {
                Assert.Equal(steps[k].GetProperty("mean_norm").GetDouble(), trainer.PenaltyUpdate(k, 1e-4), 5e-4);
            }
        }

        double expected = GoldenEpoch.Expected.GetProperty("after").GetProperty("critic")[0].GetProperty("sumsq").GetDouble();
        Assert.Equal(expected, SquareSum(trainer.Critic.Weights(0).Span), 0.01);
    }

    [Fact]
    public void TheSameSeedGivesTheSameBitsAtEveryWidthAndOnTwoThreads()
    {
        float[] Train(VectorWidth width)
        {
            var trainer = SmallTrainer(seed: 5, width);
            for (int epoch = 0; epoch < 6; epoch++)
            {
                trainer.RunEpoch();
            }

            return [.. trainer.Generator.Parameters.Span, .. trainer.Critic.Parameters.Span];
        }

        float[] alone = Train(VectorWidths.Best);
        var together = new float[2][];
        Parallel.For(0, 2, new ParallelOptions { MaxDegreeOfParallelism = 2 }, i => together[i] = Train(VectorWidths.Best));
        Assert.All(together, t => Assert.Equal(alone, t));
        Assert.All(VectorWidths.Available, width => Assert.Equal(alone, Train(width)));
        Assert.All(alone, v => Assert.True(float.IsFinite(v)));
        Assert.NotEqual(alone, [.. SmallTrainer(6).Generator.Parameters.Span, .. SmallTrainer(6).Critic.Parameters.Span]);
    }

    [Fact]
    public void AStoppedAndResumedTrainingEqualsAnUnbrokenOne()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("polymorph-test-").FullName, "model.safetensors");
        var unbroken = SmallTrainer(3);
        var stopped = SmallTrainer(3);
        for (int epoch = 0; epoch < 8; epoch++)
        {
            unbroken.RunEpoch();
            if (epoch < 3)
            {
                stopped.RunEpoch();
            }
        }

        LoGanModelFile.Save(stopped, path);
        var resumed = SmallTrainer(3);
        LoGanModelFile.Resume(resumed, path);
        Assert.Equal(3, resumed.Epoch);
        while (resumed.Epoch < 8)
        {
            resumed.RunEpoch();
        }

        Assert.Equal(unbroken.Generator.Parameters.Span.ToArray(), resumed.Generator.Parameters.Span.ToArray());
        Assert.Equal(unbroken.Critic.Parameters.Span.ToArray(), resumed.Critic.Parameters.Span.ToArray());

        var (generator, options, seed, epochs) = LoGanModelFile.LoadGenerator(path);
        Assert.Equal((3ul, 3, stopped.Options.Batch), (seed, epochs, options.Batch));
        var fromFile = new float[54];
        var fromTrainer = new float[54];
        generator.Fill(731, 1, fromFile);
        LoGanGenerator.Of(stopped).Fill(731, 1, fromTrainer);
        Assert.Equal(fromTrainer, fromFile);
        Assert.Equal("PM4104", Assert.Throws<PolymorphException>(() => LoGanModelFile.Resume(SmallTrainer(4), path)).Code);
    }

    [Fact]
    public void StructuresDoNotDependOnHowTheyAreBatched()
    {
        var generator = LoGanGenerator.Of(SmallTrainer(1));
        var all = new float[600 * 54];
        generator.Fill(0, 600, all);
        var one = new float[54];
        foreach (int index in new[] { 0, 255, 256, 599 })
        {
            generator.Fill(index, 1, one);
            Assert.Equal(all[(54 * index)..(54 * index + 54)], one);
        }

        var structure = generator.ToStructure(one, "s");
        Assert.Equal("C5H12O", structure.Composition.Formula);
        Assert.All(structure.Positions, p => Assert.True(p is { X: > 0 and < 8, Y: > 0 and < 7, Z: > 0 and < 6 }));
    }

    [Fact]
    public void AnEpochAllocatesNothing()
    {
        var trainer = SmallTrainer(2);
        trainer.RunEpoch();
        long before = GC.GetAllocatedBytesForCurrentThread();
        trainer.RunEpoch();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void ADivergingModelStopsWithACode()
    {
        var trainer = SmallTrainer(2);
        trainer.Critic.Weights(0).Span[0] = float.NaN;
        trainer.Critic.ParametersChanged();
        Assert.Equal("PM4001", Assert.Throws<PolymorphException>(trainer.RunEpoch).Code);
        Assert.Equal(0, trainer.Epoch);
    }

    [Fact]
    public void TrainingsBeyondAllMemoryAreRefusedBeforeTheyTakeIt()
    {
        var options = LoGanOptions.C5H12O() with { Batch = 100_000, RattleCopies = 1 };
        var training = LoGanTrainingSet.Create(Butanols.All, options, LoGanTask.C5H12O, 1);
        Assert.Equal("PM3008", Assert.Throws<PolymorphException>(() => new LoGanTrainer(options, LoGanTask.C5H12O, training, 1)).Code);
    }

    [Fact]
    public void AFileThatLacksATensorChangesNothing()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("polymorph-test-").FullName, "model.safetensors");
        var saved = SmallTrainer(3);
        saved.RunEpoch();
        LoGanModelFile.Save(saved, path);
        var file = SafetensorsFile.Read(path);
        new SafetensorsFile(file.Tensors.Remove("critic.optimiser.square"), file.Metadata).Write(path);
        var trainer = SmallTrainer(3);
        float[] before = trainer.Generator.Parameters.Span.ToArray();
        Assert.Equal("PM4104", Assert.Throws<PolymorphException>(() => LoGanModelFile.Resume(trainer, path)).Code);
        Assert.Equal(before, trainer.Generator.Parameters.Span.ToArray());
        Assert.Equal(0, trainer.Epoch);
    }

    [Fact]
    public void ReferenceFinalWeightsAreThoseOfTheLastSnapshot()
    {
        Assert.Equal(60_000, (LoGanOptions.C5H12O() with { FinalWeights = FinalWeights.Reference }).EffectiveEpochs);
        Assert.Equal(54_000, (LoGanOptions.C5H12O() with { FinalWeights = FinalWeights.Reference, Epochs = 60_000 }).EffectiveEpochs);
        Assert.Equal(60_001, LoGanOptions.C5H12O().EffectiveEpochs);
    }

    private static double SquareSum(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float v in values)
        {
            sum += (double)v * v;
        }

        return sum;
    }

    private static LoGanTrainer SmallTrainer(ulong seed, VectorWidth? width = null)
    {
        var options = LoGanOptions.C5H12O() with { Batch = 4, CriticUpdates = 2, RattleCopies = 2, GeneratorWidths = [24, 20], CriticWidths = [33, 16], GeneratorRate = 1e-3, CriticRate = 1e-3, Epochs = 50 };
        var task = LoGanTask.C5H12O;
        return new LoGanTrainer(options, task, LoGanTrainingSet.Create(Butanols.All, options, task, seed), seed, width);
    }
}
