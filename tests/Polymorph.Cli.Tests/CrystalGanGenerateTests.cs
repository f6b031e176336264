using System.Diagnostics;
using System.Text.Json;
using Polymorph.Structures;
using Polymorph.Structures.Formats;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Cli.Tests;

/// A tiny Crystal GAN trained and asked through the command line.
public sealed class CrystalGanGenerateTests : IDisposable
{
    private const string Loose = "--presence mask --volume 0.1 10000 --pair-distance Mg-Mg=0.01,Mg-Mn=0.01,Mg-O=0.01,Mn-Mn=0.01,Mn-O=0.01,O-O=0.01";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ARunIsTrainedContinuedAndAsked()
    {
        string run = Train();
        var status = JsonDocument.Parse(ProgramRun.Of("status", run, "--json").Output).RootElement;
        Assert.Equal("finished", status.GetProperty("models")[0].GetProperty("state").GetString());
        Assert.Contains("--composition", status.GetProperty("next").GetString(), StringComparison.Ordinal);

        // The same command, and 'train RUN', find the work done.
        Assert.Contains("finished", ProgramRun.Of("train", run).Output, StringComparison.Ordinal);
        Assert.Contains("finished", ProgramRun.Of("train", "crystal-gan", run, "--epochs", "2").Output, StringComparison.Ordinal);

        string list = _folder.Write("list.csv", ProgramRun.OfLine("compositions --elements mg-mn-o --oxidation-state Mn=4 --max-atoms 6").Output);
        string all = _folder.Of("all.cif");
        var (exit, output, error) = ProgramRun.Of([.. $"generate {run} --compositions {list} -n 3 --max-draws 3000 --out {all} --json {Loose}".Split(' ')]);
        Assert.True(exit is 0 or 6, error);
        var json = JsonDocument.Parse(output).RootElement;
        Assert.Equal("polymorph.generate-crystal-gan/1", json.GetProperty("schema").GetString());
        var found = json.GetProperty("compositions").EnumerateArray().ToDictionary(c => c.GetProperty("composition").GetString()!, c => c.GetProperty("found").GetInt32());
        Assert.Contains("MgMnO3", found.Keys);
        Assert.Equal(found.Values.Sum(), StructureReader.ReadStrict(all, new ReadOptions { MinDistance = 0 }).Count);

        // Nothing sound comes out of two epochs under strict limits; the funnel says what took the draws.
        (exit, output, error) = ProgramRun.OfLine($"generate {run} --composition MgMnO3 -n 5 --max-draws 200 --presence mask --volume 0.01 0.02");
        Assert.Equal(4, exit);
        Assert.Contains("volume", output, StringComparison.Ordinal);
        Assert.Contains("Not enough", output, StringComparison.Ordinal);
    }

    /// Structures with energies make a model that refines its draws and chooses among them; asked twice it gives the same file.
    [Fact]
    public void AModelThatKnowsEnergiesRefines()
    {
        string run = Train("polymorph", (crystal, i) => crystal.WithProperty("energy_above_hull", 0.01 * i));
        string[] files = [_folder.Of("a.extxyz"), _folder.Of("b.extxyz"), _folder.Of("c.extxyz")];
        foreach (var (file, options) in files.Zip(["--refine 30 --best-of 3 --threads 1", "--refine 30 --best-of 3 --threads 2", "--refine 0"]))
        {
            var (exit, output, error) = ProgramRun.OfLine($"generate {run} --cell-composition Mg2Mn2O4 -n 4 --out {file} {options} {Loose}");
            Assert.True(exit == 0, output + error);
        }

        Assert.Equal(File.ReadAllText(files[0]), File.ReadAllText(files[1]));
        Assert.NotEqual(File.ReadAllText(files[0]), File.ReadAllText(files[2]));
    }

    /// A word and a total energy are no energies above a hull: those structures are left out, and counted.
    [Fact]
    public void AnEnergyThatIsNoneIsNamed()
    {
        string crystals = _folder.Of("crystals.extxyz");
        object[] energies = ["low", -112.5, 0.05, 1L];
        StructureWriter.Write(crystals, StructureReader.ReadStrict(ReferenceData.PathOf("data/mgmno/mgmno_unique.extxyz")).Where((_, i) => i % 80 == 0).Select((c, i) => c.WithProperty("energy_above_hull", energies[i % 4])));
        var (exit, output, error) = ProgramRun.OfLine($"data prepare crystal-gan {crystals} --out {_folder.Of("prepared")} --elements mg-mn-o --per-composition 4 --supercells none");
        Assert.True(exit == 0 && error.Contains("PM7311", StringComparison.Ordinal) && error.Contains("-112.5", StringComparison.Ordinal), output + error);
        Assert.Equal(3, ProgramRun.OfLine($"data prepare crystal-gan {crystals} --out {_folder.Of("strict")} --elements mg-mn-o --strict").Exit);
    }

