using System.Diagnostics;
using System.Globalization;
using Polymorph.Learning;
using Polymorph.Structures.Formats;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Cli.Tests;

/// A training of a Crystal GAN that is killed at random moments and continued by the same command ends with the weights of an unbroken one, bit for bit.
public sealed class CrystalGanKillTests : IDisposable
{
    private const int Kills = 4;

    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "polymorph.dll");

    private readonly string _folder = Directory.CreateTempSubdirectory("polymorph-kill-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void AKilledTrainingEndsWithTheSameWeights()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs signals");
        string whole = Path.Combine(_folder, "whole"), broken = Path.Combine(_folder, "broken"), prepared = Prepare();
        string[] values = ["--data", prepared, "--preset", "paper", "--epochs", "4", "--batch", "8", "--width-divisor", "32", "--seed", "11"];
        Assert.Equal(0, Finish(Start(whole, [.. values, "--checkpoint-seconds", "3600", "--threads", "1"])));

        var random = new CounterRandom(2025, 1).Sequence(0);
        int kills = 0;
        for (int attempt = 0; attempt < Kills; attempt++)
        {
            using var process = Start(broken, [.. values, "--checkpoint-seconds", "0", "--threads", "2"]);
            int before = Checkpoints(broken);
            while (!process.HasExited && Checkpoints(broken) == before)
            {
                Thread.Sleep(5);
            }

            Thread.Sleep(random.NextIndex(120));
            if (!process.HasExited)
            {
                process.Kill();
                kills++;
            }

            process.WaitForExit();
        }

        Assert.InRange(kills, 1, Kills);

        // The values are on record: 'train RUN' alone continues whatever the folder holds.
        Assert.Equal(0, Finish(Process.Start(new ProcessStartInfo("dotnet", [Program, "train", broken]) { RedirectStandardOutput = true, RedirectStandardError = true })!));
        Assert.Equal(Model(whole), Model(broken));
    }

    [Fact]
    public void CtrlCStopsWithCode130AndACheckpoint()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs signals");
        string run = Path.Combine(_folder, "run");
        using var process = Start(run, ["--data", Prepare(), "--preset", "paper", "--epochs", "100000", "--batch", "8", "--width-divisor", "32"]);
        string log = Path.Combine(run, "events.jsonl");
        while (!process.HasExited && !Text(log).Contains("model.begin", StringComparison.Ordinal))
        {
            Thread.Sleep(10);
        }

        Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]).WaitForExit();
        Assert.Equal(130, Finish(process));
        Assert.True(File.Exists(Path.Combine(run, "models", "crystal-gan.checkpoint.safetensors")));
        Assert.Contains("the same command continues", process.StandardError.ReadToEnd(), StringComparison.Ordinal);
        Assert.Contains("\"event\":\"checkpoint\"", Text(log), StringComparison.Ordinal);
    }

    private string Prepare()
    {
        string crystals = Path.Combine(_folder, "crystals.extxyz"), prepared = Path.Combine(_folder, "prepared");
        StructureWriter.Write(crystals, StructureReader.ReadStrict(ReferenceData.PathOf("data/mgmno/mgmno_unique.extxyz")).Where((_, i) => i % 80 == 0));
        DotnetCommand.Run("dotnet", _folder, Program, "data", "prepare", "crystal-gan", crystals, "--out", prepared, "--elements", "mg-mn-o", "--per-composition", "4", "--supercells", "none");
        return prepared;
    }

    private static Process Start(string run, string[] values) =>
        Process.Start(new ProcessStartInfo("dotnet", [Program, "train", "crystal-gan", run, .. values]) { RedirectStandardOutput = true, RedirectStandardError = true })!;

    private static int Finish(Process process)
    {
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(3)), "the command hangs");
        return process.ExitCode;
    }

    private static int Checkpoints(string run) => Text(Path.Combine(run, "events.jsonl")).Split("\"event\":\"checkpoint\"").Length;

    private static string Text(string path)
    {
        if (!File.Exists(path))
        {
            return "";
        }

        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }

    private static byte[] Model(string run) => File.ReadAllBytes(Path.Combine(run, "models", "crystal-gan.safetensors"));
}
