using Polymorph.Foundation;
using Polymorph.Selection;
using Polymorph.Studies.Recipes;
using Polymorph.Studies.Runs;
using Polymorph.Studies.Stages;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Studies.Tests;

public sealed class SelectStageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SelectStageTests() => SmallStudy.Train(Run);

    private string Run => Path.Combine(_folder.Path, "run");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TheNumberOfThreadsChangesNothing()
    {
        var (one, _) = Select("train: {threads: 1}\ngenerate: {structures: 1500}\nselect: {screen: none, clusters: 5}\n");
        string first = File.ReadAllText(Path.Combine(Run, "structures", "selected.extxyz"));
        var (two, _) = Select("train: {threads: 2}\ngenerate: {structures: 1500}\nselect: {screen: none, clusters: 5}\n");
        Assert.Equal(3000, one.Funnel.Generated);
        Assert.InRange(one.Structures.Count, 2, 5);
        Assert.Equal(first, File.ReadAllText(Path.Combine(Run, "structures", "selected.extxyz")));
        Assert.Equal(one.Funnel.ToString(), two.Funnel.ToString());
    }

    [Fact]
    public void FewerStructuresThanClustersAreAllKept()
    {
        var (outcome, _) = Select("generate: {structures: 10}\nselect: {screen: none, clusters: 50}\n");
        Assert.Equal(20, outcome.Structures.Count);
        Assert.Equal(20, outcome.Structures.Select(s => s.Id).Distinct().Count());
    }

    [Fact]
    public void RepeatsWithinTheGivenDistanceAreDropped()
    {
        var (outcome, _) = Select("generate: {structures: 10}\nselect: {screen: none, duplicates: 1e5, clusters: 50}\n");
        Assert.Single(outcome.Structures);
        Assert.Equal(1, outcome.Funnel.After(FunnelStage.Distinct));
    }

    /// The estimate is made of how often each different structure came, and the file of fates says the same, line by line.
    [Fact]
    public void EveryStructureHasItsFateAndTheUnseenAreEstimated()
    {
        var (outcome, _) = Select("generate: {structures: 300}\nselect: {screen: none, duplicates: 0.3, clusters: 5}\n");
        List<Fate> fates = [.. LossFile.Read(outcome.LossesFile)];
        Assert.Equal(600, fates.Count);
        Assert.Equal([.. outcome.Structures.Select(s => s.Id).Order()], fates.Where(f => f.Reason.Length == 0).Select(f => f.Id).Order());
        var duplicates = fates.Where(f => f.Reason == "duplicate").ToList();
        Assert.NotEmpty(duplicates);
        Assert.Equal(outcome.Funnel.Rows()[(int)FunnelStage.Distinct].Losses.Sum(l => l.Count), duplicates.Count);
        var byId = fates.ToDictionary(f => f.Id);
        Assert.All(duplicates, d => Assert.NotEqual("duplicate", byId[d.Detail].Reason));
        Assert.All(fates.Where(f => f.Reason == "not-representative"), f => Assert.Equal("", byId[f.Detail].Reason));
        Assert.Equal((600, 600 - duplicates.Count), (outcome.Coverage!.Counts.Sample, outcome.Coverage.Counts.Observed));
        Assert.Equal(600, outcome.Structures.Sum(s => Convert.ToInt64(s.Properties["cluster_size"], System.Globalization.CultureInfo.InvariantCulture)) + duplicates.Count);
        Assert.True(File.Exists(Path.Combine(Run, "selection.json")));
        Assert.False(File.Exists(Path.Combine(Run, "structures", "selecting.journal")));
        Assert.Equal(duplicates[0], Fates.Of(RunFolder.Existing(Run), [duplicates[0].Id]).Single().Value);
        Assert.Null(Select("generate: {structures: 30}\nselect: {screen: none, duplicates: 0, clusters: 5}\n").Outcome.Coverage);
    }

    [Theory]
    [InlineData("kmedoids")]
    [InlineData("farthest")]
    [InlineData("topology")]
    public void RepresentativesAreChosenAsAsked(string method)
    {
        string recipe = $"generate: {{structures: 100}}\nselect: {{screen: none, clusters: 5, representatives: {method}}}\n";
        var (outcome, _) = Select("train: {threads: 1}\n" + recipe);
        var (other, _) = Select("train: {threads: 2}\n" + recipe);
        Assert.InRange(outcome.Structures.Count, 2, 5);
        Assert.Equal(outcome.Structures.Select(s => s.Id), other.Structures.Select(s => s.Id));
        Assert.Equal(200, outcome.Structures.Sum(s => Convert.ToInt64(s.Properties["cluster_size"], System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void AFileOfFatesThatIsCutIsNamed()
    {
        var (outcome, _) = Select("generate: {structures: 100}\nselect: {screen: none, clusters: 5}\n");
        byte[] whole = File.ReadAllBytes(outcome.LossesFile);
        File.WriteAllBytes(outcome.LossesFile, [1, 2, 3]);
        Assert.Equal("PM7036", Assert.Throws<PolymorphException>(() => LossFile.Read(outcome.LossesFile).Count()).Code);
        File.WriteAllBytes(outcome.LossesFile, whole[..(whole.Length / 2)]);
        Assert.Equal("PM7036", Assert.Throws<PolymorphException>(() => LossFile.Read(outcome.LossesFile).ToDictionary(f => f.Id)["m2-99"]).Code);
    }

    /// C can be +4 at most and O at least -1, so five O are too many for one C; C5H12O balances (C -2, H +1, O -2, for one).
    [Fact]
    public void AFormulaWhoseChargesCannotBalanceLosesEveryStructureAndSaysWhy()
    {
        Assert.Equal(40, Select("select: {screen: none, clusters: 50, charge_balance: true}\n").Outcome.Structures.Count);
        string run = Path.Combine(_folder.Path, "imbalanced");
        SmallStudy.Train(run, SmallStudy.Recipe.Replace("C5H12O", "CO5", StringComparison.Ordinal));
        var notes = new Notes();
        foreach (string screen in new[] { "none", "distances" })
        {
            using var session = StudySession.Continue(run, RecipeValues.Read($"select: {{screen: {screen}, charge_balance: true}}\n", "recipe.yaml"));
            var error = Assert.Throws<PolymorphException>(() => SelectStage.Run(session, notes, CancellationToken.None));
            Assert.Equal(("PM7013", ExitCode.NothingSurvived), (error.Code, error.ExitCode));
            Assert.Contains("40 charge-imbalance", error.NextStep, StringComparison.Ordinal);
        }

        Assert.Contains("CO5", notes.Lines.First(), StringComparison.Ordinal);
        var fate = Fates.Of(RunFolder.Existing(run), ["m2-7"]).Single().Value;
        Assert.Equal(("geometry ok", "charge-imbalance"), (fate.Stage, fate.Reason));
        Assert.StartsWith("CO5: no choice of one state for each element is neutral: C -4", fate.Detail, StringComparison.Ordinal);
        using var again = StudySession.Continue(run, RecipeValues.Read("select: {screen: none, charge_balance: false, clusters: 50}\n", "recipe.yaml"));
        Assert.Equal(40, SelectStage.Run(again, notes, CancellationToken.None).Structures.Count);
    }

    /// Untrained generators put atoms on top of each other: the check must say so for each, and the stage must say what was lost.
    [Fact]
    public void NothingLeftIsAnErrorWithTheLosses()
    {
        var error = Assert.Throws<PolymorphException>(() => Select("select: {screen: molecules}\n"));
        Assert.Equal(("PM7013", ExitCode.NothingSurvived), (error.Code, error.ExitCode));
        Assert.Contains("40", error.Message, StringComparison.Ordinal);
    }

    /// Bonds are counted, not their orders: where the known molecules break that rule, it must not judge the generated ones.
    [Fact]
    public void KnownMoleculesWithDoubleBondsAreScreenedByDistances()
    {
        const string formaldehyde = "4\n\nC 0 0 0\nO 1.21 0 0\nH -0.55 0.94 0\nH -0.55 -0.94 0\n";
        File.WriteAllText(Path.Combine(Run, "inputs", "training.extxyz"), formaldehyde + formaldehyde);
        var notes = new Notes();
        using var session = StudySession.Continue(Run, RecipeValues.Read("select: {screen: molecules}\n", "recipe.yaml"));
        var error = Assert.Throws<PolymorphException>(() => SelectStage.Run(session, notes, CancellationToken.None));
        Assert.Contains("too-close", error.NextStep, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-valence", error.NextStep, StringComparison.Ordinal);
        Assert.StartsWith("2 of 2 known molecules", Assert.Single(notes.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void AModelFileUnderAnotherNameIsRefused()
    {
        File.Copy(Path.Combine(Run, "models", "m2.safetensors"), Path.Combine(Run, "models", "m1.safetensors"), overwrite: true);
        var error = Assert.Throws<PolymorphException>(() => Select("select: {screen: none}\n"));
        Assert.Equal("PM7017", error.Code);
        Assert.EndsWith("m1.safetensors", error.Place, StringComparison.Ordinal);
    }

    [Fact]
    public void MoreStructuresThanASelectionTakesAreRefusedAtOnce() =>
        Assert.Equal("PM7012", Assert.Throws<PolymorphException>(() => Select("generate: {structures: 50000001}\n")).Code);

    [Fact]
    public void NothingSelectedYetIsSaid() => Assert.Equal("PM7011", Assert.Throws<PolymorphException>(() => RunFolder.Existing(Run).ReadSelected()).Code);

    private (SelectionOutcome Outcome, Notes Notes) Select(string recipe)
    {
        var notes = new Notes();
        using var session = StudySession.Continue(Run, RecipeValues.Read(recipe, "recipe.yaml"));
        return (SelectStage.Run(session, notes, CancellationToken.None), notes);
    }
}
