using System.CommandLine;
using System.Text.Json.Nodes;
using Polymorph.Cli.Shell;
using Polymorph.Foundation;
using Polymorph.Studies.Runs;
using Polymorph.Studies.Stages;

namespace Polymorph.Cli.Commands;

/// <summary>Says what became of single structures of a run.</summary>
internal sealed class ExplainVerb : Verb
{
    private readonly Argument<string> _run = new("RUN") { Description = "The run folder." };
    private readonly Argument<string[]> _ids = new("IDS") { Description = "Structures, such as m03-1207.", Arity = ArgumentArity.OneOrMore };

    public ExplainVerb()
        : base("explain", "Say what became of a generated structure: where it was dropped and why, what it repeats, or that it was kept.",
            "polymorph explain my-run m03-1207", "polymorph explain my-run m03-1207 m01-5 --json")
    {
        Add(_run);
        Add(_ids);
    }

    /// <inheritdoc/>
    public override ExitCode Run(Invocation call)
    {
        var folder = RunFolder.Existing(call.Value(_run)!);
        string[] ids = [.. call.Value(_ids)!.Distinct()];
        var fates = Fates.Of(folder, ids);
        if (ids.FirstOrDefault(id => !fates.ContainsKey(id)) is { } missing)
        {
            throw new PolymorphException("PM7037", $"the selection saw no structure '{missing}'", folder.LossesFile, "Names are the model's, a dash, and the number of the structure: m03-1207.", ExitCode.Usage);
        }

        var rows = new JsonArray([.. ids.Select(id => (JsonNode)new JsonObject
        {
            ["id"] = id,
            ["stage"] = fates[id].Stage,
            ["reason"] = fates[id].Reason.Length > 0 ? fates[id].Reason : null,
            ["detail"] = fates[id].Detail.Length > 0 ? fates[id].Detail : null,
        })]);
        call.Result("polymorph.explain/1", new JsonObject { ["run"] = folder.Root, ["structures"] = rows }, output =>
        {
            foreach (string id in ids)
            {
                var fate = fates[id];
                output.WriteLine(fate.Reason.Length == 0 ? $"{id}: kept ({fate.Stage})" : $"{id}: dropped at '{fate.Stage}': {fate.Reason}{(fate.Detail.Length > 0 ? $" ({fate.Detail})" : "")}");
            }
        });
        return ExitCode.Done;
    }
}
