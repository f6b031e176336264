using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Polymorph.Cli.Shell;
using Polymorph.Foundation;
using Polymorph.Structures;
using Polymorph.Structures.Formats;
using Polymorph.Structures.Symmetry;

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
    private readonly Option<bool> _symmetry = new("--symmetry") { Description = "Write CIF as the asymmetric unit of the refined cell with the operations of its space group." };
    private readonly Option<double?> _symprec = NumberOption.Of("--symprec", $"Tolerance of --symmetry in angstrom (default {SymmetryFinder.DefaultSymprec.ToString(CultureInfo.InvariantCulture)}); implies it.", double.MinValue, double.MaxValue);
    private readonly ReadingOptions _reading;

    public DataConvertVerb()
        : base("convert", "Write structures in another format; an existing file is only replaced when everything went well.",
            "polymorph data convert POSCAR quartz.cif", "polymorph data convert set.extxyz set.cif --skip-bad",
            "polymorph data convert relaxed.extxyz relaxed.jsonl", "polymorph data convert relaxed.extxyz table.csv",
            "polymorph data convert set.extxyz set.cif --symprec 0.1")
    {
        Add(_from);
        Add(_output);
        Add(_to);
        Add(_skip);
        Add(_symmetry);
        Add(_symprec);
        _reading = new ReadingOptions(this);
    }

    /// <inheritdoc/>
    public override ExitCode Run(Invocation call)
    {
        string from = call.Value(_from)!, output = call.Value(_output)!;
        var format = ReadingOptions.Format(call.Value(_to)) ?? (output == "-" ? StructureFormat.ExtendedXyz : StructureFormats.FromName(output));
        SortedSet<string> lost = new(StringComparer.Ordinal), tables = new(StringComparer.Ordinal);
        long written = 0, skipped = 0;
        bool symmetric = call.Value(_symmetry) || call.IsGiven(_symprec);
        double symprec = call.Value(_symprec) ?? SymmetryFinder.DefaultSymprec;
        if (symmetric)
        {
            RefuseSymmetry(format, symprec);
        }

        var structures = Structures();
        if (symmetric && output == "-")
        {
            long index = 0;
            foreach (var unit in Units(structures))
            {
                StructureWriter.WriteSymmetric(call.Terminal.Output, unit, index++);
            }
        }
        else if (symmetric)
        {
            StructureWriter.WriteSymmetric(output, Units(structures));
        }
        else if (output == "-")
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

        IEnumerable<AsymmetricUnit> Units(IEnumerable<Structure> crystals)
        {
            bool skip = call.Value(_skip);
            foreach (var (unit, problem) in OrderedWork.Each(crystals, Environment.ProcessorCount, c => Unit(c, symprec, skip), call.Cancellation))
            {
                if (unit is not null)
                {
                    yield return unit;
                    continue;
                }

                written--;
                skipped++;
                call.Note(problem!);
            }

            if (written == 0)
            {
                throw new PolymorphException("PM1005", "there is no structure to write", from, "The messages above say why; an existing file is untouched.");
            }
        }

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

    private static void RefuseSymmetry(StructureFormat? format, double symprec)
    {
        if (format != StructureFormat.Cif)
        {
            throw new PolymorphException("PM1017", "only CIF has a place for symmetry operations", null,
                "Write a .cif file, or leave --symmetry and --symprec out; 'polymorph symmetry' writes standard cells in any format.", ExitCode.Usage);
        }

        SymmetryFinder.CheckTolerance(symprec);
        _ = SymmetryFinder.LibraryVersion;
    }

    private static (AsymmetricUnit? Unit, string? Problem) Unit(Structure crystal, double symprec, bool skip)
    {
        try
        {
            return (SymmetryFinder.Find(crystal, symprec).AsymmetricUnit, null);
        }
        catch (PolymorphException e) when (skip && e.ExitCode == ExitCode.InputData)
        {
            return (null, e.Message);
        }
    }
}
