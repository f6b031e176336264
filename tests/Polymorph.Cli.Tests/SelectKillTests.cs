using System.Diagnostics;
using Polymorph.Learning;
using Polymorph.Structures.Formats;
using Polymorph.Studies.Stages;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Cli.Tests;

/// A selection that is killed in the middle and continued by the same command ends with the files of an unbroken one, byte for byte.
public sealed class SelectKillTests : IDisposable
{
    private const int Kills = 3;

    // A wave of a few thousand structures adds some hundred kilobytes.
    private const int SomeWaves = 400_000;

    private const string Recipe = """
        seed: 5
        target: {formula: C5H12O}
        models: {repeats: 2, n_max: 2, neighbours: 6}
        train: {epochs: 12, batch: 3, learning_rate: 1e-3, generator_widths: [16, 8], critic_widths: [16, 8], rattle_copies: 1, threads: 2}
        """;

    private static readonly string[] Outcome = ["structures/selected.extxyz", "funnel.json", "selection.json", "losses.tsv.gz"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AKilledSelectionEndsWithTheSameFiles()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs signals");
        string recipe = _folder.Of("small.yaml"), training = _folder.Of("training.extxyz");
        StructureWriter.Write(training, DemoTrainingSet.Read());
        File.WriteAllText(recipe, $"training: '{training}'\n{Recipe}");
        string whole = _folder.Of("whole"), broken = _folder.Of("broken");
        Assert.Equal(0, PolymorphProcess.Finish(PolymorphProcess.Start(["train", whole, "--recipe", recipe])));
        CopyOf(whole, broken);
        Assert.Equal(0, PolymorphProcess.Finish(Select(whole)));

        var random = new CounterRandom(2024, 1).Sequence(0);
        string journal = Path.Combine(broken, "structures", "selecting.journal");
        int inTheMiddle = 0;
        for (int attempt = 0; attempt < Kills; attempt++)
        {
            using var process = Select(broken);
            long known = PolymorphProcess.Length(journal);
            while (!process.HasExited && PolymorphProcess.Length(journal) < known + SomeWaves)
            {
                Thread.Sleep(2);
            }

            Thread.Sleep(random.NextIndex(60));
            if (!process.HasExited)
            {
                process.Kill();
            }

            process.WaitForExit();
            inTheMiddle += File.Exists(journal) && !File.Exists(Path.Combine(broken, Outcome[0])) ? 1 : 0;
        }

        // Else nothing was shown.
        Assert.True(inTheMiddle > 0, "every kill came too late");
        Assert.Equal(0, PolymorphProcess.Finish(Select(broken)));
        foreach (string file in Outcome)
        {
            Assert.True(File.ReadAllBytes(Path.Combine(whole, file)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(broken, file))), file);
        }

        Assert.False(File.Exists(journal));
    }

    private static Process Select(string run) =>
        PolymorphProcess.Start(["select", run, "--structures", "40000", "--screen", "none", "--duplicates", "0.02", "--clusters", "12", "--representatives", "farthest", "--threads", "2"]);

    private static void CopyOf(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
