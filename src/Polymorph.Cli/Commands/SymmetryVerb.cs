using System.CommandLine;
using System.Globalization;
using Polymorph.Cli.Shell;
using Polymorph.Foundation;
using Polymorph.Structures;
using Polymorph.Structures.Formats;
using Polymorph.Structures.Symmetry;

namespace Polymorph.Cli.Commands;

/// <summary>Space groups, Wyckoff letters and standard cells of the frames of a file.</summary>
internal sealed class SymmetryVerb : Verb
{
    private readonly Argument<string> _file = new("FILE") { Description = "A file, a folder, or - for standard input." };
    private readonly Option<double?> _symprec = NumberOption.Of("--symprec", $"Distance within which atoms count as mapped on each other, in angstrom (default {SymmetryFinder.DefaultSymprec.ToString(CultureInfo.InvariantCulture)}).", double.MinValue, double.MaxValue);
    private readonly Option<string?> _out = new("--out") { Description = "Write the standard cells to this file; a refined cell in CIF becomes its asymmetric unit with the operations.", HelpName = "file" };
    private readonly Option<StandardCell> _cell = new("--cell") { Description = "The cell for --out: conventional (atoms as they are), primitive, or refined (conventional without distortions).", HelpName = "conventional|primitive|refined", DefaultValueFactory = _ => StandardCell.Refined };
    private readonly Option<bool> _operations = new("--operations") { Description = "With --json: list the operations on the cell given." };
    private readonly Option<int?> _threads = NumberOption.Of("--threads", "Structures at the same time; by default one per core.", 1, 4096);
    private readonly ReadingOptions _reading;

    public SymmetryVerb()
        : base("symmetry", "Space group, Wyckoff letters and standard cell of every frame of a file.", "polymorph symmetry quartz.cif", "polymorph symmetry set.extxyz --symprec 0.1 --json", "polymorph symmetry POSCAR --out refined.cif")
    {
        Json.Description = "Print one JSON object per line, one line per frame.";
        Add(_file);
        Add(_symprec);
        Add(_out);
        Add(_cell);
        Add(_operations);
        Add(_threads);
        _reading = new ReadingOptions(this);
    }

    /// <inheritdoc/>
    public override ExitCode Run(Invocation call)
    {
        double symprec = call.Value(_symprec) ?? SymmetryFinder.DefaultSymprec;
        SymmetryFinder.CheckTolerance(symprec);
        _ = SymmetryFinder.LibraryVersion;
        var frames = OrderedWork.Each(_reading.Entries(call, [call.Value(_file)!], strict: false), call.Value(_threads) ?? Environment.ProcessorCount,
            entry => SymmetryFrame.Of(entry, symprec, call.Value(_out) is null ? null : call.Value(_cell)), call.Cancellation);
        var tally = new Tally();
        if (!call.IsJson)
        {
            SymmetryFrame.WriteHeader(call.Terminal.Output);
        }

        if (call.Value(_out) is { } output)
        {
            WriteCells(output, Shown(call, frames, tally), call.Value(_cell));
        }
        else
        {
            foreach (var frame in Shown(call, frames, tally))
            {
                _ = frame;
            }
        }

        if (tally.Failed > 0)
        {
            call.Note($"{SummaryReport.Count(tally.Failed, "frame has", "frames have")} no symmetry; {(call.IsJson ? "their lines say" : "the table says")} why.");
        }

        return tally.Failed == 0 ? ExitCode.Done : tally.Failed == tally.All ? ExitCode.InputData : ExitCode.PartlyConverged;
    }

    /// <summary>Prints every frame's line as it passes.</summary>
    private IEnumerable<SymmetryFrame> Shown(Invocation call, IEnumerable<SymmetryFrame> frames, Tally tally)
    {
        foreach (var frame in frames)
        {
            tally.All++;
            tally.Failed += frame.Failure is null ? 0 : 1;
            call.Terminal.Output.WriteLine(call.IsJson ? frame.Line(call.Value(_operations)) : frame.Row());
            yield return frame;
        }
    }

    private static void WriteCells(string output, IEnumerable<SymmetryFrame> frames, StandardCell cell)
    {
        var format = StructureFormats.FromName(output);
        var found = AtLeastOne(frames.Where(f => f.Failure is null), output);
        if (cell == StandardCell.Refined && format == StructureFormat.Cif)
        {
            StructureWriter.WriteSymmetric(output, found.Select(f => f.Symmetry!.AsymmetricUnit));
        }
        else
        {
            StructureWriter.Write(output, found.Select(f => f.Cell!), format);
        }
    }

    private static IEnumerable<SymmetryFrame> AtLeastOne(IEnumerable<SymmetryFrame> frames, string output)
    {
        bool any = false;
        foreach (var frame in frames)
        {
            any = true;
            yield return frame;
        }

        if (!any)
        {
            throw new PolymorphException("PM1005", "there is no structure to write", output, "The lines above say why; an existing file is untouched.");
        }
    }

    private sealed class Tally
    {
        public long All { get; set; }

        public long Failed { get; set; }
    }
}
