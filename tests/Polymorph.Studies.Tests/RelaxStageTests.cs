using System.Globalization;
using System.Text.Json;
using Polymorph.Energies;
using Polymorph.Foundation;
using Polymorph.Structures;
using Polymorph.Structures.Formats;
using Polymorph.Studies.Recipes;
using Polymorph.Studies.Relaxations;
using Polymorph.Studies.Runs;
using Polymorph.Studies.Stages;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Studies.Tests;

/// The stage on a run folder whose selected structures are the demo's molecules, with an engine whose minima are known.
public sealed class RelaxStageTests : IDisposable
{
    private const int Selected = 12;

    private readonly TemporaryFolder _folder = new();

    public RelaxStageTests()
    {
        using var session = SmallStudy.Begin(Run);
        StructureWriter.Write(session.Folder.SelectedFile, DemoTrainingSet.Read().Take(Selected).Select((s, i) => s.WithProperty("id", $"m1-{i}").WithProperty("cluster_size", (long)(i % 5 + 1))));
    }

    private string Run => Path.Combine(_folder.Path, "run");

    private string Results => Assert.Single(Directory.GetFiles(Path.Combine(Run, "relax"), "results.jsonl", SearchOption.AllDirectories));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void EveryAtomEndsWhereNoForceActs()
    {
        var outcome = Relax(new GridEngine());
        Assert.Equal(ExitCode.Done, outcome.Exit);
        var relaxed = RunFolder.Existing(Run).ReadRelaxed();
        Assert.Equal(Selected, relaxed.Count);
        foreach (var (start, end) in DemoTrainingSet.Read().Zip(relaxed))
        {
            // Forces below 0.05 eV/Å with a curvature of 5.9 eV/Å² leave at most 0.0085 Å to a minimum, or to the ridge between two, where forces are small as well.
            Assert.All(end.Positions.SelectMany(r => new[] { r.X, r.Y, r.Z }), x => Assert.InRange(Math.Abs(x - GridEngine.Spacing / 2 * Math.Round(x / (GridEngine.Spacing / 2))), 0, 0.009));
            Assert.Equal(start.Species, end.Species);
            Assert.Equal("grid", end.Properties["method"]);

            // The best alignment can only be nearer than none.
            double moved = Math.Sqrt(start.Positions.Zip(end.Positions).Average(p => (p.First - p.Second).LengthSquared));
            Assert.InRange((double)end.Properties["relaxation_rmsd"], 0.01, moved + 1e-6);
        }
    }

    [Fact]
    public void WhatIsDoneIsNotDoneAgainAndOneThreadGivesTheSame()
    {
        var engine = new GridEngine();
        Relax(engine, "train: {threads: 2}\n");
        string relaxed = File.ReadAllText(Path.Combine(Run, "structures", "relaxed.extxyz"));
        int evaluations = engine.Evaluations;
        Relax(engine, "train: {threads: 1}\n");
        Assert.Equal(evaluations, engine.Evaluations);
        Assert.Equal(relaxed, File.ReadAllText(Path.Combine(Run, "structures", "relaxed.extxyz")));
        Directory.Delete(Path.Combine(Run, "relax"), recursive: true);
        Relax(engine, "train: {threads: 1}\n");
        Assert.Equal(2 * evaluations, engine.Evaluations);
        Assert.Equal(relaxed, File.ReadAllText(Path.Combine(Run, "structures", "relaxed.extxyz")));
    }

