using System.Text.Json;
using Polymorph.Foundation;
using Polymorph.Learning.Safetensors;
using Polymorph.Studies.Runs;
using Polymorph.Studies.Stages;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Studies.Tests;

public sealed class TrainStageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Whole => Path.Combine(_folder.Path, "whole");

    private string Broken => Path.Combine(_folder.Path, "broken");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void OneAndTwoThreadsGiveTheSameBits()
    {
        SmallStudy.Train(Whole);
        SmallStudy.Train(Broken, SmallStudy.Recipe.Replace("threads: 2", "threads: 1", StringComparison.Ordinal));
        Assert.Equal(2, SmallStudy.Models(Whole).Length);
        Assert.Equal(SmallStudy.Models(Whole), SmallStudy.Models(Broken));
    }

    [Fact]
    public void StoppingAfterEveryEpochChangesNoBit()
    {
        SmallStudy.Train(Whole);
        int stops = 0;
        while (SmallStudy.TrainOneEpoch(Broken))
        {
            Assert.True(++stops <= 2 * SmallStudy.Epochs + 2);
        }

        Assert.InRange(stops, SmallStudy.Epochs, 2 * SmallStudy.Epochs);
        Assert.Equal(SmallStudy.Models(Whole), SmallStudy.Models(Broken));
        Assert.DoesNotContain(Directory.GetFiles(Path.Combine(Broken, "models")), f => f.Contains("checkpoint", StringComparison.Ordinal) || f.Contains("previous", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ADamagedCheckpointFallsBackWithANote(bool previousToo)
    {
        SmallStudy.Train(Whole);
        for (int i = 0; i < 5; i++)
        {
            SmallStudy.TrainOneEpoch(Broken);
        }

        string checkpoint = Assert.Single(Directory.GetFiles(Path.Combine(Broken, "models"), "m1.checkpoint.safetensors"));
        CutInHalf(checkpoint);
        if (previousToo)
        {
            CutInHalf(checkpoint.Replace("checkpoint", "previous", StringComparison.Ordinal));
        }

        var notes = new Notes();
        SmallStudy.Train(Broken, observer: notes);
        Assert.Equal(previousToo ? 2 : 1, notes.Lines.Count(line => line.Contains("PM4102", StringComparison.Ordinal)));
        Assert.Equal(SmallStudy.Models(Whole), SmallStudy.Models(Broken));
    }

    [Fact]
    public void AFlippedBitInACheckpointIsFound()
    {
        for (int i = 0; i < 3; i++)
        {
            SmallStudy.TrainOneEpoch(Broken);
        }

        string checkpoint = Path.Combine(Broken, "models", "m1.checkpoint.safetensors");
        byte[] bytes = File.ReadAllBytes(checkpoint);
        bytes[^100] ^= 1;
        File.WriteAllBytes(checkpoint, bytes);
        var notes = new Notes();
        SmallStudy.Train(Broken, observer: notes);
        Assert.Contains(notes.Lines, line => line.Contains("PM4103", StringComparison.Ordinal));
    }

    /// A weight that is not a number makes the first model diverge; the second must not notice.
    [Fact]
    public void ADivergedModelKeepsItsCheckpointAndSpoilsNoOther()
    {
        SmallStudy.Train(Whole);
        for (int i = 0; i < 3; i++)
        {
            SmallStudy.TrainOneEpoch(Broken);
        }

        string checkpoint = Path.Combine(Broken, "models", "m1.checkpoint.safetensors");
        var file = SafetensorsFile.Read(checkpoint);
        var weights = file.Tensors["critic.0.weight"];
        weights.Values[0] = double.NaN;
        new SafetensorsFile(file.Tensors, file.Metadata).Write(checkpoint);
        byte[] before = File.ReadAllBytes(checkpoint);

        var notes = new Notes();
        var result = SmallStudy.Train(Broken, observer: notes);
        Assert.Equal((1, 1), (result.Finished, result.Diverged));
        Assert.Contains(notes.Lines, line => line.Contains("PM4001", StringComparison.Ordinal) && line.Contains("learning rate", StringComparison.Ordinal));
        Assert.Equal(before, File.ReadAllBytes(checkpoint));
        Assert.Equal(SmallStudy.Models(Whole)[1], Assert.Single(SmallStudy.Models(Broken)));

        // The same command again does not fall into the same hole.
        Assert.Equal((1, 1), (SmallStudy.Train(Broken).Finished, SmallStudy.Train(Broken).Diverged));
    }

    [Fact]
    public void TheLogIsOneJsonObjectPerLineEvenAfterAKill()
    {
        SmallStudy.TrainOneEpoch(Broken);
        string log = Path.Combine(Broken, "events.jsonl");
        File.AppendAllText(log, "{\"time\":\"cut o");
        SmallStudy.Train(Broken);
        string[] lines = File.ReadAllLines(log);
        var bad = lines.Where(line => !IsJson(line)).ToList();
        Assert.Equal("{\"time\":\"cut o", Assert.Single(bad));
        Assert.Contains(lines, line => line.Contains("\"model.end\"", StringComparison.Ordinal));
    }

    [Fact]
    public void AFullDiskStopsWithACodeAndLosesNothing()
    {
        SmallStudy.TrainOneEpoch(Broken);
        SmallStudy.TrainOneEpoch(Broken);
        string checkpoint = Path.Combine(Broken, "models", "m1.checkpoint.safetensors");
        Assert.SkipUnless(File.Exists("/dev/full"), "needs /dev/full");

        // The temporary name of the next checkpoint leads to a device that is always full.
        foreach (string name in new[] { "m1.checkpoint", "m1", "m2.checkpoint", "m2" })
        {
            File.CreateSymbolicLink(Path.Combine(Broken, "models", $"{name}.safetensors.{Environment.ProcessId}.tmp"), "/dev/full");
        }

        byte[] saved = File.ReadAllBytes(checkpoint);
        var error = Assert.Throws<PolymorphException>(() => SmallStudy.Train(Broken));
        Assert.Equal(("PM7001", ExitCode.EngineFailed), (error.Code, error.ExitCode));
        string previous = Path.Combine(Broken, "models", "m1.previous.safetensors");
        Assert.Contains(saved, new[] { checkpoint, previous }.Where(File.Exists).Select(File.ReadAllBytes));

        foreach (string link in Directory.GetFiles(Path.Combine(Broken, "models"), "*.tmp"))
        {
            File.Delete(link);
        }

        SmallStudy.Train(Whole);
        SmallStudy.Train(Broken);
        Assert.Equal(SmallStudy.Models(Whole), SmallStudy.Models(Broken));
    }

    [Fact]
    public void AFullDiskUnderTheLogStopsWithACode()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "needs /dev/full");
        SmallStudy.TrainOneEpoch(Broken);
        string log = Path.Combine(Broken, "events.jsonl");
        File.Delete(log);
        File.CreateSymbolicLink(log, "/dev/full");
        Assert.Equal("PM7007", Assert.Throws<PolymorphException>(() => SmallStudy.Train(Broken)).Code);
    }

    [Fact]
    public void GeneratedStructuresDoNotDependOnHowManyAreAsked()
    {
        SmallStudy.Train(Whole);
        string few = Generate("");
        string many = Generate("generate: {structures: 300}\n");
        Assert.Equal(300 * 20, many.Split('\n').Length - 1); // 18 atoms and two lines of head
        Assert.StartsWith(few, many, StringComparison.Ordinal);

        string Generate(string recipe)
        {
            using var session = StudySession.Continue(Whole, Recipes.RecipeValues.Read("seed: 5\n" + recipe, "recipe.yaml"));
            var files = GenerateStage.Run(session, new Notes(), CancellationToken.None);
            return File.ReadAllText(files[0].File);
        }
    }

    private static void CutInHalf(string path)
    {
        using var file = new FileStream(path, FileMode.Open);
        file.SetLength(file.Length / 2);
    }

    private static bool IsJson(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
