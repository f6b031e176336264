using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json.Nodes;
using Polymorph.Cli.Shell;
using Polymorph.Foundation;
using Polymorph.Screening.Entries;
using Polymorph.Screening.Hull;

namespace Polymorph.Cli.Commands;

/// <summary>Energies above the convex hull.</summary>
internal sealed class HullVerb : Verb
{
    private readonly Argument<string> _entries = new("ENTRIES") { Description = "Phases: CSV with the columns id, formula, energy_eV (total for the formula as written) and perhaps method; JSON with the same fields; structure files whose property 'energy' is set; or - for CSV on standard input." };
    private readonly Option<string?> _reference = new("--reference") { Description = "Known phases, in any of these forms; without it, the entries are measured against each other.", HelpName = "file" };
    private readonly Option<EnergyUnit> _energies = new("--energies") { Description = "What the energies stand for; by default total, refused where they look like energies per atom.", HelpName = "total|per-atom", CustomParser = ParseUnit };

    public HullVerb()
        : base("hull", "Energy above the convex hull, formation energy and decomposition of every entry.",
            "polymorph hull entries.csv", "polymorph hull candidates.csv --reference known.csv --json")
    {
        Json.Description = "Print one JSON object per line, one line per entry.";
        Add(_entries);
        Add(_reference);
        Add(_energies);
    }

    /// <inheritdoc/>
    public override ExitCode Run(Invocation call)
    {
        var entries = HullEntryFile.Read(call.Value(_entries)!, call.Value(_energies));
        string? known = call.Value(_reference);
        var set = known is null ? new ReferenceSet(entries) : new ReferenceSet(HullEntryFile.Read(known, call.Value(_energies)));
        if (known is not null && entries.FirstOrDefault(e => e.Method != set.Method && (e.Method is null || set.Method is null)) is { } silent)
        {
            call.Note($"method of {silent.Id}: {silent.Method ?? "not named"}; of {known}: {set.Method ?? "not named"}. Energies of different methods must not be compared: name both methods to have it checked.");
        }

        var hull = new ConvexHull(set);
        if (!call.IsJson)
        {
            call.Terminal.Output.WriteLine($"{"id",-24}  {"formula",-18}  {"above eV/atom",13}  {"formation",10}  decomposition");
        }

        foreach (var entry in entries)
        {
            call.Cancellation.ThrowIfCancellationRequested();
            var standing = hull.Of(entry);
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

    private static EnergyUnit ParseUnit(ArgumentResult result)
    {
        switch (result.Tokens[0].Value)
        {
            case "total":
                return EnergyUnit.Total;
            case "per-atom":
                return EnergyUnit.PerAtom;
            default:
                result.AddError($"--energies expects total or per-atom, not '{result.Tokens[0].Value}'.");
                return default;
        }
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