    /// A process that ends in the middle leaves whole lines and perhaps half a line; the rest is done later, and nothing twice.
    [Fact]
    public void AStoppedRelaxationGoesOnWithNothingLostAndATornLineIsDropped()
    {
        var engine = new GridEngine();
        using var stop = new CancellationTokenSource();
        using (var session = StudySession.Continue(Run, RecipeValues.Read("train: {threads: 1}\n", "r")))
        {
            Assert.ThrowsAny<OperationCanceledException>(() => RelaxStage.Run(session, engine.Catalogue(_folder.Path), new StopAfter(5, stop), stop.Token));
        }

        string[] lines = File.ReadAllLines(Results);
        Assert.InRange(lines.Length, 6, Selected);
        File.AppendAllText(Results, lines[^1][..40]);
        int before = engine.Evaluations;
        Relax(engine);
        Assert.True(engine.Evaluations > before);
        string[] keys = [.. File.ReadLines(Results).Skip(1).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("key").GetString()!)];
        Assert.Equal(Selected, keys.Length);
        Assert.Equal(Selected, keys.Distinct().Count());
        Assert.Equal(lines, File.ReadAllLines(Results).Take(lines.Length));
    }

    /// A line damaged elsewhere is as if it were not there: its structure alone is relaxed again.
    [Theory]
    [InlineData("not json")]
    [InlineData("{\"key\":\"KEY\",\"positions\":[[1,2]]}")]
    public void ADamagedLineIsRelaxedAgain(string damage)
    {
        var engine = new GridEngine();
        Relax(engine);
        string[] lines = File.ReadAllLines(Results);
        var line = JsonDocument.Parse(lines[4]).RootElement;
        string key = line.GetProperty("key").GetString()!, id = line.GetProperty("id").GetString()!;
        lines[4] = damage.Replace("KEY", key, StringComparison.Ordinal);
        File.WriteAllText(Results, string.Join('\n', lines) + "\n");
        int before = engine.Evaluations;
        var notes = new Notes();
        var outcome = Relax(engine, observer: notes);
        Assert.Contains(notes.Lines, l => l.StartsWith("1 damaged lines", StringComparison.Ordinal));
        Assert.Equal(outcome.Campaign.Relaxed.Single(r => r.Id == id).Result.ForceEvaluations, engine.Evaluations - before);
    }

    [Fact]
    public void ResultsOfTwoSettingsAndTwoMethodsAreNeverMixed()
    {
        Relax(new GridEngine());
        Relax(new GridEngine(), "relax: {fmax: 0.01}\n");
        var last = Relax(new GridEngine(method: "other"), "relax: {fmax: 0.01}\n");
        Assert.Equal(3, Directory.GetDirectories(Path.Combine(Run, "relax")).Length);
        Assert.Equal("other", last.Method);
        Assert.All(RunFolder.Existing(Run).ReadRelaxed(), s => Assert.Equal("other", s.Properties["method"]));

        // A journal that was put under another name is refused by what it says itself.
        string[] folders = Directory.GetDirectories(Path.Combine(Run, "relax"), "grid-*");
        File.Copy(Path.Combine(folders[0], "results.jsonl"), Path.Combine(Directory.GetDirectories(Path.Combine(Run, "relax"), "other-*")[0], "results.jsonl"), overwrite: true);
        Assert.Equal("PM7022", Assert.Throws<PolymorphException>(() => Relax(new GridEngine(method: "other"), "relax: {fmax: 0.01}\n")).Code);
    }

    /// A potential that was trained again, or a template that was edited, is another one under its old name.
    [Fact]
    public void TheContentOfAnEnginesFileIsASetting()
    {
        string file = _folder.Write("mine.safetensors", "weights");
        var plan = new RelaxationPlan { Engine = file };
        string before = plan.Key("mine");
        Assert.Equal(before, plan.Key("mine"));
        File.WriteAllText(file, "other weights");
        Assert.NotEqual(before, plan.Key("mine"));
        File.Delete(file);
        Assert.Equal("PM7030", Assert.Throws<PolymorphException>(() => plan.Key("mine")).Code);

        // Relative to the recipe, wherever the command is given.
        _folder.Write("r.yaml", "relax: {engine: 'ipi:mine.template'}\n");
        Assert.Equal($"ipi:{Path.Combine(_folder.Path, "mine.template")}", RelaxationPlan.Of(RecipeValues.ReadFile(Path.Combine(_folder.Path, "r.yaml"))).Engine);
    }

    /// One structure the engine fails on, one with NaN, one it refuses: each is named, the rest goes on.
    [Fact]
    public void OneBadStructureDoesNotStopTheRest()
    {
        var molecules = DemoTrainingSet.Read();
        var mercury = new Structure([new Element(80), new Element(80)], [Vector3D.Zero, new(2, 0, 0)]).WithProperty("id", "mercury");
        StructureWriter.Write(RunFolder.Existing(Run).SelectedFile, [.. molecules.Take(3).Select((s, i) => s.WithProperty("id", $"m1-{i}")), mercury]);
        var engine = new GridEngine(s =>
            s.Composition.Equals(molecules[0].Composition) && (s.Positions[0] - molecules[0].Positions[0]).Length < 1e-9 ? Evaluation.Failed("the client died")
            : s.Properties.GetValueOrDefault("id") is "m1-1" ? Evaluation.Of(double.NaN, []) : null);
        var outcome = Relax(engine);
        Assert.Equal(ExitCode.PartlyConverged, outcome.Exit);
        Assert.Equal(["engine-failed", "engine-failed", "converged", "engine-failed"], outcome.Campaign.Relaxed.Select(r => r.StatusText));
        Assert.Contains("the client died", outcome.Campaign.Relaxed[0].Result.Reason, StringComparison.Ordinal);
        Assert.Contains("not a finite number", outcome.Campaign.Relaxed[1].Result.Reason, StringComparison.Ordinal);
        Assert.Contains("Hg", outcome.Campaign.Relaxed[3].Result.Reason, StringComparison.Ordinal);
        Assert.Single(RunFolder.Existing(Run).ReadRelaxed());
    }

    [Fact]
    public void ABudgetTakesTheLargestClustersFirstAndReportsWhatRemains()
    {
        var notes = new Notes();
        var outcome = Relax(new GridEngine(), "relax: {budget: 7, batch: 3, order: size}\n", notes);
        Assert.Equal(7, outcome.Campaign.Relaxed.Length);

        // Sizes 1..5 repeat: the fives (4, 9), the fours (3, 8), the threes (2, 7), then the first two (1).
        Assert.Equal(["m1-4", "m1-9", "m1-3", "m1-8", "m1-2", "m1-7", "m1-1"], outcome.Campaign.Discovery.Select(d => d.Id));
        Assert.Equal(3, notes.Lines.Count(l => l.Contains("distinct minima, coverage", StringComparison.Ordinal)));

        // They are one per cluster, and the estimates are of random samples.
        Assert.Single(notes.Lines, l => l.Contains(CampaignResult.NoRandomSample, StringComparison.Ordinal));
        Assert.False((bool)RelaxationJson.Of(outcome)["coverage"]!["randomSample"]!);
        Assert.Equal(7, outcome.Campaign.Minima.Count);
    }

    [Fact]
    public void CoverageStopsTheRelaxation()
    {
        // Every structure is the same molecule: after the least number of relaxations everything has been seen.
        var one = DemoTrainingSet.Read()[0];
        StructureWriter.Write(RunFolder.Existing(Run).SelectedFile, Enumerable.Range(0, 30).Select(i => one.WithPositions([.. one.Positions.Select(p => p + new Vector3D(0.001 * i, 0, 0))]).WithProperty("id", $"c{i}")));
        var outcome = Relax(new GridEngine(), "relax: {until_coverage: 0.95}\n");
        Assert.Equal(10, outcome.Campaign.Relaxed.Length);
        Assert.Single(outcome.Campaign.Minima);
        Assert.Contains("coverage", outcome.Campaign.Ended, StringComparison.Ordinal);
    }

    [Fact]
    public void TrajectoriesHoldEveryStepWithEnergyAndForces()
    {
        var outcome = Relax(new GridEngine(), "relax: {trajectories: true, top: 2}\n");
        string[] files = Directory.GetFiles(Path.Combine(outcome.Folder!, "trajectories"));
        Assert.Equal(2, files.Length);
        var frames = StructureReader.ReadStrict(files[0], new ReadOptions { MinDistance = 0 });
        Assert.True(frames.Count > 1);
        Assert.All(frames, f => Assert.True(f.Properties.ContainsKey("energy") && f.AtomProperties["forces"].Columns == 3));
        Assert.True((double)frames[^1].Properties["energy"] < (double)frames[0].Properties["energy"]);

        // ASE finds energies and forces where its own files have them.
        const string script = "import sys; from ase.io import read; t = read(sys.argv[1], ':'); print(len(t), abs(t[-1].get_forces()).max() < 0.05, t[0].get_potential_energy())";
        string[] words = ExternalProgram.Python(script, ["ase"], files[0]).Split(' ', StringSplitOptions.TrimEntries);
        Assert.Equal((frames.Count, "True"), (int.Parse(words[0], CultureInfo.InvariantCulture), words[1]));
        Assert.Equal((double)frames[0].Properties["energy"], double.Parse(words[2], CultureInfo.InvariantCulture), 1e-9);
    }

    [Theory]
    [InlineData("relax: {engine: grd}\n", "PM6220", "Did you mean 'grid'?")]
    [InlineData("relax: {engine: absent}\n", "PM6221", "potentials add")]
    public void AWrongOrMissingEngineSaysWhatToDo(string recipe, string code, string hint)
    {
        var error = Assert.Throws<PolymorphException>(() => Relax(new GridEngine(), recipe));
        Assert.Equal(code, error.Code);
        Assert.Contains(hint, error.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public void NothingSelectedYetIsSaid()
    {
        File.Delete(RunFolder.Existing(Run).SelectedFile);
        Assert.Equal("PM7011", Assert.Throws<PolymorphException>(() => Relax(new GridEngine())).Code);
    }

    [Fact]
    public void MoleculesAreComparedAfterRelaxation()
    {
        SmallStudy.Train(Run);
        Relax(new GridEngine());
        using var session = StudySession.Continue(Run, new RecipeValues());
        var comparison = CompareStage.Run(session, new Notes(), CancellationToken.None);

        // The first seven molecules of the demo are C4H10O, none is among the isomers of C5H12O, and all keep their bonds.
        Assert.Equal(Selected, comparison.Relaxed!.Valid);
        Assert.Equal(0, comparison.Relaxed.Found);
        Assert.Equal(7, comparison.Relaxed.Others.Count(o => SevenOfC4H10O.Contains(o.Smiles)));
    }

    private static IEnumerable<string> SevenOfC4H10O => Selection.IsomerTally.FromFormula(Composition.Parse("C4H10O")).Table().Known.Select(k => k.Smiles);

    private RelaxationOutcome Relax(GridEngine engine, string recipe = "train: {threads: 2}\n", IStudyObserver? observer = null)
    {
        using var session = StudySession.Continue(Run, RecipeValues.Read(recipe, "recipe.yaml"));
        return RelaxStage.Run(session, engine.Catalogue(_folder.Path), observer ?? new Notes(), CancellationToken.None);
    }

    private sealed class StopAfter(int count, CancellationTokenSource stop) : IStudyObserver
    {
        public void Note(string line)
        {
        }

        public void Model(ModelProgress progress)
        {
        }

        public void Work(string what, long done, long total)
        {
            if (done >= count)
            {
                stop.Cancel();
            }
        }
    }
}
