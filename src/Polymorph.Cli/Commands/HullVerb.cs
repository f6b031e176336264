using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Polymorph.Cli.Shell;
using Polymorph.Foundation;
using Polymorph.Screening.Drawings;
using Polymorph.Screening.Entries;
using Polymorph.Screening.Hull;
using Polymorph.Structures;

namespace Polymorph.Cli.Commands;

/// <summary>Energies above the convex hull.</summary>
internal sealed class HullVerb : Verb
{
    private readonly Argument<string> _entries = new("ENTRIES") { Description = "Phases: CSV with the columns id, formula, energy_eV (total for the formula as written) and perhaps method; JSON with the same fields; structure files whose property 'energy' is set; or - for CSV on standard input." };
    private readonly Option<string?> _reference = new("--reference") { Description = "Known phases, in any of these forms; without it, the entries are measured against each other.", HelpName = "file" };
    private readonly Option<EnergyUnit> _energies = ChoiceOption.Of("--energies", "What the energies stand for; by default total, refused where they look like energies per atom.", EnergyUnit.Detect, ("total", EnergyUnit.Total), ("per-atom", EnergyUnit.PerAtom));

    private readonly Option<string?> _svg = new("--svg") { Description = "Draw the hull of two or three elements to this SVG file.", HelpName = "file" };
    private readonly Option<string?> _system = new("--system") { Description = "The elements to draw; by default all.", HelpName = "Mg-Mn-O" };
    private readonly Option<string?> _histogram = new("--histogram") { Description = "Draw a histogram of the energies above the hull to this SVG file.", HelpName = "file" };

    public HullVerb()
        : base("hull", "Energy above the convex hull, formation energy and decomposition of every entry.",
            "polymorph hull entries.csv", "polymorph hull candidates.csv --reference known.csv --json")
    {
        Json.Description = "Print one JSON object per line, one line per entry.";
        Add(_entries);
        Add(_reference);
        Add(_energies);
        Add(_svg);
        Add(_system);
        Add(_histogram);
    }

    /// <inheritdoc/>
    public override ExitCode Run(Invocation call)
    {
        if (call.IsGiven(_system) && call.Value(_svg) is null)
        {
            throw new PolymorphException("PM1003", "--system names what --svg draws, and nothing is to be drawn.", null, "Add --svg hull.svg, or leave --system out.", ExitCode.Usage);
        }

        string? known = call.Value(_reference);
        OutputFiles.RequireApart([call.Value(_entries), known], [call.Value(_svg), call.Value(_histogram)]);
        var unit = call.Value(_energies);
        var references = known is null ? null : HullEntryFile.Read(known, unit);
        var entries = HullEntryFile.Read(call.Value(_entries)!, unit, references, out var verdict);
        var set = new ReferenceSet(references ?? entries);
        set.RequireOtherIds(entries);
        if (verdict == EnergyUnitVerdict.Unknown)
        {
            call.Note("Whether the energies are totals for the formulas as written, as they are taken, cannot be told from so few entries: --energies total or --energies per-atom says it.");
        }

        if (known is not null && entries.FirstOrDefault(e => e.Method != set.Method && (e.Method is null || set.Method is null)) is { } silent)
        {
            call.Note($"method of {silent.Id}: {silent.Method ?? "not named"}; of {known}: {set.Method ?? "not named"}. Energies of different methods must not be compared: name both methods to have it checked.");
        }

        // Whatever may be wrong is found before the first row is printed.
        var hull = new ConvexHull(set);
        var elements = call.Value(_svg) is null ? [] : Elements(call, entries.Concat(set.Entries));
        var standings = new List<HullStanding>();
        foreach (var entry in entries)
        {
            call.Cancellation.ThrowIfCancellationRequested();
            standings.Add(hull.Of(entry));
        }

        if (call.Value(_svg) is { } drawing)
        {
            AtomicFile.WriteText(drawing, HullDrawing.Of(hull, elements, known is null ? null : entries));
        }

        if (call.Value(_histogram) is { } histogram)
        {
            AtomicFile.WriteText(histogram, HistogramDrawing.Of(standings));
        }

        if (!call.IsJson)
        {
            call.Terminal.Output.WriteLine($"{"id",-24}  {"formula",-18}  {"above eV/atom",13}  {"formation",10}  decomposition");
        }

        foreach (var standing in standings)
        {
            call.Cancellation.ThrowIfCancellationRequested();
            if (call.IsJson)
            {
                call.Line(Document(standing));
            }
            else
            {
                call.Terminal.Output.WriteLine(Row(standing));
            }
        }

        return ExitCode.Done;
    }

    private ImmutableArray<Element> Elements(Invocation call, IEnumerable<HullEntry> entries)
    {
        if (call.Value(_system) is not { } words)
        {
            return [.. entries.SelectMany(e => e.Composition.Elements).Distinct().Order()];
        }

        return [.. words.Split('-').Select(word => Element.TryParse(word, out var element) ? element
            : throw new PolymorphException("PM1003", $"'{word}' of --system is not a chemical element.", null, "Write symbols with dashes between them, such as Mg-Mn-O.", ExitCode.Usage)).Distinct()];
    }

    private static string Row(HullStanding s)
    {
        string products = s.IsStable && s.Hull.Decomposition is [var only] && only.Entry == s.Entry ? "stable" : ReactionText.Of(s);
        string degenerate = s.Hull.IsDegenerate ? " (degenerate: others have the same energy)" : "";
        // Rounding must not print -0.000000 for a phase on the hull.
        double above = Math.Abs(s.EnergyAboveHullEVPerAtom) < HullStanding.StableWithin ? 0 : s.EnergyAboveHullEVPerAtom;
        return string.Create(CultureInfo.InvariantCulture, $"{s.Entry.Id,-24}  {s.Entry.Composition.Formula,-18}  {above,13:F6}  {s.FormationEnergyEVPerAtom,10:F6}  {products}{degenerate}");
    }

    private static JsonObject Document(HullStanding s) => new()
    {
        ["id"] = s.Entry.Id,
        ["formula"] = s.Entry.Composition.Formula,
        ["energyAboveHullEVPerAtom"] = s.EnergyAboveHullEVPerAtom,
        ["formationEnergyEVPerAtom"] = s.FormationEnergyEVPerAtom,
        ["decomposition"] = new JsonObject(s.Hull.Decomposition.Select(p => KeyValuePair.Create(p.Entry.Id, (JsonNode?)p.Fraction))),
        ["degenerate"] = s.Hull.IsDegenerate,
        ["phaseSeparationEnergyEVPerAtom"] = s.PhaseSeparationEnergyEVPerAtom,
        ["stable"] = s.IsStable,
        ["reaction"] = ReactionText.Of(s),
        ["method"] = s.Entry.Method,
    };
}
