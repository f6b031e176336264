using System.CommandLine;
using Polymorph.Cli.Shell;
using Polymorph.Foundation;
using Polymorph.Structures.Inspection;

namespace Polymorph.Cli.Commands;

/// <summary>Collects structures of many files into one data set.</summary>
internal sealed class DataImportVerb : Verb
{
    private readonly Argument<string[]> _files = new("FILES") { Description = "Files, folders, or - for standard input.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string> _out = new("--out") { Description = "The data set to write, extended XYZ.", HelpName = "file", Required = true };
    private readonly Option<bool> _strict = new("--strict") { Description = "Stop at the first bad entry instead of setting it aside." };
    private readonly ReadingOptions _reading;

    public DataImportVerb()
        : base("import", "Collect structures of many files into one data set; bad entries are set aside with their reasons.",
            "polymorph data import structures/ more.cif --out set.extxyz",
            "polymorph data import mp_20/train.csv --out train.extxyz",
            "zcat all.xyz.gz | polymorph data import - --out set.extxyz")
    {
        Add(_files);
        Add(_out);
        Add(_strict);
        _reading = new ReadingOptions(this);
    }

    /// <inheritdoc/>
    public override ExitCode Run(Invocation call)
    {
        string output = call.Value(_out)!;
        if (!output.EndsWith(".extxyz", StringComparison.OrdinalIgnoreCase) && !output.EndsWith(".extxyz.gz", StringComparison.OrdinalIgnoreCase))
        {
            throw new PolymorphException("PM1003", $"--out expects a file that ends with .extxyz or .extxyz.gz, not '{output}'.", null, "'polymorph data convert' writes other formats.", ExitCode.Usage);
        }

        string quarantine = StructureSetImport.QuarantineOf(output);
        var summary = StructureSetImport.Write(_reading.Entries(call, call.Value(_files)!, call.Value(_strict)), output);
        var document = SummaryReport.ToJson(summary);
        document["out"] = Path.GetFullPath(output);
        document["quarantine"] = Path.GetFullPath(quarantine);
        call.Result("polymorph.data-import/1", document, text =>
        {
            text.WriteLine($"{SummaryReport.Count(summary.Structures, "structure")} in {output}.");
            if (summary.Rejected > 0)
            {
                text.WriteLine($"{SummaryReport.Count(summary.Rejected, "bad entry", "bad entries")} set aside in {quarantine}.");
            }

            if (summary.Duplicates > 0)
            {
                text.WriteLine($"{SummaryReport.Count(summary.Duplicates, "structure is", "structures are")} equal to an earlier one; none was left out.");
            }
        });
        call.Note($"Next: {ProgramName.Text} data inspect {output}");
        return ExitCode.Done;
    }
}
