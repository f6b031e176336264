using Polymorph.Foundation;
using Polymorph.Studies.Recipes;
using Polymorph.Studies.Runs;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Studies.Tests;

public sealed class RunFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Run => Path.Combine(_folder.Path, "run");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ASecondProcessIsToldWhoWorksThere()
    {
        using var first = SmallStudy.Begin(Run);
        var error = Assert.Throws<PolymorphException>(() => SmallStudy.Begin(Run));
        Assert.Equal("PM7004", error.Code);
        Assert.Contains($"process {Environment.ProcessId}", error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void TheLockOfAKilledProcessIsTakenOver()
    {
        using (var first = SmallStudy.Begin(Run))
        {
            Assert.False(first.PreviousWasKilled);
        }

        // A killed process leaves the text, the operating system takes back the lock itself.
        File.WriteAllText(Path.Combine(Run, "lock.txt"), "process 1 on elsewhere");
        using var second = SmallStudy.Begin(Run);
        Assert.True(second.PreviousWasKilled);
    }

    /// A process killed while it wrote the first files leaves parts of them, which are no foreign files and go away.
    [Fact]
    public void HalfWrittenFilesOfAKilledProcessAreRemoved()
    {
        Directory.CreateDirectory(Run);
        string[] parts = [Path.Combine(Run, "recipe.yaml.2147483647.tmp"), Path.Combine(Run, "models", "m.safetensors.2147483647.tmp")];
        File.WriteAllText(parts[0], "seed");
        SmallStudy.Begin(Run).Dispose();
        Directory.CreateDirectory(Path.Combine(Run, "models"));
        File.WriteAllText(parts[1], "x");
        SmallStudy.Begin(Run).Dispose();
        Assert.All(parts, part => Assert.False(File.Exists(part), part));
    }

    [Fact]
    public void AForeignFolderIsNotTouched()
    {
        Directory.CreateDirectory(Run);
        string mine = Path.Combine(Run, "thesis.tex");
        File.WriteAllText(mine, "text");
        Assert.Equal("PM7003", Assert.Throws<PolymorphException>(() => SmallStudy.Begin(Run)).Code);
        Assert.Equal([mine], Directory.GetFileSystemEntries(Run));
        Assert.Equal("PM7003", Assert.Throws<PolymorphException>(() => SmallStudy.Begin(mine)).Code);
        Assert.Equal("PM7002", Assert.Throws<PolymorphException>(() => RunFolder.Existing(Run)).Code);
    }

    [Fact]
    public void AFolderThatCannotBeWrittenIsNamed()
    {
        Assert.SkipUnless(Directory.Exists("/proc/self"), "needs /proc, where nobody may make folders");
        var error = Assert.Throws<PolymorphException>(() => SmallStudy.Begin("/proc/polymorph"));
        Assert.Equal(("PM7005", ExitCode.EngineFailed), (error.Code, error.ExitCode));
    }

    [Theory]
    [InlineData("train: {epochs: 13}\n", "train.epochs 12, and now it is 13")]
    [InlineData("seed: 6\n", "seed 5, and now it is 6")]
    [InlineData("target: {formula: C4H10O}\n", "target.formula C5H12O, and now it is C4H10O")]
    [InlineData("models: {repeats: 3}\n", "models a list of 2, and now it is another list of 3")]
    public void ARunThatHasBegunKeepsItsValues(string recipe, string words)
    {
        SmallStudy.Begin(Run).Dispose();
        var error = Assert.Throws<PolymorphException>(() => SmallStudy.Begin(Run, recipe));
        Assert.Equal("PM7008", error.Code);
        Assert.Contains(words, error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void TheSameOrNothingContinuesAndWorkingValuesMayChange()
    {
        SmallStudy.Begin(Run).Dispose();
        string resolved = File.ReadAllText(Path.Combine(Run, "resolved.yaml"));
        SmallStudy.Begin(Run).Dispose();
        SmallStudy.Begin(Run, "preset: fast\n").Dispose();
        Assert.Equal(resolved, File.ReadAllText(Path.Combine(Run, "resolved.yaml")));
        using var session = SmallStudy.Begin(Run, "train: {threads: 1, checkpoint_seconds: 5}\ngenerate: {structures: 7}\n");
        Assert.Equal((1, 5.0, 7L), (session.Plan.Threads, session.Plan.CheckpointSeconds, session.Plan.StructuresPerModel));
    }

    [Fact]
    public void AMovedFolderContinues()
    {
        SmallStudy.Begin(Run).Dispose();
        string moved = Path.Combine(_folder.Path, "moved");
        Directory.Move(Run, moved);
        using var session = StudySession.Continue(moved, new RecipeValues());
        Assert.Equal(39, session.ReadTraining().Count);
    }

    [Fact]
    public void ResolvedIsARecipeOfTheSameStudy()
    {
        SmallStudy.Train(Run);
        string again = Path.Combine(_folder.Path, "again");
        using (var session = StudySession.Begin(again, RecipeValues.ReadFile(Path.Combine(Run, "resolved.yaml")), new Notes()))
        {
            Studies.Stages.TrainStage.Run(session, new Notes(), CancellationToken.None);
        }

        Assert.Equal(SmallStudy.Models(Run), SmallStudy.Models(again));
    }
}
