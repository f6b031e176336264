using System.Text.Json;
using Polymorph.Cli.Shell;
using Polymorph.Foundation;
using Polymorph.Structures.Formats;
using Polymorph.Studies.Stages;
using Xunit;

namespace Polymorph.Cli.Tests;

/// The verbs on one run folder, one after the other, as a user types them. The models are far too small to learn anything.
public sealed class StudyVerbsTests : IDisposable
{
    private const string Small = "--formula C5H12O --repeats 2 --n-max 2 --neighbours 6 --epochs 4 --batch 3 --generator-widths 16,8 --critic-widths 16,8 --rattle-copies 1 --seed 5";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("polymorph-verbs-");
    private readonly string _training;

    public StudyVerbsTests()
    {
        _training = Path.Combine(_folder.FullName, "known.extxyz");
        StructureWriter.Write(_training, DemoTrainingSet.Read());
    }

    private string Folder => Path.Combine(_folder.FullName, "run");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void TheStagesFollowEachOther()
    {
        Assert.Equal("polymorph train " + Folder, Begin().GetProperty("next").GetString());
        Assert.Equal(2, Json($"train {Folder}").GetProperty("finished").GetInt32());
        Assert.Equal(60, Json($"generate {Folder} --structures 30").GetProperty("generated").GetInt32());

        var selection = Json($"select {Folder} --screen none --clusters 4");
        Assert.Equal(60, selection.GetProperty("funnel")[0].GetProperty("survived").GetInt32());
        var selected = StructureReader.ReadStrict(selection.GetProperty("file").GetString()!, new ReadOptions { MinDistance = 0 });
        Assert.InRange(selected.Count, 1, 4);
        Assert.All(selected, s => Assert.Equal("C5H12O", s.Composition.Formula));

        var comparison = Json($"compare {Folder}");
        Assert.Equal(14, comparison.GetProperty("known").GetInt32());
        Assert.Equal(60, comparison.GetProperty("generated").GetProperty("structures").GetInt32());

        var status = Json($"status {Folder}");
        Assert.All(status.GetProperty("models").EnumerateArray(), m => Assert.Equal(("finished", true), (m.GetProperty("state").GetString(), m.GetProperty("generated").GetBoolean())));
    }

