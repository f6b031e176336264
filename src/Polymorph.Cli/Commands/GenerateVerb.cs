using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Polymorph.Cli.Shell;
using Polymorph.Foundation;
using Polymorph.Studies.Recipes;
using Polymorph.Studies.Runs;
using Polymorph.Studies.Stages;

namespace Polymorph.Cli.Commands;

/// <summary>Generates structures with the trained models of a run folder.</summary>
internal sealed class GenerateVerb : Verb
{
    private readonly Argument<string> _run = new("RUN") { Description = "The run folder." };
    private readonly RecipeOptions _values;

    public GenerateVerb()
        : base("generate", "Generate structures with the trained models of a run folder.", "polymorph generate my-run", "polymorph generate my-run --structures 10000")
    {
        Add(_run);
        _values = new RecipeOptions(this, [RecipeKeys.Structures, RecipeKeys.Threads]);
    }

    /// <inheritdoc/>
    public override ExitCode Run(Invocation call)
    {
        string run = call.Value(_run)!;
        var asked = _values.Read(call);
        var files = ProgressDisplay.Run(call.Terminal, observer =>
        {
            using var session = StudySession.Continue(run, asked);
            return GenerateStage.Run(session, observer, call.Cancellation);
        });
        var document = new JsonObject
        {
            ["run"] = Path.GetFullPath(run),
            ["generated"] = files.Sum(f => f.Count),
            ["files"] = new JsonArray([.. files.Select(f => (JsonNode)new JsonObject { ["model"] = f.Model, ["file"] = f.File, ["count"] = f.Count })]),
        };
        call.Result("polymorph.generate/1", document, output =>
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{files.Sum(f => f.Count):N0} structures of {files.Length} models are in {Path.GetDirectoryName(files[0].File)}.")));
        call.Note($"Next: {ProgramName.Text} select {run}");
        return ExitCode.Done;
    }
}
