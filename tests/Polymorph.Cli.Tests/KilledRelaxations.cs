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

/// <summary>Commands that relax, killed at random moments and started again.</summary>
internal static class KilledRelaxations
{
    private const int Kills = 4;
    private const int Molecules = 78;

    // A line has about 1200 bytes.
    private const int SomeResults = 4000;

    /// <summary>Writes enough molecules to be killed among, and installs the potential that relaxes them.</summary>
    /// <param name="folder">The test's folder.</param>
    /// <returns>The file of the molecules.</returns>
    public static string Prepare(string folder)
    {
        new PotentialStore(Path.Combine(folder, "data", "potentials")).Add(ReferenceData.PathOf("data/potentials/ani-1ccx.json"));
        string input = Path.Combine(folder, "in.extxyz");
        StructureWriter.Write(input, Enumerable.Range(0, Molecules).Select(Rattled));
        return input;
    }

    /// <summary>Starts the program with the test's potentials.</summary>
    /// <param name="folder">The test's folder.</param>
    /// <param name="words">Verb and arguments.</param>
    public static Process Start(string folder, params string[] words) => PolymorphProcess.Start(words, (PotentialStore.Variable, Path.Combine(folder, "data")));

    /// <summary>Kills a command several times, each time after some results more; what its journal holds must stay.</summary>
    /// <param name="start">Starts the command.</param>
    /// <param name="journal">The journal, or a name that does not exist yet.</param>
    public static void KillOften(Func<Process> start, Func<string> journal)
    {
        var random = new CounterRandom(2024, 1).Sequence(0);
        int kills = 0;
        var before = new List<string>();
        for (int attempt = 0; attempt < Kills; attempt++)
        {
            using var process = start();
            long known = PolymorphProcess.Length(journal());
            while (!process.HasExited && PolymorphProcess.Length(journal()) < known + SomeResults)
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
            string[] now = Lines(journal());
            Assert.Equal(before, now.Take(before.Count));
            before = [.. now.Where(l => l.EndsWith('}'))];
        }

        Assert.InRange(kills, 1, Kills);
    }

    /// <summary>The lines of a file; none while there is none.</summary>
    /// <param name="path">The file.</param>
    public static string[] Lines(string path) => File.Exists(path) ? File.ReadAllText(path).Split('\n', StringSplitOptions.RemoveEmptyEntries) : [];

    private static Structure Rattled(int index)
    {
        var known = DemoTrainingSet.Read();
        var molecule = known[index % known.Count];
        var noise = new float[3 * molecule.AtomCount];
        new CounterRandom(7, 3).Sequence((uint)index).FillNormal(noise);
        return molecule.WithPositions([.. molecule.Positions.Select((r, i) => r + new Vector3D(0.05 * noise[3 * i], 0.05 * noise[3 * i + 1], 0.05 * noise[3 * i + 2]))])
            .WithProperty("id", string.Create(CultureInfo.InvariantCulture, $"m{index}"));
    }
}
