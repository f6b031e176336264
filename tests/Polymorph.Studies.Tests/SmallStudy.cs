using Polymorph.Structures.Formats;
using Polymorph.Studies.Recipes;
using Polymorph.Studies.Runs;
using Polymorph.Studies.Stages;
using Polymorph.Testing;

namespace Polymorph.Studies.Tests;

/// <summary>A study of two tiny models that trains in well under a second.</summary>
internal static class SmallStudy
{
    public const int Epochs = 12;

    public const string Recipe = """
        seed: 5
        target: {formula: C5H12O}
        models: {repeats: 2, n_max: 2, neighbours: 6}
        train: {epochs: 12, batch: 3, learning_rate: 1e-3, generator_widths: [16, 8], critic_widths: [16, 8], rattle_copies: 1, checkpoint_seconds: 0, threads: 2}
        generate: {structures: 20}
        """;

    public static StudySession Begin(string run, string recipe = Recipe, IStudyObserver? observer = null) =>
        StudySession.Begin(run, RecipeValues.Read(recipe, "recipe.yaml"), observer ?? new Notes(), DemoTrainingSet.Read());

    /// <summary>Trains to the end.</summary>
    public static TrainResult Train(string run, string recipe = Recipe, IStudyObserver? observer = null)
    {
        using var session = Begin(run, recipe, observer);
        return TrainStage.Run(session, observer ?? new Notes(), CancellationToken.None);
    }

    /// <summary>Trains one epoch, or the one model that is left of it, and stops with a checkpoint; false when everything is trained.</summary>
    public static bool TrainOneEpoch(string run)
    {
        using var stop = new CancellationTokenSource();
        using var session = Begin(run);
        try
        {
            TrainStage.Run(session, new StopAtFirstReport(stop), stop.Token);
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    public static byte[][] Models(string run) => [.. Directory.GetFiles(Path.Combine(run, "models"), "m?.safetensors").Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];

    /// <summary>Writes the demo's molecules to a file.</summary>
    public static string WriteTraining(TemporaryFolder folder, int count = int.MaxValue)
    {
        string path = System.IO.Path.Combine(folder.Path, "training.extxyz");
        StructureWriter.Write(path, DemoTrainingSet.Read().Take(count));
        return path;
    }
}
