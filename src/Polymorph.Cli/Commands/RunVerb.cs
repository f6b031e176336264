using System.CommandLine;
using Polymorph.Cli.Shell;
using Polymorph.Energies.Catalogue;
using Polymorph.Foundation;
using Polymorph.Studies.Recipes;
using Polymorph.Studies.Runs;
using Polymorph.Studies.Stages;

namespace Polymorph.Cli.Commands;

/// <summary>A whole study from a recipe; the same command continues what was stopped.</summary>
internal sealed class RunVerb : Verb
{
    private readonly Argument<string?> _recipe = new("RECIPE") { Description = "The recipe, a YAML file.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _into = new("--into") { Description = "The run folder; by default named like the recipe, in the current folder.", HelpName = "folder" };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Only say what it would cost in time, memory and disk." };
    private readonly Option<bool> _schema = new("--schema") { Description = "Print the JSON Schema of recipes, for editors." };
    private readonly RecipeOptions _values;
    private readonly EngineCatalogue _catalogue;

    public RunVerb(EngineCatalogue catalogue)
        : base("run", "Run a whole study from a recipe: train, generate, select, relax where it asks for that, compare.", "polymorph run alcohols.yaml", "polymorph run alcohols.yaml --into runs/first --dry-run")
    {
        _catalogue = catalogue;
        Add(_recipe);
        Add(_into);
        Add(_dryRun);
        Add(_schema);
        _values = new RecipeOptions(this, [RecipeKeys.Seed, RecipeKeys.Threads, RecipeKeys.CheckpointSeconds]);
    }

    /// <inheritdoc/>
    public override bool IsResumable => true;

    /// <inheritdoc/>
    public override ExitCode Run(Invocation call)
    {
        if (call.Value(_schema))
        {
            call.Terminal.Output.Write(RecipeSchema.Text);
            return ExitCode.Done;
        }

        string recipe = call.Value(_recipe) ?? throw new PolymorphException("PM1004", "no recipe is given", null, "Name a YAML file: polymorph run alcohols.yaml", ExitCode.Usage);
        var asked = RecipeValues.ReadFile(recipe);
        asked.Overlay(_values.Read(call));
        string run = call.Value(_into) ?? Folder(recipe);
        if (call.Value(_dryRun))
        {
            return PriceReport.Print(call, ProgressDisplay.Run(call.Terminal, observer => StudyPrice.Estimate(run, asked, observer, call.Cancellation)));
        }

        string file = "";
        var outcome = ProgressDisplay.Run(call.Terminal, observer =>
        {
            using var session = StudySession.Begin(run, asked, observer);
            file = session.Folder.SelectedFile;
            return WholeStudy.Run(session, _catalogue, observer, call.Cancellation);
        });
        call.Result("polymorph.run/1", StudyReport.Json(Path.GetFullPath(run), outcome), output => StudyReport.Write(output, outcome, file));
        return StudyReport.Exit(outcome);
    }

    // The recipe that a run folder keeps belongs to that folder.
    private static string Folder(string recipe)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(recipe))!;
        return Path.GetFileName(recipe) is "recipe.yaml" or "resolved.yaml" && File.Exists(Path.Combine(folder, "resolved.yaml")) ? folder : Path.GetFileNameWithoutExtension(recipe);
    }
}
