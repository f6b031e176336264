using System.CommandLine;
using System.Text;
using Polymorph.Cli.Shell;
using Polymorph.Foundation;
using Polymorph.Representations.Curves;
using Polymorph.Structures.Bonds;

namespace Polymorph.Cli.Commands;

/// <summary>Powder patterns, radial distributions, coordination numbers, bonds and angles of the frames of a file.</summary>
internal sealed class CurveVerb : Verb
{
    private const string Header = "id,label,x,y";

    private readonly Argument<string> _file = new("FILE") { Description = "A file, a folder, or - for standard input." };
    private readonly Option<CurveKind> _kind = ChoiceOption.Of("--kind", "Which curve.", CurveKind.Xrd,
        ("xrd", CurveKind.Xrd), ("rdf", CurveKind.Rdf), ("coordination", CurveKind.Coordination), ("bonds", CurveKind.Bonds), ("angles", CurveKind.Angles));
    private readonly Option<string?> _out = new("--out") { Description = "Write the rows to this CSV file instead of standard output.", HelpName = "file" };
    private readonly Option<double?> _wavelength = NumberOption.Of("--wavelength", "Wavelength of xrd, in angstrom (default 1.54184, copper).", 0.1, 10.0);
    private readonly Option<double?> _from = NumberOption.Of("--from", "Smallest angle 2 theta of xrd, in degrees (default 0).", 0.0, 180.0);
    private readonly Option<double?> _to = NumberOption.Of("--to", "Largest angle 2 theta of xrd, in degrees (default 90).", 0.0, 180.0);
    private readonly Option<double?> _range = NumberOption.Of("--range", "Largest distance of rdf, in angstrom (default 10).", 0.1, 100.0);
    private readonly Option<double?> _step = NumberOption.Of("--step", "Width of a bin, in angstrom or degrees (default: rdf 0.05, bonds 0.02, angles 2).", 1e-3, 90.0);
    private readonly Option<double?> _factor = NumberOption.Of("--bond-factor", "Atoms nearer than this times the sum of their covalent radii are bonded (default 1.3).", 0.5, 3.0);
    private readonly Option<int?> _threads = NumberOption.Of("--threads", "Structures at the same time; by default one per core.", 1, 4096);
    private readonly ReadingOptions _reading;

    public CurveVerb()
        : base("curve", "Powder pattern, radial distribution, coordination numbers, bonds or angles of every frame of a file.",
            "polymorph curve quartz.cif --kind xrd", "polymorph curve set.extxyz --kind rdf --json", "polymorph curve set.extxyz --kind angles --out angles.csv")
    {
        Json.Description = "Print one JSON object per line, one line per frame.";
        Add(_file);
        _kind.Required = true;
        Add(_kind);
        Add(_out);
        Add(_wavelength);
        Add(_from);
        Add(_to);
        Add(_range);
        Add(_step);
        Add(_factor);
        Add(_threads);
        _reading = new ReadingOptions(this);
    }

    /// <inheritdoc/>
    public override ExitCode Run(Invocation call)
    {
        var settings = Settings(call);
        var frames = OrderedWork.Each(_reading.Entries(call, [call.Value(_file)!], strict: false), call.Value(_threads) ?? Environment.ProcessorCount,
            entry => CurveFrame.Of(entry, settings), call.Cancellation);
        long all = 0, failed = 0;
        if (call.Value(_out) is { } output)
        {
            AtomicFile.Write(output, stream =>
            {
                using var writer = new StreamWriter(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true);
                WriteRows(writer);
            });
        }
        else if (call.IsJson)
        {
            foreach (var frame in Counted())
            {
                call.Terminal.Output.WriteLine(frame.Json);
            }
        }
        else
        {
            WriteRows(call.Terminal.Output);
        }

        if (failed > 0)
        {
            call.Note($"{SummaryReport.Count(failed, "frame has", "frames have")} no curve.");
        }

        return failed == 0 ? ExitCode.Done : failed == all ? ExitCode.InputData : ExitCode.PartlyConverged;

        void WriteRows(TextWriter writer)
        {
            writer.Write(Header);
            writer.Write('\n');
            foreach (var frame in Counted())
            {
                foreach (string row in frame.Rows)
                {
                    writer.Write(row);
                    writer.Write('\n');
                }

                if (call.IsJson)
                {
                    call.Terminal.Output.WriteLine(frame.Json);
                }
            }

            if (call.Value(_out) is { } file && failed == all)
            {
                throw new PolymorphException("PM1005", "there is no structure to write a curve of", file, "The messages above say why; an existing file is untouched.");
            }
        }

        IEnumerable<CurveFrame> Counted()
        {
            foreach (var frame in frames)
            {
                all++;
                if (frame.Failure is { } failure)
                {
                    failed++;
                    call.Note(failure);
                }

                yield return frame;
            }
        }
    }

    private CurveSettings Settings(Invocation call)
    {
        var pattern = new PowderPatternOptions
        {
            Wavelength = call.Value(_wavelength) ?? PowderPatternOptions.CopperKAlpha,
            SmallestTwoTheta = call.Value(_from) ?? 0,
            LargestTwoTheta = call.Value(_to) ?? 90,
        };
        double range = call.Value(_range) ?? 10;
        if (pattern.SmallestTwoTheta >= pattern.LargestTwoTheta || call.Value(_step) > range && call.Value(_kind) == CurveKind.Rdf)
        {
            throw new PolymorphException("PM1003", "the range is empty", null, "--from must lie below --to, and --step within --range.", ExitCode.Usage);
        }

        return new CurveSettings(call.Value(_kind), pattern, new BondRule { Factor = call.Value(_factor) ?? BondRule.Default.Factor }, range, call.Value(_step))
        {
            WantsJson = call.IsJson,
            WantsRows = !call.IsJson || call.Value(_out) is not null,
        };
    }
}
