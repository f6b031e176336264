using Polymorph.Foundation;
using Polymorph.Selection;
using Polymorph.Studies.Recipes;
using Polymorph.Studies.Runs;
using Polymorph.Studies.Stages;
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
