using System.CommandLine;
using Polymorph.Cli.Shell;
using Polymorph.Foundation;
using Polymorph.Structures.Inspection;

namespace Polymorph.Cli.Commands;

/// <summary>Shows what is in structure files.</summary>
internal sealed class DataInspectVerb : Verb
{
    private readonly Argument<string[]> _files = new("FILES") { Description = "Files, folders, or - for standard input.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<bool> _strict = new("--strict") { Description = "Stop at the first bad entry." };
    private readonly ReadingOptions _reading;

    public DataInspectVerb()
        : base("inspect", "Show what is in structure files: counts, formulas, density, shortest distances, duplicates, and what cannot be used and why.",
            "polymorph data inspect set.extxyz", "polymorph data inspect structures/ --json")
    {
        Add(_files);
        Add(_strict);
        _reading = new ReadingOptions(this);
    }

    /// <inheritdoc/>
    public override ExitCode Run(Invocation call)
    {
        var summary = new StructureSetSummary();
        foreach (var entry in _reading.Entries(call, call.Value(_files)!, call.Value(_strict)))
        {
            summary.Add(entry);
        }

        call.Result("polymorph.data-inspect/1", SummaryReport.ToJson(summary), text => SummaryReport.Write(text, summary));
        return summary.Structures > 0 ? ExitCode.Done : ExitCode.InputData;
    }
}
