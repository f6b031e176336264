using Polymorph.Cli.Commands;
using Polymorph.Studies.Recipes;
using Polymorph.Studies.Runs;
using Polymorph.Studies.Stages;
using Xunit;

namespace Polymorph.Cli.Tests;

public sealed class DemoTests
{
    // Half of the demo's 24 models, with its own seed: the models are the same ones, and the test takes half of the time.
    private const string Half = "models: {repeats: 12}\n";

    // The training set has no isomer of C5H12O, and a generator that has learnt nothing makes no valid molecule at all (SelectStageTests).
    private const int Least = 9;

    /// The one test of the promise itself: known molecules in, new isomers out. It takes one to four minutes, and nothing smaller can replace it.
    [Fact]
    public void TheDemoFindsMostIsomers()
    {
        var folder = Directory.CreateTempSubdirectory("polymorph-demo-");
        try
        {
            var recipe = DemoStudy.Recipe();
            recipe.Overlay(RecipeValues.Read(Half, "half"));
            using var session = StudySession.Begin(Path.Combine(folder.FullName, "run"), recipe, new Silent(), DemoTrainingSet.Read());
            var outcome = WholeStudy.Run(session, new Silent(), TestContext.Current.CancellationToken);
            using var output = new StringWriter();
            StudyReport.Write(output, outcome, session.Folder.SelectedFile);
            Assert.Equal(14, outcome.Comparison!.Generated.Known.Count);
            int found = outcome.Comparison.Generated.Found;
            TestContext.Current.SendDiagnosticMessage("{0} of 14 isomers found", found);
            Assert.InRange(found, Least, 14);
            Assert.EndsWith($"{found} of 14 isomers found", output.ToString().TrimEnd(), StringComparison.Ordinal);

            // Every molecule found is kept: there are fewer than clusters.
            Assert.Equal(found, outcome.Comparison.Selected!.Found);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private sealed class Silent : IStudyObserver
    {
        public void Note(string line)
        {
        }

        public void Model(ModelProgress progress)
        {
        }

        public void Work(string what, long done, long total)
        {
        }
    }
}
