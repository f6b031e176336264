using System.Collections.Immutable;
using System.Text.Json;
using Polymorph.Foundation;
using Polymorph.Studies.CrystalGan;
using Polymorph.Studies.Recipes;
using Polymorph.Studies.Runs;
using Polymorph.Studies.Stages;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Studies.Tests.CrystalGan;

public sealed class CrystalGanTrainStageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AStoppedTrainingEndsWithTheSameWeightsWhateverTheThreads()
    {
        string prepared = SmallCrystalGan.Prepare(_folder), whole = Run("whole"), broken = Run("broken");
        Assert.Equal(1, SmallCrystalGan.Train(whole, SmallCrystalGan.Recipe(prepared)).Finished);
        int stops = 0;
        while (StopAtOnce(broken, SmallCrystalGan.Recipe(prepared, (CrystalGanRecipe.Threads, stops % 2 == 0 ? "2" : "1"))))
        {
            stops++;
        }

        Assert.InRange(stops, 10, 200);
        Assert.Equal(SmallCrystalGan.Model(whole), SmallCrystalGan.Model(broken));
        Assert.False(File.Exists(Path.Combine(broken, "models", "crystal-gan.checkpoint.safetensors")));
        Assert.Equal("finished", Assert.Single(RunStatus.Read(broken).Models).State);
        var events = File.ReadLines(Path.Combine(whole, "events.jsonl")).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("event").GetString()).ToList();
        Assert.Equal(["open", "model.begin", "epoch", "epoch", "epoch", "model.end"], events);
    }

    [Fact]
    public void ADamagedCheckpointIsSetAsideAndTheOneBeforeIsTaken()
    {
        string prepared = SmallCrystalGan.Prepare(_folder), whole = Run("whole"), broken = Run("broken");
        SmallCrystalGan.Train(whole, SmallCrystalGan.Recipe(prepared));
        for (int i = 0; i < 3; i++)
        {
            Assert.True(StopAtOnce(broken, SmallCrystalGan.Recipe(prepared)));
        }

        string checkpoint = Path.Combine(broken, "models", "crystal-gan.checkpoint.safetensors");
        File.WriteAllBytes(checkpoint, File.ReadAllBytes(checkpoint)[..^100]);
        var notes = new Notes();
        SmallCrystalGan.Train(broken, new CrystalGanRecipe(), notes);
        Assert.True(File.Exists(checkpoint + ".damaged"));
        Assert.Contains(notes.Lines, l => l.Contains("older checkpoint", StringComparison.Ordinal));
        Assert.Equal(SmallCrystalGan.Model(whole), SmallCrystalGan.Model(broken));
    }

    [Fact]
    public void ARunKeepsItsValuesAndItsData()
    {
        string prepared = SmallCrystalGan.Prepare(_folder), other = SmallCrystalGan.Prepare(_folder, seed: 4), run = Run("run");
        Assert.True(StopAtOnce(run, SmallCrystalGan.Recipe(prepared)));
        foreach (var (key, value) in new[] { (CrystalGanRecipe.Epochs, "9"), (CrystalGanRecipe.Preset, "published"), (CrystalGanRecipe.Seed, "6"), (CrystalGanRecipe.Data, other) })
        {
            Assert.Equal("PM7008", Code(() => SmallCrystalGan.Train(run, SmallCrystalGan.Recipe(prepared, (key, value)))));
        }

        // What became of the folder it was made from does not matter any more.
        Directory.Delete(prepared, recursive: true);
        Assert.Equal(1, SmallCrystalGan.Train(run, new CrystalGanRecipe()).Finished);
        Assert.Equal(("finished", SmallCrystalGan.Epochs), (RunStatus.Read(run).Models[0].State, RunStatus.Read(run).Models[0].Epoch));
        string moved = Run("moved");
        Directory.Move(run, moved);
        Assert.Equal(1, SmallCrystalGan.Train(moved, new CrystalGanRecipe()).Finished);
        Assert.NotEmpty(CrystalGanRun.DataOf(moved).Training);

        // resolved.yaml is a recipe of the same run.
        var recipe = CrystalGanRecipe.ReadFile(Path.Combine(moved, "resolved.yaml"));
        Assert.Equal(1, SmallCrystalGan.Train(Run("again"), recipe).Finished);
        Assert.Equal(SmallCrystalGan.Model(moved), SmallCrystalGan.Model(Run("again")));
    }

    [Fact]
    public void OtherStagesAndOtherRunsAreRefused()
    {
        string prepared = SmallCrystalGan.Prepare(_folder), run = Run("run"), molecules = Run("molecules");
        Assert.True(StopAtOnce(run, SmallCrystalGan.Recipe(prepared)));
        Assert.Equal("PM7301", Code(() => StudySession.Continue(run, new RecipeValues()).Dispose()));
        Assert.Equal("PM7301", Code(() => SmallStudy.Begin(run).Dispose()));
        SmallStudy.Begin(molecules).Dispose();
        Assert.Equal("PM7309", Code(() => CrystalGanSession.Begin(molecules, new CrystalGanRecipe()).Dispose()));
        Assert.Equal("PM7308", Code(() => CrystalGanSession.Begin(Run("new"), new CrystalGanRecipe()).Dispose()));
        Assert.False(Directory.Exists(Run("new")));
    }

    /// A stopped training answers with its checkpoint; without one there is nothing to ask.
    [Fact]
    public void AStoppedTrainingCanBeAsked()
    {
        string run = Run("run");
        Assert.True(StopAtOnce(run, SmallCrystalGan.Recipe(SmallCrystalGan.Prepare(_folder))));
        Assert.Equal(64, Assert.Single(Ask()).Funnel.Generated);
        Directory.Delete(Path.Combine(run, "models"), recursive: true);
        Assert.Equal("PM7010", Code(() => Ask()));

        ImmutableArray<CompositionOutcome> Ask()
        {
            using var session = CrystalGanSession.Continue(run);
            return CrystalGanGenerateStage.Run(session, new CrystalGanRequest { Compositions = [WantedComposition.OfFormula("MgMnO3", session.Data.Layout)], MaxDraws = 64 }, new Notes(), CancellationToken.None);
        }
    }

    [Theory]
    [InlineData("model: crystal-gan\nepochz: 3\n", "PM7104")]
    [InlineData("model: crystal-gan\nepochs: many\n", "PM7105")]
    [InlineData("model: crystal-gan\nepochs: [3, 4]\n", "PM7107")]
    [InlineData("model: transformer\n", "PM7105")]
    [InlineData("- 3\n", "PM7102")]
    public void AWrongRecipeIsNamed(string text, string code) => Assert.Equal(code, Code(() => CrystalGanRecipe.ReadFile(_folder.Write("recipe.yaml", text))));

    private static bool StopAtOnce(string run, CrystalGanRecipe recipe)
    {
        using var stop = new CancellationTokenSource();
        try
        {
            SmallCrystalGan.Train(run, recipe, new StopAtFirstReport(stop), stop);
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    private string Run(string name) => Path.Combine(_folder.Path, name);

    private static string Code(Action action) => Assert.Throws<PolymorphException>(action).Code;
}
