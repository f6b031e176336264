using System.CommandLine;
using System.Text.Json.Nodes;
using Polymorph.Cli.Shell;
using Polymorph.Foundation;
using Polymorph.Studies.Recipes;
using Polymorph.Studies.Runs;
using Polymorph.Studies.Stages;

namespace Polymorph.Cli.Commands;

/// <summary>Keeps a few representatives of what the models of a run folder generate.</summary>
internal sealed class SelectVerb : Verb
{
    private readonly Argument<string> _run = new("RUN") { Description = "The run folder." };
    private readonly RecipeOptions _values;

    public SelectVerb()
        : base("select", "Keep a few representatives of what the models generate, and say why the rest was dropped.",
            "polymorph select my-run", "polymorph select my-run --clusters 20 --screen distances", "polymorph select my-run --representatives topology --duplicates 0.05")
    {
        Add(_run);
        _values = new RecipeOptions(this, [.. RecipeKeys.All.Where(k => k.Section == "select"), RecipeKeys.Structures, RecipeKeys.Threads]);
    }

    /// <inheritdoc/>
    public override bool IsResumable => true;

    /// <inheritdoc/>
    public override ExitCode Run(Invocation call)
    {
        string run = call.Value(_run)!;
        var asked = _values.Read(call);
        string file = "";
        var selection = ProgressDisplay.Run(call.Terminal, observer =>
        {
            using var session = StudySession.Continue(run, asked);
            file = session.Folder.SelectedFile;
            return SelectStage.Run(session, observer, call.Cancellation);
        });
        var document = new JsonObject { ["run"] = Path.GetFullPath(run), ["funnel"] = SelectStage.FunnelJson(selection.Funnel), ["coverage"] = SelectStage.CoverageJson(selection.Coverage), ["losses"] = selection.LossesFile, ["file"] = file, ["selected"] = StudyReport.Selected(selection) };
        call.Result("polymorph.select/1", document, output => StudyReport.Write(output, selection, file));
        call.Note($"Next: {ProgramName.Text} relax {run}{(RunStatus.Read(run).CanCompare ? $", or {ProgramName.Text} compare {run}" : "")}");
        return ExitCode.Done;
    }
}
