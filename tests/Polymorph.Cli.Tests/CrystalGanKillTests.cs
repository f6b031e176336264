using Polymorph.Structures.Formats;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Cli.Tests;

/// A training of a Crystal GAN that is killed at random moments and continued by the same command ends with the weights of an unbroken one, bit for bit.
public sealed class CrystalGanKillTests : IDisposable
{
    private const int Kills = 4;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AKilledTrainingEndsWithTheSameWeights()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs signals");
        string whole = _folder.Of("whole"), broken = _folder.Of("broken");
        string[] values = ["--data", Prepare(), "--preset", "paper", "--epochs", "4", "--batch", "8", "--width-divisor", "32", "--seed", "11"];
        Assert.Equal(0, PolymorphProcess.Finish(TrainingProcess.Start(["train", "crystal-gan", whole, .. values, "--checkpoint-seconds", "3600", "--threads", "1"])));
        int kills = TrainingProcess.KillOften(broken, Kills, 120, _ => true, () => TrainingProcess.Start(["train", "crystal-gan", broken, .. values, "--checkpoint-seconds", "0", "--threads", "2"]));
        Assert.InRange(kills, 1, Kills);

        // The values are on record: 'train RUN' alone continues whatever the folder holds.
        Assert.Equal(0, PolymorphProcess.Finish(TrainingProcess.Start("train", broken)));
        Assert.Equal(Model(whole), Model(broken));
    }

    [Fact]
    public void CtrlCStopsWithCode130AndACheckpoint()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs signals");
        string run = _folder.Of("run");
        using var process = TrainingProcess.Start("train", "crystal-gan", run, "--data", Prepare(), "--preset", "paper", "--epochs", "100000", "--batch", "8", "--width-divisor", "32");
        TrainingProcess.InterruptInTraining(process, run);
        Assert.Equal(130, PolymorphProcess.Finish(process));
        Assert.True(File.Exists(Path.Combine(run, "models", "crystal-gan.checkpoint.safetensors")));
        Assert.Contains("the same command continues", process.StandardError.ReadToEnd(), StringComparison.Ordinal);
        Assert.Contains("\"event\":\"checkpoint\"", TrainingProcess.Events(run), StringComparison.Ordinal);
        Assert.Contains("checkpoint", ProgramRun.Of("status", run).Output, StringComparison.Ordinal);
    }

    private string Prepare()
    {
        string crystals = _folder.Of("crystals.extxyz"), prepared = _folder.Of("prepared");
        StructureWriter.Write(crystals, StructureReader.ReadStrict(ReferenceData.PathOf("data/mgmno/mgmno_unique.extxyz")).Where((_, i) => i % 80 == 0));
        Assert.Equal(0, ProgramRun.Of("data", "prepare", "crystal-gan", crystals, "--out", prepared, "--elements", "mg-mn-o", "--per-composition", "4", "--supercells", "none").Exit);
        return prepared;
    }

    private static byte[] Model(string run) => File.ReadAllBytes(Path.Combine(run, "models", "crystal-gan.safetensors"));
}
