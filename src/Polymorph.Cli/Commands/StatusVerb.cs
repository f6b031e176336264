using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Polymorph.Cli.Shell;
using Polymorph.Foundation;
using Polymorph.Studies.Runs;

namespace Polymorph.Cli.Commands;

/// <summary>Shows where a run folder stands.</summary>
internal sealed class StatusVerb : Verb
{
    private readonly Argument<string> _run = new("RUN") { Description = "The run folder." };

    public StatusVerb()
        : base("status", "Show where a run folder stands and what comes next.", "polymorph status my-run") => Add(_run);

    /// <inheritdoc/>
    public override ExitCode Run(Invocation call)
    {
        string run = call.Value(_run)!;
        var status = RunStatus.Read(run);
        string? next = Next(status, run);
        var document = new JsonObject
        {
            ["run"] = Path.GetFullPath(run),
            ["seed"] = status.Seed,
            ["atWork"] = status.Holder,
            ["selected"] = status.HasSelected,
            ["relaxation"] = status.Relaxation is { } r ? new JsonObject { ["method"] = r.Method, ["candidates"] = r.Candidates, ["relaxed"] = r.Relaxed, ["converged"] = r.Converged, ["distinct"] = r.Distinct } : null,
            ["compared"] = status.HasCompared,
            ["next"] = next,
            ["models"] = new JsonArray([.. status.Models.Select(m => (JsonNode)new JsonObject
            {
                ["name"] = m.Name,
                ["state"] = m.State,
                ["epoch"] = m.Epoch,
                ["epochs"] = m.Epochs,
                ["validShare"] = m.ValidShare,
                ["generated"] = m.HasGenerated,
            })]),
        };
        call.Result("polymorph.status/1", document, output =>
        {
            foreach (var m in status.Models)
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{m.Name,-8} {m.State,-10} epoch {m.Epoch,7} of {m.Epochs,7}  valid {ModelLine.Share(m.ValidShare),5}{(m.HasGenerated ? "  generated" : "")}"));
            }

            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{status.Finished} of {status.Models.Length} models are trained; seed {status.Seed}"));
            if (status.Relaxation is { } r)
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{r.Relaxed} of {r.Candidates} selected structures are relaxed ({r.Method}): {r.Converged} converged, {r.Distinct} distinct minima"));
            }
        });
        call.Note(status.Holder is { } holder ? $"At work: {holder}" : next is null && status.IsConditioned ? "The model diverged: train again with another seed or preset in a new folder." : next is null ? $"Done. The short list is {status.SelectedFile}." : $"Next: {next}");
        return ExitCode.Done;
    }

    /// <summary>The command that comes next; null when all is done.</summary>
    private static string? Next(RunStatus status, string run) =>
        status.PropertyModelFile is { } network ? File.Exists(network) ? $"{ProgramName.Text} predict FILE --model {network}" : $"{ProgramName.Text} train {run}" :
        status.IsConditioned ? (status.Finished > 0 ? $"{ProgramName.Text} generate {run} --composition FORMULA" : status.Models[0].State == "diverged" ? null : $"{ProgramName.Text} train {run}") :
        status.Models.Any(m => m.State is "waiting" or "checkpoint") ? $"{ProgramName.Text} train {run}"
        : !status.HasSelected && !status.Models.Any(m => m.HasGenerated) ? $"{ProgramName.Text} generate {run}"
        : !status.HasSelected ? $"{ProgramName.Text} select {run}"
        : status.Relaxation is null ? $"{ProgramName.Text} relax {run}"
        : status.CanCompare && !status.HasCompared ? $"{ProgramName.Text} compare {run}"
        : null;
}
