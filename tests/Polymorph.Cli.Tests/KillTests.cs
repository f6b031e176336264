using System.Diagnostics;
using Polymorph.Studies.Recipes;
using Polymorph.Studies.Runs;
using Xunit;

namespace Polymorph.Cli.Tests;

/// A training that is killed at random moments and continued by the same command ends with the weights of an unbroken one, bit for bit.
public sealed class KillTests : IDisposable
{
    private const int Kills = 6;

    private const string Recipe = """
        seed: 5
        target: {formula: C5H12O}
        models: {repeats: 2, n_max: 2, neighbours: 6}
        train: {epochs: 300, batch: 3, learning_rate: 1e-3, generator_widths: [16, 8], critic_widths: [16, 8], rattle_copies: 1, checkpoint_seconds: 0, threads: 2}
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("polymorph-kill-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void AKilledTrainingEndsWithTheSameWeights()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs signals");
        string recipe = Path.Combine(_folder.FullName, "small.yaml"), training = Path.Combine(_folder.FullName, "training.extxyz");
        Structures.Formats.StructureWriter.Write(training, Studies.Stages.DemoTrainingSet.Read());
        File.WriteAllText(recipe, $"training: '{training}'\n{Recipe}");
        string whole = Path.Combine(_folder.FullName, "whole"), broken = Path.Combine(_folder.FullName, "broken");
        Assert.Equal(0, PolymorphProcess.Finish(Start(recipe, whole, "--checkpoint-seconds", "3600")));

        // Every other time the kill may come before anything is saved; else it comes after the first checkpoint, so that there is progress.
        int kills = TrainingProcess.KillOften(broken, Kills, 400, attempt => attempt % 2 == 0, () => Start(recipe, broken));
        Assert.InRange(kills, 1, Kills);
        Assert.Equal(0, PolymorphProcess.Finish(Start(recipe, broken)));
        Assert.Equal(Models(whole), Models(broken));
    }

    [Fact]
    public void CtrlCStopsWithCode130AndTheSameCommandContinues()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs signals");
        string recipe = Path.Combine(_folder.FullName, "small.yaml"), training = Path.Combine(_folder.FullName, "training.extxyz");
        Structures.Formats.StructureWriter.Write(training, Studies.Stages.DemoTrainingSet.Read());
        File.WriteAllText(recipe, $"training: '{training}'\n{Recipe.Replace("checkpoint_seconds: 0", "checkpoint_seconds: 3600", StringComparison.Ordinal).Replace("epochs: 300", "epochs: 200000", StringComparison.Ordinal)}");
        string run = Path.Combine(_folder.FullName, "run");
        using var process = Start(recipe, run);
        TrainingProcess.InterruptInTraining(process, run, () =>
        {
            // Another process is turned away while this one works.
            using var second = Start(recipe, run);
            string error = second.StandardError.ReadToEnd();
            Assert.Equal(2, PolymorphProcess.Finish(second));
            Assert.Contains("PM7004", error, StringComparison.Ordinal);
        });
        Assert.Equal(130, PolymorphProcess.Finish(process));
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(run, "models"), "*.checkpoint.safetensors"));
        Assert.Contains("the same command continues", process.StandardError.ReadToEnd(), StringComparison.Ordinal);
        using var session = StudySession.Continue(run, new RecipeValues());
        Assert.False(session.PreviousWasKilled);
    }

    private static Process Start(string recipe, string run, params string[] more) => TrainingProcess.Start(["train", run, "--recipe", recipe, .. more]);

    private static byte[][] Models(string run)
    {
        byte[][] models = [.. Directory.GetFiles(Path.Combine(run, "models"), "m?.safetensors").Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
        Assert.Equal(2, models.Length);
        return models;
    }
}
