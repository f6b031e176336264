using System.CommandLine;
using System.Text.Json.Nodes;
using Polymorph.Cli.Shell;
using Polymorph.Foundation;
using Polymorph.Structures;
using Polymorph.Structures.Formats;

namespace Polymorph.Cli.Commands;

/// <summary>Writes structures in another format.</summary>
internal sealed class DataConvertVerb : Verb
{
    // What readers add by themselves is no loss worth a warning.
    private static readonly string[] Incidental = ["comment", "data_block", "label", "move_mask", "source"];

    private readonly Argument<string> _from = new("FROM") { Description = "A file, a folder, or - for standard input." };
    private readonly Argument<string> _output = new("TO") { Description = "The file to write, or - for standard output." };
    private readonly Option<string?> _to = new("--to") { Description = $"Format to write ({ReadingOptions.WrittenFormatNames}); told by the name when left out.", HelpName = "name" };
    private readonly Option<bool> _skip = new("--skip-bad") { Description = "Leave bad entries out instead of stopping at the first." };
    private readonly ReadingOptions _reading;

    public DataConvertVerb()
        : base("convert", "Write structures in another format; an existing file is only replaced when everything went well.",
            "polymorph data convert POSCAR quartz.cif", "polymorph data convert set.extxyz set.cif --skip-bad",
            "polymorph data convert relaxed.extxyz relaxed.jsonl", "polymorph data convert relaxed.extxyz table.csv")
    {
        Add(_from);
        Add(_output);
        Add(_to);
        Add(_skip);
        _reading = new ReadingOptions(this);
    }

    /// <inheritdoc/>
    public override ExitCode Run(Invocation call)
    {
        string from = call.Value(_from)!, output = call.Value(_output)!;
        var format = ReadingOptions.Format(call.Value(_to)) ?? (output == "-" ? StructureFormat.ExtendedXyz : StructureFormats.FromName(output));
        SortedSet<string> lost = new(StringComparer.Ordinal), tables = new(StringComparer.Ordinal);
        long written = 0, skipped = 0;
        var structures = Structures();
        if (output == "-")
        {
            StructureWriter.Write(call.Terminal.Output, structures, format!.Value);
        }
        else
        {
            StructureWriter.Write(output, structures, format);
        }

        if (format == StructureFormat.Csv)
        {
            lost.RemoveWhere(name => !tables.Contains(name));
            lost.Add("positions");
        }

        if (lost.Count > 0 && format is not (StructureFormat.ExtendedXyz or StructureFormat.JsonLines))
        {
            call.Note($"Not kept, because {format!.Value.Title()} has no place for them: {string.Join(", ", lost)}.");
        }

        if (output != "-")
        {
            var document = new JsonObject { ["out"] = Path.GetFullPath(output), ["structures"] = written, ["skipped"] = skipped };
            call.Result("polymorph.data-convert/1", document, text => text.WriteLine($"{SummaryReport.Count(written, "structure")} in {output}."));
        }

        return ExitCode.Done;

        IEnumerable<Structure> Structures()
        {
            foreach (var (structure, rejection) in _reading.Entries(call, [from], strict: !call.Value(_skip)))
            {
                if (structure is null)
                {
                    skipped++;
                    call.Note(rejection!.ToString());
                    continue;
                }

                written++;
                tables.UnionWith(structure.AtomProperties.Keys.Except(Incidental));
                lost.UnionWith(structure.Properties.Keys.Concat(structure.AtomProperties.Keys).Except(Incidental));
                yield return structure;
            }

            if (written == 0)
            {
                throw new PolymorphException("PM1005", "there is no structure to write", from, "The messages above say why; an existing file is untouched.");
            }
        }
    }
}