    [Fact]
    public void EveryGeneratedStructureCanBeExplained()
    {
        Begin();
        Json($"train {Folder}");
        Assert.Contains("PM7011", ProgramRun.OfLine($"explain {Folder} m1-0").Error, StringComparison.Ordinal);
        var selection = Json($"select {Folder} --structures 30 --screen none --duplicates 0.2 --clusters 4");
        Assert.Equal(60, selection.GetProperty("coverage").GetProperty("draws").GetInt64());
        string kept = selection.GetProperty("selected")[0].GetProperty("id").GetString()!;
        var rows = Json($"explain {Folder} {kept} {string.Join(' ', Enumerable.Range(0, 30).Select(i => "m2-" + i))}").GetProperty("structures").EnumerateArray().ToList();
        Assert.Equal(("selected", JsonValueKind.Null), (rows[0].GetProperty("stage").GetString(), rows[0].GetProperty("reason").ValueKind));
        Assert.All(rows, row => Assert.True(row.GetProperty("reason").GetString() is null or "duplicate" or "not-representative"));
        Assert.Contains(rows, row => row.GetProperty("detail").ValueKind == JsonValueKind.String);
        var (exit, _, error) = ProgramRun.OfLine($"explain {Folder} m3-0");
        Assert.Equal(2, exit);
        Assert.Contains("PM7037", error, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatNothingSurvivesEndsWithCodeFourAndTheLosses()
    {
        Begin();
        Json($"train {Folder}");
        var (exit, _, error) = ProgramRun.OfLine($"select {Folder}");
        Assert.Equal((int)ExitCode.NothingSurvived, exit);
        Assert.Contains("PM7013", error, StringComparison.Ordinal);
        Assert.Contains("wrong-valence", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("generate RUN", 2, "PM7010")]
    [InlineData("select RUN", 2, "PM7010")]
    [InlineData("compare RUN", 2, "PM7010")]
    [InlineData("generate NOWHERE", 2, "PM7002")]
    [InlineData("status NOWHERE", 2, "PM7002")]
    [InlineData("train RUN --epochs 5", 2, "PM7008")]
    [InlineData("train RUN --r-cut 5,six", 2, "PM7105")]
    [InlineData("train RUN --epohcs 5", 2, "PM1001")]
    [InlineData("run NOWHERE/recipe.yaml", 2, "PM7101")]
    [InlineData("run", 2, "PM1004")]
    public void AStageOutOfOrderSaysWhatToDo(string line, int expected, string code)
    {
        Begin();
        var (exit, output, error) = ProgramRun.OfLine(line.Replace("RUN", Folder, StringComparison.Ordinal).Replace("NOWHERE", Path.Combine(_folder.FullName, "nowhere"), StringComparison.Ordinal));
        Assert.Equal(expected, exit);
        Assert.Empty(output);
        Assert.Contains(code, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void OneDivergedModelEndsWithCodeSix()
    {
        Begin();
        Directory.CreateDirectory(Path.Combine(Folder, "models"));
        File.WriteAllText(Path.Combine(Folder, "models", "m1.diverged.txt"), "PM4001: the model diverged");
        var (exit, output, _) = ProgramRun.OfLine($"train {Folder}");
        Assert.Equal((int)ExitCode.PartlyConverged, exit);
        Assert.Contains("1 of 2 models are trained, 1 diverged", output, StringComparison.Ordinal);
    }

    [Fact]
    public void ADryRunPricesTheWorkAndTouchesNothing()
    {
        var price = Json($"train {Folder} --training {_training} {Small} --dry-run");
        Assert.Equal(2, price.GetProperty("models").GetInt32());
        Assert.True(price.GetProperty("coreSeconds").GetDouble() > 0 && price.GetProperty("memoryBytes").GetInt64() > 0 && price.GetProperty("diskBytes").GetInt64() > 0);
        Assert.False(Directory.Exists(Folder));
    }

    [Fact]
    public void ARecipeRunsAsAWhole()
    {
        string recipe = Path.Combine(_folder.FullName, "alcohols.yaml");
        File.WriteAllText(recipe, """
            training: known.extxyz
            seed: 5
            target: {formula: C5H12O}
            models: {repeats: 2, n_max: 2, neighbours: 6}
            train: {epochs: 4, batch: 3, generator_widths: [16, 8], critic_widths: [16, 8], rattle_copies: 1}
            generate: {structures: 30}
            select: {screen: none, clusters: 3, n_max: 2}
            """);
        var answer = Json($"run {recipe} --into {Folder}");
        Assert.Equal("polymorph.run/1", answer.GetProperty("schema").GetString());
        Assert.Equal(2, answer.GetProperty("trained").GetInt32());
        Assert.InRange(answer.GetProperty("selected").GetArrayLength(), 1, 3);
        Assert.Equal(14, answer.GetProperty("comparison").GetProperty("known").GetInt32());

        // The same command again finds everything done, and the recipe kept in the folder belongs to the folder.
        Assert.Equal(answer.GetProperty("selected").ToString(), Json($"run {Path.Combine(Folder, "recipe.yaml")}").GetProperty("selected").ToString());
    }

    /// Makes the run folder without training it: a stop before the first epoch.
    private JsonElement Begin()
    {
        using var session = Studies.Runs.StudySession.Begin(Folder, Asked(), new Silent());
        session.Dispose();
        return Json($"status {Folder}");
    }

    private Studies.Recipes.RecipeValues Asked() => Studies.Recipes.RecipeValues.Read($$"""
        training: '{{_training}}'
        seed: 5
        target: {formula: C5H12O}
        models: {repeats: 2, n_max: 2, neighbours: 6}
        train: {epochs: 4, batch: 3, generator_widths: [16, 8], critic_widths: [16, 8], rattle_copies: 1}
        """, "recipe.yaml");

    private static JsonElement Json(string line)
    {
        var (exit, output, error) = ProgramRun.OfLine(line + " --json");
        Assert.True(exit == 0, error);
        return JsonDocument.Parse(output).RootElement.Clone();
    }

    private sealed class Silent : Studies.Runs.IStudyObserver
    {
        public void Note(string line)
        {
        }

        public void Model(Studies.Runs.ModelProgress progress)
        {
        }

        public void Work(string what, long done, long total)
        {
        }
    }
}
