using System.Text.Json.Nodes;
using Polymorph.Energies;
using Polymorph.Energies.Relaxation;
using Polymorph.Foundation;
using Polymorph.Learning;
using Polymorph.Structures;
using Polymorph.Structures.Formats;
using Polymorph.Studies.Recipes;
using Polymorph.Studies.Relaxations;
using Polymorph.Studies.Stages;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Studies.Tests;

public sealed class FileRelaxationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Output => Path.Combine(_folder.Path, "out.extxyz");

    public void Dispose() => _folder.Dispose();

    /// What is read back has the very bits of what was kept: outputs must not tell whether a result is fresh.
    [Fact]
    public void AKeptLineHasEveryBitOfItsResult()
    {
        var random = new CounterRandom(4, 4).Sequence(0);
        var crystal = new Structure([Element.Parse("Mg")], [default], Lattice.Cubic(3.1));
        for (int i = 0; i < 50; i++)
        {
            var stress = new StressTensor(random.NextNormal(), random.NextNormal(), random.NextNormal(), random.NextNormal(), random.NextNormal(), random.NextNormal());
            var result = new RelaxationResult(crystal, RelaxationStatus.Converged, "", random.NextNormal(), random.NextDouble(), 1e-3 * stress, 3, 4, "grid", null);
            var read = RelaxedLine.Read((JsonObject)JsonNode.Parse(RelaxedLine.ToJson(new Relaxed("a", "k", 0, result, 1)).ToJsonString())!, crystal);
            Assert.Equal((result.EnergyEV, result.MaximumForce, result.Stress), (read.Result.EnergyEV, read.Result.MaximumForce, read.Result.Stress));
        }
    }

    [Fact]
    public void AFileIsRelaxedIntoAFileAndNothingElseStays()
    {
        string input = SmallStudy.WriteTraining(_folder, 3);
        var outcome = Relax(StructureReader.Read(input));
        Assert.Equal((ExitCode.Done, 3), (outcome.Exit, StructureReader.ReadStrict(Output).Count));
        Assert.Equal([input, Output], Directory.GetFileSystemEntries(_folder.Path).OrderDescending());
    }

    [Fact]
    public void BadEntriesAreLeftOutAndTheRestGoesOn()
    {
        const string twoOnOneSite = "2\n\nH 0 0 0\nH 0 0 0.1\n", good = "2\n\nH 0 0 0\nH 0 0 0.74\n";
        var outcome = Relax(StructureReader.Read(_folder.Write("in.xyz", twoOnOneSite + good)));
        Assert.Equal((ExitCode.PartlyConverged, 1, 1), (outcome.Exit, outcome.Unread, outcome.Campaign.Relaxed.Length));
        Assert.Equal("PM2109", Assert.Throws<PolymorphException>(() => Relax(StructureReader.Read(_folder.Write("bad.xyz", twoOnOneSite)))).Code);
        Assert.Equal("PM7026", Assert.Throws<PolymorphException>(() => FileRelaxation.Run([], "out.unknown", new RelaxationPlan(), 1, new GridEngine().Catalogue(_folder.Path), new Notes(), CancellationToken.None)).Code);
        Assert.Equal("PM7025", Assert.Throws<PolymorphException>(() => Relax([])).Code);
    }

    /// Where nothing is worth keeping, a file of that name stays as it was.
    [Fact]
    public void NothingKeptLeavesAnExistingFileAlone()
    {
        File.WriteAllText(Output, "precious");
        var outcome = Relax(StructureReader.Read(_folder.Write("in.xyz", "2\n\nHg 0 0 0\nHg 0 0 3\n")));
        Assert.Equal((ExitCode.EngineFailed, null), (outcome.Exit, outcome.File));
        Assert.Equal("precious", File.ReadAllText(Output));
    }

    [Theory]
    [InlineData("relax: {top: 2}\n", "the first 2 are relaxed")]
    [InlineData("relax: {budget: 2}\n", "the budget is used up")]
    [InlineData("relax: {budget: 9, top: 2}\n", "the first 2 are relaxed")]
    [InlineData("relax: {budget: 9}\n", "all are relaxed")]
    public void TheEndSaysWhatWasLeftOut(string recipe, string ended)
    {
        var plan = RelaxationPlan.Of(RecipeValues.Read(recipe, "r"));
        Assert.Equal(ended, FileRelaxation.Run(StructureReader.Read(SmallStudy.WriteTraining(_folder, 3)), Output, plan, 1, new GridEngine().Catalogue(_folder.Path), new Notes(), CancellationToken.None).Campaign.Ended);
    }

    /// Twelve geometries that the source gave five times each, ten of them relaxed: the two still to come hold a sixth of what it gives, however often the others were met.
    [Fact]
    public void WhatIsStillToComeIsNotCovered()
    {
        string frames = string.Concat(Enumerable.Range(0, 12).Select(i => $"2\nProperties=species:S:1:pos:R:3 repeats=5\nH 0 0 0\nH 0 0 {0.54 + 0.01 * i:0.00}\n"));
        var plan = new RelaxationPlan { UntilCoverage = 0.9 };
        var budget = plan with { UntilCoverage = null, Budget = 10 };
        var part = FileRelaxation.Run(StructureReader.Read(_folder.Write("in.extxyz", frames)), Output, budget, 1, new GridEngine().Catalogue(_folder.Path), new Notes(), CancellationToken.None).Campaign;
        Assert.Equal(10, part.Relaxed.Count(r => r.IsMinimum));
        Assert.Equal(50.0 / 60, part.Coverage.Coverage, 1e-12);
        Assert.Equal(2, part.Coverage.Unseen, 1e-9);
        var all = FileRelaxation.Run(StructureReader.Read(_folder.Write("in.extxyz", frames)), Output, plan, 1, new GridEngine().Catalogue(_folder.Path), new Notes(), CancellationToken.None).Campaign;
        Assert.Equal((12, 1.0), (all.Relaxed.Length, all.Coverage.Coverage));
    }

    [Fact]
    public void APressureOnAFixedCellIsRefused()
    {
        var error = Assert.Throws<PolymorphException>(() => RelaxationPlan.Of(RecipeValues.Read("relax: {pressure: 5}\n", "r")));
        Assert.Equal(("PM7031", ExitCode.Usage), (error.Code, error.ExitCode));
        Assert.Equal(5, RelaxationPlan.Of(RecipeValues.Read("relax: {pressure: 5, cell: volume}\n", "r")).Options.PressureGPa);
    }

    /// ASE takes what is named POSCAR for one, whatever its end.
    [Fact]
    public void TrajectoriesOfAPoscarOpenInAse()
    {
        string input = _folder.Write("POSCAR", "H\n1.0\n4 0 0\n0 4 0\n0 0 4\nH\n2\nCartesian\n0.05 0 0\n1.03 0 0\n");
        FileRelaxation.Run(StructureReader.Read(input), Output, new RelaxationPlan { Trajectories = true }, 1, new GridEngine().Catalogue(_folder.Path), new Notes(), CancellationToken.None);
        string file = Assert.Single(Directory.GetFiles(Output + ".trajectories"));
        string text = ExternalProgram.Python("import sys; from ase.io import read; print(len(read(sys.argv[1], ':')))", ["ase"], file);
        Assert.InRange(int.Parse(text, System.Globalization.CultureInfo.InvariantCulture), 2, 100);
    }

    /// What ASE or a POSCAR fixes stays where it is.
    [Fact]
    public void FixedAtomsStay()
    {
        string input = _folder.Write("in.extxyz", "2\nProperties=species:S:1:pos:R:3:move_mask:L:3\nH 0.1 0 0 F F F\nH 0.1 0 0.95 T T T\n");
        Relax(StructureReader.Read(input));
        var relaxed = Assert.Single(StructureReader.ReadStrict(Output));
        Assert.Equal(new Vector3D(0.1, 0, 0), relaxed.Positions[0]);
        Assert.Equal(1.0, relaxed.Positions[1].Z, 0.009);
    }

    /// Energies and forces that a file states belong to the geometry before.
    [Fact]
    public void ValuesOfTheStartAreNotCarriedOver()
    {
        string input = _folder.Write("in.extxyz", "2\nProperties=species:S:1:pos:R:3:forces:R:3 energy=-99 stress=\"1 2 3 4 5 6 7 8 9\" note=kept\nH 0 0 0 1 2 3\nH 0 0 0.74 4 5 6\n");
        Relax(StructureReader.Read(input));
        var relaxed = Assert.Single(StructureReader.ReadStrict(Output));
        Assert.Equal("kept", relaxed.Properties["note"]);
        Assert.InRange((double)relaxed.Properties["energy"], 0, 1);
        Assert.False(relaxed.AtomProperties.ContainsKey("forces") || relaxed.Properties.ContainsKey("stress"));
    }

    [Fact]
    public void AJournalIsLockedAndKeepsItsSettings()
    {
        string path = FileRelaxation.JournalOf(Output);
        var settings = new RelaxationPlan().Settings("grid");
        using (RelaxationJournal.Open(path, settings))
        {
            Assert.Equal("PM7023", Assert.Throws<PolymorphException>(() => RelaxationJournal.Open(path, settings)).Code);
        }

        var others = (JsonObject)settings.DeepClone();
        others["fmax"] = 0.01;
        var error = Assert.Throws<PolymorphException>(() => RelaxationJournal.Open(path, others));
        Assert.Equal("PM7022", error.Code);
        Assert.Contains("fmax 0.05, and now it is 0.01", error.Reason, StringComparison.Ordinal);
        File.WriteAllText(path, "{\"something\": 1}\n");
        Assert.Equal("PM7022", Assert.Throws<PolymorphException>(() => RelaxationJournal.Open(path, settings)).Code);
        Assert.Equal("PM7024", Assert.Throws<PolymorphException>(() => RelaxationJournal.Open(_folder.Path, settings)).Code);
    }

    /// A network that has a well below the shortest bond: its relaxation is guarded, the energies asked of it are its own, and the price counts the same calls.
    [Fact]
    public void NetworksRelaxBehindAGuardThatEveryLineNames()
    {
        static Evaluation Well(Structure s)
        {
            var d = s.Positions[1] - s.Positions[0];
            double r = d.Length;
            var f = -10 * (r - 0.3) / r * d;
            return Evaluation.Of(5 * (r - 0.3) * (r - 0.3), [-1 * f, f]);
        }

        var read = StructureReader.Read(_folder.Write("in.xyz", "2\n\nH 0 0 0\nH 0 0 0.74\n")).ToList();
        var bare = Run(needsGuard: false);
        Assert.Equal(("converged", 0), (bare.StatusText, bare.Result.GuardedEvaluations));
        var guarded = Run(needsGuard: true);
        Assert.Equal("exploded", guarded.StatusText);
        Assert.Contains("where the short-range guard acts", guarded.Result.Reason, StringComparison.Ordinal);
        Assert.True(guarded.Result.GuardedEvaluations > 0);
        Assert.Equal(guarded.Result.GuardedEvaluations, (int)RelaxedLine.ToJson(guarded)["guardedEvaluations"]!);

        var price = RelaxationPrice.Of(read, new RecipeValues(), new GridEngine(Well).Catalogue(_folder.Path, needsGuard: true), new Notes(), CancellationToken.None);
        Assert.Equal(guarded.Result.ForceEvaluations, price.EvaluationsPerRelaxation);

        var close = StructureReader.Read(_folder.Write("close.xyz", "2\n\nH 0 0 0\nH 0 0 0.3\n"), new ReadOptions { MinDistance = 0 });
        using var energies = new FrameEnergies(close, new GridEngine(Well).Catalogue(_folder.Path, needsGuard: true), "grid", Precision.Single);
        Assert.Equal(0, Assert.Single(energies.Run(1, CancellationToken.None)).Evaluation.EnergyEV);

        Relaxed Run(bool needsGuard) => Assert.Single(
            FileRelaxation.Run(read, Output, new RelaxationPlan(), 1, new GridEngine(Well).Catalogue(_folder.Path, needsGuard), new Notes(), CancellationToken.None).Campaign.Relaxed);
    }

    /// Lines of earlier versions do not say how often a guard acted and which symmetry was kept.
    [Fact]
    public void OldLinesWithoutTheLaterFieldsAreRead()
    {
        string path = Path.Combine(_folder.Path, "old.jsonl");
        var candidate = RelaxationCandidate.Of(new Structure([new Element(1)], [new(0.1, 0, 0)]));
        using (var journal = RelaxationJournal.Open(path, []))
        {
            journal.Append(new Relaxed("a", candidate.Key, 1, new(candidate.Start, Energies.Relaxation.RelaxationStatus.Converged, "", -1, 0.01, null, 3, 4, "grid", null) { GuardedEvaluations = 2, KeptOperations = 8 }, 1.5));
        }

        Assert.Equal((2, 8), Kept());
        string text = File.ReadAllText(path);
        File.WriteAllText(path, text.Replace(",\"guardedEvaluations\":2,\"keptOperations\":8", "", StringComparison.Ordinal));
        Assert.True(new FileInfo(path).Length < text.Length);
        Assert.Equal((0, null), Kept());

        (int, int?) Kept()
        {
            using var journal = RelaxationJournal.Open(path, []);
            Assert.Equal(0, journal.DamagedLines);
            return journal.Find(candidate)!.Result is var r ? (r.GuardedEvaluations, r.KeptOperations) : default;
        }
    }

    /// Every number of a result comes back from its line with the same bits.
    [Fact]
    public void AJournalGivesResultsBackAsTheyWere()
    {
        string path = Path.Combine(_folder.Path, "j.jsonl");
        var candidate = RelaxationCandidate.Of(new Structure([new Element(1), new Element(1)], [new(0.1, 1.0 / 3, 0), new(0, 0, 2.0 / 3)], Lattice.Cubic(3)));
        var evaluation = new GridEngine().CreateEvaluator().Evaluate(candidate.Start, TestContext.Current.CancellationToken);
        var relaxed = new Relaxed("a", candidate.Key, 1, new(candidate.Start, Energies.Relaxation.RelaxationStatus.MaxSteps, "why \"so\"", evaluation.EnergyEV, double.NaN, evaluation.Stress, 3, 4, "grid", 0.1) { PushedPairs = 1, GuardedEvaluations = 2, KeptOperations = 8 }, 1.5);
        using (var journal = RelaxationJournal.Open(path, []))
        {
            journal.Append(relaxed);
            journal.AppendEnergy(candidate, 1.0 / 7);
        }

        using var again = RelaxationJournal.Open(path, []);
        var read = again.Find(candidate)!;
        Assert.Equal(candidate.Start.Positions, read.Result.Structure.Positions);
        Assert.Equal(relaxed.Result with { Structure = read.Result.Structure, Stress = read.Result.Stress }, read.Result);

        // GPa and back: two roundings.
        Assert.Equal(evaluation.Stress!.Value.XY, read.Result.Stress!.Value.XY, 1e-16);
        Assert.Equal(1.0 / 7, again.FindEnergy(candidate));
    }

    private RelaxationOutcome Relax(IEnumerable<ReadResult> entries) =>
        FileRelaxation.Run(entries, Output, new RelaxationPlan(), 2, new GridEngine().Catalogue(_folder.Path), new Notes(), CancellationToken.None);
}
