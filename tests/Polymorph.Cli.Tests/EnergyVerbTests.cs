using System.Text.Json;
using Polymorph.Cli.Commands;
using Polymorph.Cli.Shell;
using Polymorph.Energies;
using Polymorph.Foundation;
using Polymorph.Structures;
using Polymorph.Studies.Tests;
using Xunit;

namespace Polymorph.Cli.Tests;

public sealed class EnergyVerbTests : IDisposable
{
    private const string Hydrogen = "2\nid=first\nH 0.05 0 0\nH 0 0 0.62\n";
    private const string Crystal = "2\nLattice=\"3 0 0 0 3 0 0 0 3\" Properties=species:S:1:pos:R:3 pbc=\"T T T\"\nFe 0.05 0 0\nFe 1.35 0 0\n";
    private const string TwoOnOneSite = "2\n\nH 0 0 0\nH 0 0 0.1\n";
    private const string Mercury = "1\n\nHg 0 0 0\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("polymorph-energy-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void EveryFrameIsOneLineOfJson()
    {
        var (exit, output, _) = Run($"energy {Write(Hydrogen + Crystal)} --json", new GridEngine());
        Assert.Equal(0, exit);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.Equal(2, lines.Count);
        string[] keys = ["id", "formula", "method", "energyEV", "forcesEVPerA", "stressGPa", "uncertaintyEVPerAtom"];
        Assert.All(lines, line => Assert.Equal(keys, line.EnumerateObject().Select(p => p.Name)));
        Assert.Equal(("in.extxyz#1", "H2", "grid"), (lines[0].GetProperty("id").GetString(), lines[0].GetProperty("formula").GetString(), lines[0].GetProperty("method").GetString()));
        Assert.Equal(JsonValueKind.Null, lines[0].GetProperty("stressGPa").ValueKind);

        // The engine's closed form: F = -A k sin(k x), k = 2 pi / 0.2; its stress xx 0.01 and xy -0.02 eV/Å³; 1 eV/Å³ = 160.2177 GPa.
        Assert.Equal(-0.006 * 10 * Math.PI * Math.Sin(10 * Math.PI * 0.05), lines[0].GetProperty("forcesEVPerA")[0][0].GetDouble(), 1e-12);
        Assert.Equal([1.602177, 0, 0, 0, 0, -3.204353], lines[1].GetProperty("stressGPa").EnumerateArray().Select(s => Math.Round(s.GetDouble(), 6)));
        Assert.Equal(0.001, lines[1].GetProperty("uncertaintyEVPerAtom").GetDouble());
    }

    /// Two atoms on one site, an element the engine does not know, a number that is none: each has its line, in order, and the rest goes on.
    [Fact]
    public void AFrameThatFailsIsALineWithItsReason()
    {
        var engine = new GridEngine(s => s.Species[0].Symbol == "Li" ? Evaluation.Of(double.NaN, []) : null);
        var (exit, output, error) = Run($"energy {Write(TwoOnOneSite + Hydrogen + Mercury + "1\n\nLi 0 0 0\n" + Hydrogen)} --json", engine);
        Assert.Equal((int)ExitCode.PartlyConverged, exit);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        string?[] reasons = [.. lines.Select(l => l.TryGetProperty("error", out var e) ? e.GetString() : null)];
        Assert.Equal(5, lines.Count);
        Assert.Contains("PM2109", reasons[0], StringComparison.Ordinal);
        Assert.Contains("Hg", reasons[2], StringComparison.Ordinal);
        Assert.Contains("not a finite number", reasons[3], StringComparison.Ordinal);
        Assert.True(reasons[1] is null && reasons[4] is null);
        Assert.All(lines, l => Assert.Equal("grid", l.GetProperty("method").GetString()));
        Assert.Equal("Hg", lines[2].GetProperty("formula").GetString());
        Assert.Contains("3 frames have no energy", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Mercury, "", ExitCode.EngineFailed)]
    [InlineData(TwoOnOneSite, "", ExitCode.InputData)]
    [InlineData(TwoOnOneSite, " --min-distance 0", ExitCode.Done)]
    public void TheExitCodeTellsWhatWentWrong(string text, string options, ExitCode expected) =>
        Assert.Equal((int)expected, Run($"energy {Write(text)}{options}", new GridEngine()).Exit);

