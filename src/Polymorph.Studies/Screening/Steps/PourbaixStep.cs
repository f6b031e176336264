using System.Globalization;
using System.Text.Json.Nodes;
using Polymorph.Foundation;
using Polymorph.Screening.Corrections;
using Polymorph.Screening.Entries;
using Polymorph.Screening.Pourbaix;
using Polymorph.Studies.Runs;

namespace Polymorph.Studies.Screening.Steps;

/// <summary>The smallest decomposition energy in water over a range of pH at one potential against RHE, eV/atom.</summary>
/// <param name="settings">What the recipe says.</param>
/// <remarks>The candidate's free energy of formation counts from energies of the elements that are fitted to the measured solids of the data set, or from the elements among the references (at 0 K, without
/// correction), or it is a property of its own. Without a file of ions the values stay unknown, and that is said.</remarks>
internal sealed class PourbaixStep(StepSettings settings) : ScreeningStep(settings)
{
    private const string Property = "property:", OfHull = "hull", Fitted = "fitted";
    private const double StudyPotential = 1.5, StudyStep = 0.5;

    private readonly Dictionary<string, FittedElements?> _fits = new(StringComparer.Ordinal);
    private PourbaixEntryFile? _file;

    private string Source => Settings.Values.Text(ScreeningKeys.StepMethod) ?? OfHull;

    private double Potential => Settings.Values.Real(ScreeningKeys.Potential) ?? StudyPotential;

    private double PHStep => Settings.Values.Real(ScreeningKeys.PHStep) ?? StudyStep;

    private (double From, double To) PH => Settings.Values.Reals(ScreeningKeys.PH) is [var from, var to] ? (from, to) : (0, 14);

    private PourbaixOptions Options => new()
    {
        Concentration = Settings.Values.Real(ScreeningKeys.Concentration) ?? _file?.Concentration ?? 1e-6,
        FilterSolids = Settings.Values.Switch(ScreeningKeys.FilterSolids) ?? _file?.FilterSolids ?? true,
    };

    /// <inheritdoc/>
    public override string Method => Settings.Values.Text(ScreeningKeys.Species) is not { } species ? "no data set of ions and solids is named: values stay unknown"
        : string.Create(CultureInfo.InvariantCulture,
            $"{Path.GetFileName(species)} (sha256 {FileHash.Of(species)}), {Potential} V against RHE, pH {PH.From} to {PH.To} in steps of {PHStep}, {Options.Concentration:0.###e-0} mol/kg, solids {(Options.FilterSolids ? "filtered" : "not filtered")}, formation energies from {(Source == OfHull ? "the elements among the references, uncorrected" : Source == Fitted ? $"elements fitted to the measured solids{string.Concat(_fits.Values.OfType<FittedElements>().Select(f => string.Create(CultureInfo.InvariantCulture, $" ({f.Compounds} compounds, residual {f.ResidualEVPerAtom:F4} eV/atom)")))}" : Source)}");

