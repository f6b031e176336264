using System.CommandLine;
using Polymorph.Cli.Shell;
using Polymorph.Foundation;
using Polymorph.Studies.Recipes;
using Polymorph.Studies.Runs;
using Polymorph.Studies.Stages;

namespace Polymorph.Cli.Commands;

/// <summary>Looks for known molecules among the generated and the selected ones.</summary>
internal sealed class CompareVerb : Verb
{
    private readonly Argument<string> _run = new("RUN") { Description = "The run folder." };
    private readonly RecipeOptions _values;

    public CompareVerb()
        : base("compare", "Say which known molecules were found, by which models, how often.",
            "polymorph compare my-run", "polymorph compare my-run --known isomers.smi")
    {
        Add(_run);
        _values = new RecipeOptions(this, [SelectionKeys.Known, RecipeKeys.Threads]);
    }

    /// <inheritdoc/>
    public override ExitCode Run(Invocation call)
    {
        string run = call.Value(_run)!;
        var asked = _values.Read(call);
        var comparison = ProgressDisplay.Run(call.Terminal, observer =>
        {
            using var session = StudySession.Continue(run, asked);
            return CompareStage.Run(session, observer, call.Cancellation);
        });
        var document = CompareStage.Json(comparison);
        document["run"] = Path.GetFullPath(run);
        call.Result("polymorph.compare/1", document, output => StudyReport.Write(output, comparison));
        return ExitCode.Done;
    }
}
