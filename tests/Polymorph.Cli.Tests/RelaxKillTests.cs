using System.Diagnostics;
using System.Globalization;
using Polymorph.Energies.Catalogue;
using Polymorph.Learning;
using Polymorph.Structures;
using Polymorph.Structures.Formats;
using Polymorph.Studies.Stages;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Cli.Tests;

/// A relaxation that is killed at random moments and continued by the same command ends with the file of an unbroken one, and no structure is relaxed twice.
public sealed class RelaxKillTests : IDisposable
{
    private const int Kills = 4;
    private const int Molecules = 78;

    // A line has about 1200 bytes.
    private const int SomeResults = 4000;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("polymorph-relax-kill-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void AKilledRelaxationEndsWithTheSameFile()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs signals");
        new PotentialStore(Path.Combine(_folder.FullName, "data", "potentials")).Add(ReferenceData.PathOf("data/potentials/ani-1ccx.json"));
        string input = Path.Combine(_folder.FullName, "in.extxyz"), whole = Path.Combine(_folder.FullName, "whole.extxyz"), broken = Path.Combine(_folder.FullName, "broken.extxyz");
        StructureWriter.Write(input, Enumerable.Range(0, Molecules).Select(Rattled));
        Assert.Equal(0, PolymorphProcess.Finish(Start(input, whole)));

        var random = new CounterRandom(2024, 1).Sequence(0);
        string journal = FileRelaxation.JournalOf(broken);
        int kills = 0;
        var before = new List<string>();
        for (int attempt = 0; attempt < Kills; attempt++)
        {
            using var process = Start(input, broken);
            long known = PolymorphProcess.Length(journal);
            while (!process.HasExited && PolymorphProcess.Length(journal) < known + SomeResults)
            {
                Thread.Sleep(5);
            }

            Thread.Sleep(random.NextIndex(60));
            if (!process.HasExited)
            {
                process.Kill();
                kills++;
            }

            process.WaitForExit();

            // Whole lines that were there stay there as they are.
            string[] now = Lines(journal);
            Assert.Equal(before, now.Take(before.Count));
            before = [.. now.Where(l => l.EndsWith('}'))];
        }

        Assert.InRange(kills, 1, Kills);
        Assert.Equal(0, PolymorphProcess.Finish(Start(input, broken)));
        Assert.Equal(File.ReadAllText(whole), File.ReadAllText(broken));
        Assert.False(File.Exists(journal));
    }

    private static Structure Rattled(int index)
    {
        var known = DemoTrainingSet.Read();
        var molecule = known[index % known.Count];
        var noise = new float[3 * molecule.AtomCount];
        new CounterRandom(7, 3).Sequence((uint)index).FillNormal(noise);
        return molecule.WithPositions([.. molecule.Positions.Select((r, i) => r + new Vector3D(0.05 * noise[3 * i], 0.05 * noise[3 * i + 1], 0.05 * noise[3 * i + 2]))])
            .WithProperty("id", string.Create(CultureInfo.InvariantCulture, $"m{index}"));
    }

    private Process Start(string input, string output) =>
        PolymorphProcess.Start(["relax", input, "--out", output, "--engine", "ani-1ccx"], (PotentialStore.Variable, Path.Combine(_folder.FullName, "data")));

    private static string[] Lines(string path) => File.Exists(path) ? File.ReadAllText(path).Split('\n', StringSplitOptions.RemoveEmptyEntries) : [];
}
