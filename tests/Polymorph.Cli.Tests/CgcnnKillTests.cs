using Polymorph.Testing;
using Xunit;

namespace Polymorph.Cli.Tests;

/// A training of crystal graph networks that is killed at random moments and continued by the same command ends with the weights of an unbroken one, bit for bit.
public sealed class CgcnnKillTests : IDisposable
{
    private const int Kills = 4;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AKilledTrainingEndsWithTheSameWeights()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs signals");
        string whole = _folder.Of("whole"), broken = _folder.Of("broken");
        string[] values = Values(epochs: 150);
        Assert.Equal(0, PolymorphProcess.Finish(TrainingProcess.Start(["train", "cgcnn", whole, .. values, "--checkpoint-seconds", "3600", "--threads", "1"])));
        int kills = TrainingProcess.KillOften(broken, Kills, 40, _ => true, () => TrainingProcess.Start(["train", "cgcnn", broken, .. values, "--checkpoint-seconds", "0", "--threads", "2"]), () => Saved(broken));
        Assert.InRange(kills, 1, Kills);
        Assert.Equal(0, PolymorphProcess.Finish(TrainingProcess.Start("train", broken)));
        Assert.Equal(Model(whole), Model(broken));
    }

    [Fact]
    public void CtrlCStopsWithCode130AndACheckpoint()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs signals");
        string run = _folder.Of("run");
        using var process = TrainingProcess.Start(["train", "cgcnn", run, .. Values(epochs: 100_000), "--checkpoint-seconds", "0"]);
        TrainingProcess.InterruptInTraining(process, run, begun: () => Saved(run) > 0);
        Assert.Equal(130, PolymorphProcess.Finish(process));
        Assert.Contains("the same command continues", process.StandardError.ReadToEnd(), StringComparison.Ordinal);
        Assert.Contains("checkpoint", ProgramRun.Of("status", run).Output, StringComparison.Ordinal);
    }

    private string[] Values(int epochs) => ["--data", _folder.Write("cubes.extxyz", CgcnnVerbTests.Cubes(20)), "--property", "volume", "--epochs", epochs.ToString(System.Globalization.CultureInfo.InvariantCulture), "--repeats", "2", "--batch", "4", "--atom-features", "8", "--hidden-features", "8"];

    private static long Saved(string run) => Path.Combine(run, "member-0.checkpoint.safetensors") is var file && File.Exists(file) ? File.GetLastWriteTimeUtc(file).Ticks : 0;

    private static byte[] Model(string run) => File.ReadAllBytes(Path.Combine(run, "model.safetensors"));
}