    /// <inheritdoc/>
    public override void Prepare(ScreeningContext context)
    {
        if (Source is not (OfHull or Fitted) && !Source.StartsWith(Property, StringComparison.Ordinal))
        {
            throw ScreeningKeys.StepMethod.Wrong(Source, Settings.Values.Place(ScreeningKeys.StepMethod), "'fitted', 'hull' or 'property:NAME'");
        }

        Electrochemistry.RequirePH(PH.From, 0, 14);
        Electrochemistry.RequirePH(PH.To, 0, 14);
        if (PH.From > PH.To)
        {
            throw ScreeningKeys.PH.Wrong(string.Create(CultureInfo.InvariantCulture, $"{PH.From}, {PH.To}"), Settings.Values.Place(ScreeningKeys.PH), "the lowest pH first");
        }

        _file = Settings.Values.Text(ScreeningKeys.Species) is { } path ? PourbaixEntryFile.Read(path) : null;
        if (_file is null)
        {
            context.Observer.Note($"{Settings.Name}: no file of ions and solids is named under 'species', so every value stays unknown.");
        }
        else if (Source == OfHull)
        {
            HullStandings.Prepare(context);
        }
        else if (Source == Fitted && context.References.Phases.Count == 0)
        {
            throw new PolymorphException("PM7401", "energies of the elements are to be fitted, and the recipe has no references", Settings.Place, "Give files with energies of the measured solids under 'references:'.", ExitCode.Usage);
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<StepValue> Evaluate(IReadOnlyList<ScreeningCandidate> candidates, ScreeningContext context)
    {
        if (_file is null)
        {
            return [.. candidates.Select(_ => StepValue.Unknown("no-species", "the recipe names no data set of ions and solids"))];
        }

        if (Source == OfHull)
        {
            HullStandings.Find(candidates, context, Settings.Name);
        }

        foreach (var candidate in candidates.Where(c => Source == Fitted && c.EnergyEV is not null).DistinctBy(c => c.Method))
        {
            Fit(candidate, context);
        }

        return Each(candidates, context, Value);
    }

    // The measured solids that are among the references of a method.
    private void Fit(ScreeningCandidate candidate, ScreeningContext context)
    {
        string method = candidate.Method ?? "";
        if (!_fits.TryGetValue(method, out var fit))
        {
            _fits[method] = fit = FittedElements.Of(context.References.EntriesOf(candidate.Method), _file!.Entries.Where(e => !e.IsIon).Select(e => (e.Composition, e.FormationEnergyEV)));
            context.Observer.Note(fit is null ? $"{Settings.Name}: the references hold too few of the measured solids to fit their elements, so values stay unknown."
                : string.Create(CultureInfo.InvariantCulture, $"{Settings.Name}: {string.Join(", ", fit.Elements)} fitted to {fit.Compounds} measured solids; residual {fit.ResidualEVPerAtom:F4} eV/atom."));
        }
    }

    private StepValue Value(ScreeningCandidate candidate)
    {
        var fit = Source == Fitted ? _fits.GetValueOrDefault(candidate.Method ?? "") : null;
        double? formation = Source switch
        {
            OfHull => candidate.Standing?.FormationEnergyEVPerAtom * candidate.Composition.Total,
            Fitted => candidate.Entry is { } computed ? fit?.FormationEnergyEV(candidate.Composition, computed.EnergyEV) : null,
            _ => PropertyGap.Number(candidate, Source[Property.Length..]),
        };
        if (formation is not { } energy)
        {
            return StepValue.Unknown("no-formation-energy", candidate.EnergyEV is null ? "it has no energy" : $"not from {Source}");
        }

        var entry = new PourbaixEntry("candidate " + candidate.Id, candidate.Composition.ReducedFormula + "(s)", candidate.Composition, energy, IsIon: false);
        if (entry.Metals <= 0)
        {
            return StepValue.Unknown("no-metal", "it holds hydrogen and oxygen only");
        }

        PourbaixDiagram diagram;
        try
        {
            diagram = new PourbaixDiagram([.. _file!.Entries, entry], entry.MetalRatio, Options);
        }
        catch (PolymorphException e)
        {
            // A metal without its pure solid, or without any species.
            return StepValue.Unknown("no-species", e.Reason);
        }

        if (entry.MetalElements.Where(m => !_file.Entries.Any(e => e.IsIon && e.Composition[m] > 0)).ToList() is [var metal, ..])
        {
            return StepValue.Unknown("no-species", $"the data set has no ion of {metal}");
        }

        var minimum = diagram.MinimumAgainstRhe(entry, Potential, PHStep, PH.From, PH.To);
        candidate.Water = (diagram, entry);
        candidate.Fields["pourbaix"] = new JsonObject
        {
            ["minimumEVPerAtom"] = minimum.MinimumEVPerAtom,
            ["pH"] = minimum.PH,
            ["exactMinimumEVPerAtom"] = minimum.ExactMinimumEVPerAtom,
            ["exactPH"] = minimum.ExactPH,
            ["stableThere"] = minimum.Hull.Label,
            ["filtered"] = diagram.IsFiltered(entry),
            ["formationEnergyEV"] = energy,
        };
        return StepValue.Of(minimum.MinimumEVPerAtom, fit?.ResidualEVPerAtom ?? 0, detail: string.Create(CultureInfo.InvariantCulture, $"at pH {minimum.PH}: {minimum.Hull.Label}{(diagram.IsFiltered(entry) ? " (filtered: not among the stable)" : "")}"));
    }
}