    [Fact]
    public void TheTableNamesTheMethodAndHasARowPerFrame()
    {
        var (_, output, _) = Run($"energy {Write(Hydrogen + Mercury)}", new GridEngine());
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4, lines.Length);
        Assert.Equal("method: grid", lines[0].Trim());
        Assert.Contains("failed: grid does not know the element Hg", lines[3], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("energy FILE --engine gird", 2, "PM6220", "Did you mean 'grid'?")]
    [InlineData("energy FILE --engine absent", 5, "PM6221", "potentials add absent.json")]
    [InlineData("energy nowhere.xyz", 3, "PM2001", "")]
    [InlineData("energy FILE --precision half", 2, "PM1003", "")]
    [InlineData("potentials remove nothing", 2, "PM6224", "")]
    [InlineData("potentials add nowhere", 3, "PM6225", "")]
    public void AMistakeSaysWhatToDo(string line, int exit, string code, string hint)
    {
        var result = Run(line.Replace("FILE", Write(Hydrogen), StringComparison.Ordinal), new GridEngine());
        Assert.Equal(exit, result.Exit);
        Assert.Empty(result.Output);
        Assert.Contains(code, result.Error, StringComparison.Ordinal);
        Assert.Contains(hint, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void TheListSaysWhatIsReadyAndWhatIsNeeded()
    {
        var (exit, output, _) = Run("potentials list --json", new GridEngine());
        Assert.Equal(0, exit);
        var engines = JsonDocument.Parse(output).RootElement.GetProperty("engines");
        Assert.Equal([("grid", true), ("absent", false)], engines.EnumerateArray().Select(e => (e.GetProperty("name").GetString(), e.GetProperty("ready").GetBoolean())));
        Assert.Contains("potentials add", engines[1].GetProperty("needs").GetString(), StringComparison.Ordinal);
        Assert.Contains("potentials add", Run("potentials list", new GridEngine()).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void AFileIsRelaxedAndPriced()
    {
        string input = Write(Hydrogen + Crystal), relaxed = Path.Combine(_folder.FullName, "out.extxyz");
        var (exit, output, _) = Run($"relax {input} --out {relaxed} --fmax 0.01 --json", new GridEngine());
        Assert.True(exit == 0, output);
        var answer = JsonDocument.Parse(output).RootElement;
        Assert.Equal(2, answer.GetProperty("status").GetProperty("converged").GetInt32());
        Assert.Equal(relaxed, answer.GetProperty("file").GetString());
        Assert.Equal(2, Structures.Formats.StructureReader.ReadStrict(relaxed).Count);
        var price = Run($"relax {input} --dry-run --json", new GridEngine());
        Assert.Equal(2, JsonDocument.Parse(price.Output).RootElement.GetProperty("relaxations").GetInt32());
        Assert.Contains("PM1006", Run($"relax {input}", new GridEngine()).Error, StringComparison.Ordinal);
        string before = File.ReadAllText(input);
        Assert.Contains("PM1006", Run($"relax {input} --out {input}", new GridEngine()).Error, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(input));
        Assert.Contains("no critic", Run($"relax {input} --out {relaxed} --refine-by-critic 5", new GridEngine()).Error, StringComparison.Ordinal);
        Assert.Contains("PM1009", Run($"relax {input}.missing", new GridEngine()).Error, StringComparison.Ordinal);
        var precision = Run($"energy {input} --precision half", new GridEngine());
        Assert.Contains("--precision expects single or double, not 'half'", precision.Error, StringComparison.Ordinal);
        Assert.Contains("PM7002", Run($"relax {_folder.FullName}", new GridEngine()).Error, StringComparison.Ordinal);
        Assert.Contains("PM7105", Run($"relax {input} --out {relaxed} --cell round", new GridEngine()).Error, StringComparison.Ordinal);
    }

    /// The stages of a study with relaxation, as a user types them; the models are far too small to make molecules, so few of the structures stay whole.
    [Fact]
    public void AStudyRelaxesWhereItsRecipeAsks()
    {
        string recipe = Path.Combine(_folder.FullName, "alcohols.yaml"), run = Path.Combine(_folder.FullName, "run");
        Structures.Formats.StructureWriter.Write(Path.Combine(_folder.FullName, "known.extxyz"), Studies.Stages.DemoTrainingSet.Read());
        File.WriteAllText(recipe, """
            training: known.extxyz
            seed: 5
            target: {formula: C5H12O}
            models: {repeats: 2, n_max: 2, neighbours: 6}
            train: {epochs: 4, batch: 3, generator_widths: [16, 8], critic_widths: [16, 8], rattle_copies: 1}
            generate: {structures: 30}
            select: {screen: none, clusters: 3, n_max: 2}
            relax: {engine: grid, steps: 50, refine_by_critic: 2}
            """);
        var first = Run($"run {recipe} --into {run} --json", new GridEngine());
        Assert.True(first.Exit is 0 or 6, first.Error);
        var relaxation = JsonDocument.Parse(first.Output).RootElement.GetProperty("relaxation");
        int relaxed = relaxation.GetProperty("relaxed").GetInt32();
        Assert.InRange(relaxed, 1, 3);

        // The same settings find everything done; the stage alone, its status and the comparison agree.
        var engine = new GridEngine();
        var again = Run($"relax {run} --json", engine);
        Assert.Equal((relaxed, 0), (JsonDocument.Parse(again.Output).RootElement.GetProperty("relaxed").GetInt32(), engine.Evaluations));
        Assert.Equal(relaxed, JsonDocument.Parse(Run($"status {run} --json", engine).Output).RootElement.GetProperty("relaxation").GetProperty("relaxed").GetInt32());
        Assert.NotEqual(JsonValueKind.Null, JsonDocument.Parse(Run($"compare {run} --json", engine).Output).RootElement.GetProperty("relaxed").ValueKind);
        Assert.Contains("PM1006", Run($"relax {run} --out x.extxyz", engine).Error, StringComparison.Ordinal);

        // A wrong engine is said before anything is trained.
        File.WriteAllText(recipe, File.ReadAllText(recipe).Replace("engine: grid", "engine: absent", StringComparison.Ordinal));
        var missing = Run($"run {recipe} --into {run}2", engine);
        Assert.Equal(((int)ExitCode.EngineFailed, true), (missing.Exit, missing.Error.Contains("PM6221", StringComparison.Ordinal)));
        Assert.False(Directory.Exists(Path.Combine(run + "2", "models")));
    }

    private string Write(string text)
    {
        string path = Path.Combine(_folder.FullName, "in.extxyz");
        File.WriteAllText(path, text);
        return path;
    }

    private (int Exit, string Output, string Error) Run(string line, GridEngine engine)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int exit = new CommandLine(new Terminal(output, error, IsInteractive: false), Verbs.All(engine.Catalogue(Path.Combine(_folder.FullName, "potentials"))))
            .Run(line.Split(' '), TestContext.Current.CancellationToken);
        return (exit, output.ToString(), error.ToString());
    }
}