    /// A stop while draws are refined comes between two chunks of draws, and does not promise that the command continues.
    [Fact]
    public void DrawingIsStoppedSoon()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs signals");
        string run = Train("polymorph", (crystal, i) => crystal.WithProperty("energy_above_hull", 0.01 * i)), file = _folder.Of("crystals.extxyz");
        var clock = Stopwatch.StartNew();
        using var process = TrainingProcess.Start("generate", run, "--cell-composition", "Mg2Mn2O4", "-n", "1000000", "--max-draws", "1000000000", "--best-of", "1000", "--out", file);
        TrainingProcess.InterruptInTraining(process, run, begun: () => clock.Elapsed > TimeSpan.FromSeconds(4));
        Assert.Equal(130, PolymorphProcess.Finish(process));
        Assert.DoesNotContain("the same command continues", process.StandardError.ReadToEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void AMistakeSaysWhatToDo()
    {
        string run = Train();
        foreach (var (line, code) in new[]
        {
            ("generate RUN", "PM1012"), ("generate RUN --structures 5 --composition MgMnO3", "PM1011"), ("generate RUN --composition MgMnO3 --out x.vasp", "PM1013"),
            ("generate RUN --composition Mg9MnO3", "PM5061"), ("generate RUN --composition MgO", "PM5061"), ("generate RUN --cell-composition Mg9MnO3", "PM5061"),
            ("generate RUN --composition MgFeO3", "PM5062"), ("generate RUN --composition mg", "PM5060"), ("generate RUN --compositions nowhere", "PM7310"),
            ("generate RUN --composition MgMnO3 --volume 30 7", "PM1003"), ("generate RUN --composition MgMnO3 --pair-distance Mn=2", "PM1003"),
            ("generate RUN --composition MgMnO3 --presence guess", "PM1003"), ("generate RUN --composition MgMnO3 -n 0", "PM1003"),
            ("generate RUN --composition MgMnO3 --refine 9", "PM7018"), ("generate RUN --composition MgMnO3 --best-of 2", "PM7018"), ("generate RUN --composition MgMnO3 --best-of 0", "PM1003"),
            ("generate RUN --composition MgMnO3 --max-atoms 4", "PM1003"), ("generate RUN --composition MgMnO3 --pair-distance Fe-O=1.5", "PM1003"),
            ("train RUN --epochs 9", "PM1014"), ("train crystal-gan RUN --epochs 9", "PM7008"), ("select RUN", "PM7301"), ("explain RUN m01-1", "PM7301"), ("compare RUN", "PM7301"),
        })
        {
            var (exit, output, error) = ProgramRun.OfLine(line.Replace("RUN", run, StringComparison.Ordinal));
            Assert.True(exit == 2 && (output + error).Contains(code, StringComparison.Ordinal), $"{line}: {exit} {output}{error}");
        }

        // A model file of something else is not taken.
        string model = Path.Combine(run, "models", "crystal-gan.safetensors");
        File.WriteAllBytes(model, File.ReadAllBytes(model)[..^50]);
        Assert.Contains("PM410", ProgramRun.OfLine($"generate {run} --composition MgMnO3").Error, StringComparison.Ordinal);
    }

    private string Train(string preset = "paper", Func<Structure, int, Structure>? change = null)
    {
        string crystals = _folder.Of("crystals.extxyz"), prepared = _folder.Of("prepared"), run = _folder.Of("run");
        StructureWriter.Write(crystals, StructureReader.ReadStrict(ReferenceData.PathOf("data/mgmno/mgmno_unique.extxyz")).Where((_, i) => i % 80 == 0).Select((c, i) => change?.Invoke(c, i) ?? c));
        Assert.Equal(0, ProgramRun.OfLine($"data prepare crystal-gan {crystals} --out {prepared} --elements mg-mn-o --per-composition 4 --supercells none").Exit);
        var (exit, output, error) = ProgramRun.OfLine($"train crystal-gan {run} --data {prepared} --preset {preset} --epochs 2 --batch 8 --width-divisor 32 --seed 11 --threads 1");
        Assert.True(exit == 0, output + error);
        return run;
    }
}
