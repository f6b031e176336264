using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Polymorph.Cli.Shell;
using Polymorph.Foundation;
using Polymorph.Representations.CrystalImages;
using Polymorph.Selection.Compositions;
using Polymorph.Structures;
using Polymorph.Structures.Formats;
using Polymorph.Studies.CrystalGan;

namespace Polymorph.Cli.Commands;

/// <summary>The options of <c>generate</c> for runs of a Crystal GAN, and what they do.</summary>
internal sealed class CompositionOptions
{
    private readonly Option<string[]> _composition = new("--composition") { Description = "Reduced formula to generate, such as Mg2MnO4: all its cells within the caps in turn. May be repeated.", HelpName = "formula", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string[]> _cell = new("--cell-composition") { Description = "Formula of exactly the cell to generate, such as Mg4Mn2O8. May be repeated.", HelpName = "formula", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string?> _list = new("--compositions") { Description = "A file with one reduced formula per line, such as the output of 'polymorph compositions'.", HelpName = "file" };
    private readonly Option<int?> _maxAtoms = NumberOption.Of("--max-atoms", "Largest number of atoms in a cell that is drawn for a reduced formula, as for 'compositions'.", 1, 100_000);
    private readonly Option<int?> _count = NumberOption.Of("--count", "Crystals of each composition (default 300).", 1, 1_000_000);
    private readonly Option<long?> _maxDraws = NumberOption.Of("--max-draws", "Most draws of each composition (default 100000).", 1L, 1_000_000_000L);
    private readonly Option<bool> _unique = new("--unique") { Description = "Keep one of crystals that the matcher takes for equal." };
    private readonly Option<bool> _novel = new("--novel") { Description = "Drop crystals that the matcher takes for one of the training set." };
    private readonly Option<string> _presence = PrepareCrystalGanVerb.Words("--presence", "What says which rows hold an atom: classifier (default), row-sum, or mask (as many as wanted, the likeliest first).", "classifier", "row-sum", "mask");
    private readonly Option<string> _statistics = PrepareCrystalGanVerb.Words("--batch-statistics", "Means and variances of the generator: running (default), or those of each batch of 64 draws.", "running", "batch");
    private readonly Option<double[]> _volume = new("--volume") { Description = "Smallest and largest volume per atom in cubic angstrom; by default a little beyond the training set's.", HelpName = "low high", Arity = new ArgumentArity(2, 2), AllowMultipleArgumentsPerToken = true };
    private readonly Option<string[]> _distance = new("--pair-distance") { Description = "Smallest distance of a pair of elements in angstrom, such as Mn-O=1.5; by default 0.85 of the training set's. May be repeated.", HelpName = "pair", Arity = ArgumentArity.OneOrMore };
    private readonly Option<uint?> _series = NumberOption.Of("--series", "Which series of draws (default 0); another one gives other crystals.", 0u, (uint)int.MaxValue);
    private readonly Option<int?> _refine = NumberOption.Of("--refine", "Steps of refinement of each draw by the critic (default 300 where it reads distances, preset polymorph; 0 for none).", 0, 100_000);
    private readonly Option<int?> _bestOf = NumberOption.Of("--best-of", "One of so many sound, new draws is kept: those of the lowest predicted energy (default 5 where the training structures had energies above the hull, else 1).", 1, 1000);
    private readonly Option<string> _format = PrepareCrystalGanVerb.Words("--to", "Format of files in the run folder.", "extxyz", "cif");
    private readonly Option<string?> _out = new("--out") { Description = "One file for everything; its name tells the format (.extxyz, .cif, .jsonl).", HelpName = "file" };
    private readonly Option[] _all;

    /// <summary>Adds the options to a verb.</summary>
    /// <param name="verb">The verb.</param>
    public CompositionOptions(Command verb)
    {
        _count.Aliases.Add("-n");
        _all = [_composition, _cell, _list, _maxAtoms, _count, _maxDraws, _unique, _novel, _presence, _statistics, _volume, _distance, _series, _refine, _bestOf, _format, _out];
        foreach (var option in _all)
        {
            verb.Add(option);
        }
    }

    /// <summary>The first of these options that the user gave, or null.</summary>
    /// <param name="call">The call.</param>
    public string? Given(Invocation call) => _all.FirstOrDefault(call.IsGiven)?.Name;

    /// <summary>Generates and prints what came of it.</summary>
    /// <param name="call">The call.</param>
    /// <param name="run">The run folder.</param>
    /// <param name="threads">Threads, or null.</param>
    public ExitCode Generate(Invocation call, string run, int? threads)
    {
        var outcomes = ProgressDisplay.Run(call.Terminal, observer =>
        {
            using var session = CrystalGanSession.Continue(run);
            return CrystalGanGenerateStage.Run(session, Request(call, session.Data, threads), observer, call.Cancellation);
        });
        int count = call.Value(_count) ?? 300;
        var document = new JsonObject { ["run"] = Path.GetFullPath(run), ["wanted"] = count, ["compositions"] = CrystalGanGenerateStage.Json(outcomes) };
        call.Result("polymorph.generate-crystal-gan/1", document, output =>
        {
            foreach (var outcome in outcomes)
            {
                Write(output, outcome, count);
            }
        });
        return outcomes.All(o => o.Found >= count) ? ExitCode.Done : outcomes.Any(o => o.Found > 0) ? ExitCode.PartlyConverged : ExitCode.NothingSurvived;
    }

    private static void Write(TextWriter output, CompositionOutcome outcome, int wanted)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{outcome.Name}: {outcome.Found} of {wanted} crystals in {outcome.Funnel.Generated:N0} draws of {string.Join(", ", outcome.Cells)}; {100 * outcome.Acceptance:0.##} % of the draws are sound{(outcome.Found > 0 ? $"; {outcome.File}" : "")}"));
        foreach (var row in outcome.Funnel.Rows().Where(r => r.Entered > r.Survived))
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {Selection.Funnel.Title(row.Stage),-12} {row.Survived,9:N0} of {row.Entered:N0}; lost: {string.Join(", ", row.Losses.Select(l => $"{Selection.LossReasons.Code(l.Reason)} {l.Count}"))}{(row.Pairs.Count > 0 ? $" ({string.Join(", ", row.Pairs.Take(4).Select(p => $"{p.Pair} {p.Count}"))})" : "")}"));
        }

        if (outcome.Found < wanted)
        {
            output.WriteLine("  Not enough: train longer, allow more draws (--max-draws), or loosen the filter that takes most.");
        }
    }

    private CrystalGanRequest Request(Invocation call, PreparedSet data, int? threads)
    {
        var compositions = new List<WantedComposition>();
        compositions.AddRange((call.Value(_composition) ?? []).SelectMany(c => c.Split(',')).Select(c => WantedComposition.OfFormula(c.Trim(), data.Layout)));
        compositions.AddRange((call.Value(_cell) ?? []).SelectMany(c => c.Split(',')).Select(c => WantedComposition.OfCell(c.Trim(), data.Layout)));
        if (call.Value(_list) is { } list)
        {
            compositions.AddRange(WantedComposition.ReadList(list).Select(c => WantedComposition.OfFormula(c, data.Layout)));
        }

        if (compositions.Count == 0)
        {
            throw new PolymorphException("PM1012", "this run holds a Crystal GAN, which needs to be told the composition.", null,
                "Name it: --composition Mg2MnO4; 'polymorph compositions RUN --oxidation-state Mn=2..4' lists what can be asked for.", ExitCode.Usage);
        }

        if (call.Value(_maxAtoms) is { } most)
        {
            compositions = compositions.ConvertAll(c => c with { Cells = [.. c.Cells.Where(cell => cell.Sum() <= most)] });
            if (compositions.Find(c => c.Cells.IsEmpty) is { } empty)
            {
                throw new PolymorphException("PM1003", $"no cell of {empty.Formula} has at most {most} atoms.", null, "Raise --max-atoms or leave the composition out.", ExitCode.Usage);
            }
        }

        string? output = call.Value(_out);
        if (output is not null && StructureFormats.FromName(output) is not (StructureFormat.ExtendedXyz or StructureFormat.Cif or StructureFormat.JsonLines))
        {
            throw new PolymorphException("PM1013", $"'{output}' cannot hold the crystals.", null, "End the name with .extxyz, .cif or .jsonl.", ExitCode.Usage);
        }

        return new CrystalGanRequest
        {
            Compositions = [.. compositions.DistinctBy(c => c.Name)],
            Count = call.Value(_count) ?? 300,
            MaxDraws = call.Value(_maxDraws) ?? 100_000,
            Presence = call.Value(_presence) switch { "row-sum" => PresenceRule.RowSum, "mask" => PresenceRule.Mask, _ => PresenceRule.Classifier },
            Unique = call.Value(_unique),
            Novel = call.Value(_novel),
            Limits = Limits(call, data.Layout),
            RunningStatistics = call.Value(_statistics) != "batch",
            Series = call.Value(_series) ?? 0,
            RefinementSteps = call.Value(_refine),
            Candidates = call.Value(_bestOf),
            Output = output,
            Cif = call.Value(_format) == "cif",
            Threads = threads,
        };
    }

    private Func<SampleLimits, SampleLimits> Limits(Invocation call, CrystalImageLayout layout)
    {
        double[] volume = call.Value(_volume) ?? [];
        if (volume.Length == 2 && !(volume[0] > 0 && volume[0] < volume[1] && double.IsFinite(volume[1])))
        {
            throw new PolymorphException("PM1003", "--volume expects a smaller and a larger volume.", null, "For example --volume 7 30.", ExitCode.Usage);
        }

        var distances = (call.Value(_distance) ?? []).SelectMany(d => d.Split(',')).Select(Pair).ToImmutableArray();
        foreach (var element in distances.SelectMany(d => new[] { d.Key.Item1, d.Key.Item2 }).Where(e => layout.Blocks.All(b => b.Element != e)))
        {
            throw new PolymorphException("PM1003", $"--pair-distance names {element.Symbol}, which this model does not have.", null, $"Its elements and caps are {layout}.", ExitCode.Usage);
        }

        return limits => new SampleLimits(
            volume.Length == 2 ? limits.Cell with { SmallestVolumePerAtom = volume[0], LargestVolumePerAtom = volume[1] } : limits.Cell,
            limits.Geometry with { MinimumDistances = limits.Geometry.MinimumDistances.SetItems(distances) });
    }

    private static KeyValuePair<(Element, Element), double> Pair(string text)
    {
        string[] parts = text.Split('-', '=');
        return parts.Length == 3 && Element.TryParse(parts[0].AsSpan().Trim(), out var a) && Element.TryParse(parts[1].AsSpan().Trim(), out var b)
            && double.TryParse(parts[2], NumberStyles.Float, CultureInfo.InvariantCulture, out double distance) && distance is >= 0 and <= 20
            ? KeyValuePair.Create(GeometryStatistics.Pair(a, b), distance)
            : throw new PolymorphException("PM1003", $"--pair-distance expects a pair with a distance, not '{text}'.", null, "For example --pair-distance Mn-O=1.5.", ExitCode.Usage);
    }
}
