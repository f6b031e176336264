using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Polymorph.Cli.Shell;
using Polymorph.Foundation;
using Polymorph.Screening.Compositions;
using Polymorph.Screening.Drawings;
using Polymorph.Screening.Entries;
using Polymorph.Screening.Pourbaix;
using Polymorph.Structures;

namespace Polymorph.Cli.Commands;

/// <summary>Stability of solids in water.</summary>
internal sealed class PourbaixVerb : Verb
{
    private readonly Argument<string> _entries = new("ENTRIES") { Description = "Solids and ions: CSV or JSON with id, formula (or composition), type (solid or ion), formation_energy_eV (free energy per formula as written, eV) and the charge of ions; perhaps name and default_concentration." };
    private readonly Option<string?> _composition = new("--composition") { Description = "Ratio of the elements other than H and O; by default the file's own, or each solid's.", HelpName = "Mg=0.5,Mn=0.5" };
    private readonly Option<double?> _concentration = NumberOption.Of("--concentration", "Concentration of ions, mol/kg (default 1e-6).", 1e-30, 1e3);
    private readonly Option<bool> _noFilter = new("--no-filter") { Description = "Keep solids above the hull of metals, H and O, which are left out otherwise." };
    private readonly Option<double?> _pH = NumberOption.Of("--ph", "One pH (0 to 14) instead of the smallest energy over all.", -100.0, 100.0);
    private readonly Option<double?> _potential = NumberOption.Of("--potential", "Potential, V (default 1.5).", -20.0, 20.0);
    private readonly Option<PotentialScale> _scale = ChoiceOption.Of("--scale", "Scale of the potential: rhe (default) or she.", PotentialScale.Rhe, ("rhe", PotentialScale.Rhe), ("she", PotentialScale.She));
    private readonly Option<double?> _grid = NumberOption.Of("--grid", "Print what is stable on a grid over pH -2 to 16 and -4 to 4 V against SHE, with this step of pH and a quarter of it in V.", 0.01, 10.0);

    private readonly Option<string?> _svg = new("--svg") { Description = "Draw the map to this SVG file.", HelpName = "file" };
    private readonly Option<string?> _heat = new("--heat") { Description = "Id of a solid whose decomposition energy the map shows in colour.", HelpName = "id" };

    public PourbaixVerb()
        : base("pourbaix", "Decomposition energies of solids in water, and what is stable at each pH and potential.",
            "polymorph pourbaix entries.csv", "polymorph pourbaix entries.json --ph 7 --potential 0.5 --scale she --json", "polymorph pourbaix entries.csv --composition Mg=0.5,Mn=0.5 --grid 1")
    {
        Json.Description = "Print one JSON object per line, one line per solid or point of the grid.";
        Add(_entries);
        Add(_composition);
        Add(_concentration);
        Add(_noFilter);
        Add(_pH);
        Add(_potential);
        Add(_scale);
        Add(_grid);
        Add(_svg);
        Add(_heat);
    }

    /// <inheritdoc/>
    public override ExitCode Run(Invocation call)
    {
        if (call.Value(_pH) is { } given)
        {
            Electrochemistry.RequirePH(given, 0, 14);
        }

        RequireUse(call, _heat, _svg, wanted: true);
        RequireUse(call, _pH, _grid, wanted: false);
        RequireUse(call, _potential, _grid, wanted: false);
        var file = PourbaixEntryFile.Read(call.Value(_entries)!);
        var options = new PourbaixOptions { Concentration = call.Value(_concentration) ?? file.Concentration ?? 1e-6, FilterSolids = !call.Value(_noFilter) && (file.FilterSolids ?? true) };
        var metals = call.Value(_composition) is { } ratio ? Ratio(ratio) : file.Metals;
        var diagrams = call.IsGiven(_grid) ? [] : Diagrams(file, metals, options);
        foreach (var metal in file.Entries.SelectMany(e => e.MetalElements).Distinct().Where(m => !file.Entries.Any(e => e.IsIon && e.MetalElements.Contains(m))))
        {
            call.Note($"there is no dissolved species of {metal}: its solids cannot dissolve, and look more stable than they are.");
        }

        if (call.Value(_svg) is { } drawing)
        {
            OutputFiles.RequireApart([call.Value(_entries)!], [drawing]);
            Draw(call, file, metals, options, drawing);
        }

        if (call.Value(_grid) is { } step)
        {
            Grid(call, new PourbaixDiagram(file.Entries, metals ?? OnlyMetal(file), options), step);
            return ExitCode.Done;
        }

        Solids(call, diagrams);
        return ExitCode.Done;
    }

    // An option that would have no effect is a mistake: the user expects one.
    private static void RequireUse(Invocation call, Option option, Option other, bool wanted)
    {
        if (call.IsGiven(option) && call.IsGiven(other) != wanted)
        {
            throw new PolymorphException("PM1003", $"{option.Name} has no effect {(wanted ? "without" : "with")} {other.Name}.", null, $"Leave {option.Name} out, or {(wanted ? "add" : "leave out")} {other.Name}.", ExitCode.Usage);
        }
    }

    private void Draw(Invocation call, PourbaixEntryFile file, ElementAmounts? metals, PourbaixOptions options, string drawing)
    {
        var heat = call.Value(_heat) is { } id ? file.Entries.FirstOrDefault(e => e.Id == id && !e.IsIon)
            ?? throw new PolymorphException("PM1003", $"there is no solid '{id}' for --heat.", null, $"{NearestName.Hint(id, file.Entries.Where(e => !e.IsIon).Select(e => e.Id))} Give the id of one of the solids.".TrimStart(), ExitCode.Usage) : null;
        var diagram = new PourbaixDiagram(file.Entries, metals ?? (heat is null ? OnlyMetal(file) : heat.MetalRatio), options);
        if (heat is not null && !diagram.HasRatioOf(heat))
        {
            throw new PolymorphException("PM1003", $"the solid '{heat.Id}' has its metals in another ratio than the map.", null, "Leave --composition out, or give the solid's.", ExitCode.Usage);
        }

        string title = string.Join(", ", diagram.Metals.Select(m => string.Create(CultureInfo.InvariantCulture, $"{m.Key.Symbol} {m.Value:0.###}")));
        AtomicFile.WriteText(drawing, PourbaixDrawing.Of(diagram, diagram.Metals.Count == 1 ? $"{diagram.Metals[0].Key.Symbol} in water" : $"{title} in water", heat));
    }

    private static ElementAmounts Ratio(string text)
    {
        var amounts = new Dictionary<Element, double>();
        foreach (string part in text.Split(','))
        {
            string[] sides = part.Split('=');
            if (sides.Length != 2 || !Element.TryParse(sides[0].AsSpan().Trim(), out var element) || !double.TryParse(sides[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double amount) || !(amount > 0 && amount < 1e6) || !amounts.TryAdd(element, amount))
            {
                throw new PolymorphException("PM1003", $"'{part}' of --composition is not a metal with its share.", null, "Write such as Mg=0.5,Mn=0.5.", ExitCode.Usage);
            }
        }

        return new ElementAmounts(amounts);
    }

    private static ElementAmounts OnlyMetal(PourbaixEntryFile file)
    {
        var metals = file.Entries.SelectMany(e => e.MetalElements).Distinct().ToList();
        return metals.Count == 1 ? new ElementAmounts([KeyValuePair.Create(metals[0], 1.0)])
            : throw new PolymorphException("PM1003", $"a map of {string.Join(", ", metals)} needs the ratio of these elements.", null, "Give it with --composition, such as Mg=0.5,Mn=0.5.", ExitCode.Usage);
    }

    // A diagram with the solids of its ratio: the ratio asked for, or that of each solid.
    private static List<(PourbaixDiagram Diagram, List<PourbaixEntry> Solids)> Diagrams(PourbaixEntryFile file, ElementAmounts? metals, PourbaixOptions options)
    {
        var solids = file.Entries.Where(e => !e.IsIon && e.Metals > 0).ToList();
        var ratios = metals is not null ? [metals]
            : solids.Select(s => s.MetalRatio).DistinctBy(r => r.ReducedFormula).ToList();
        var found = ratios.ConvertAll(r =>
        {
            var diagram = new PourbaixDiagram(file.Entries, r, options);
            return (diagram, solids.Where(s => diagram.HasRatioOf(s)).ToList());
        });
        return found.Exists(d => d.Item2.Count > 0) ? found
            : throw new PolymorphException("PM1018", metals is null ? "there is no solid to ask about." : $"no solid has the metals in the ratio {metals.Formula}.", null, "Add one, or ask for a map with --grid.", ExitCode.InputData);
    }

    private void Solids(Invocation call, List<(PourbaixDiagram Diagram, List<PourbaixEntry> Solids)> diagrams)
    {
        double potential = call.Value(_potential) ?? 1.5;
        var scale = call.Value(_scale);
        if (call.Value(_pH) is null && scale == PotentialScale.She)
        {
            throw new PolymorphException("PM1003", "the smallest energy over all pH is taken at one potential against RHE.", null, "Give --ph too, or --scale rhe.", ExitCode.Usage);
        }

        if (!call.IsJson)
        {
            call.Terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"concentration {diagrams[0].Diagram.Options.Concentration:0.###e-0} mol/kg, solids {(diagrams[0].Diagram.Options.FilterSolids ? "filtered" : "not filtered")}, {potential} V against {scale.ToString().ToUpperInvariant()}"));
            call.Terminal.Output.WriteLine($"{"id",-20}  {"name",-18}  {"dG eV/atom",10}  {"pH",5}  stable there");
        }

        foreach (var (diagram, solids) in diagrams)
        {
            foreach (var solid in solids)
            {
                call.Cancellation.ThrowIfCancellationRequested();
                Print(call, diagram, solid, potential, scale);
            }
        }
    }

    private void Print(Invocation call, PourbaixDiagram diagram, PourbaixEntry solid, double potential, PotentialScale scale)
    {
        PourbaixMinimum? minimum = call.Value(_pH) is null ? diagram.MinimumAgainstRhe(solid, potential) : null;
        double pH = minimum?.PH ?? call.Value(_pH)!.Value, against = Electrochemistry.AgainstShe(potential, scale, pH);
        double energy = minimum?.MinimumEVPerAtom ?? diagram.DecompositionEnergy(solid, pH, against);
        var hull = minimum?.Hull ?? diagram.At(pH, against);
        if (!call.IsJson)
        {
            string filtered = diagram.IsFiltered(solid) ? " (filtered: not among the stable)" : "";
            // Rounding must not print -0.000000 for a stable solid.
            call.Terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{solid.Id,-20}  {solid.Name,-18}  {(Math.Abs(energy) < 5e-7 ? 0 : energy),10:F6}  {pH,5:0.##}  {hull.Label}{filtered}"));
            return;
        }

        var document = new JsonObject
        {
            ["id"] = solid.Id,
            ["formula"] = solid.Composition.Formula,
            ["name"] = solid.Name,
            ["decompositionEnergyEVPerAtom"] = energy,
            ["pH"] = pH,
            ["potentialVSHE"] = against,
            ["potentialVRHE"] = Electrochemistry.AgainstRhe(potential, scale, pH),
        };
        if (minimum is not null)
        {
            document["exactMinimumEVPerAtom"] = minimum.ExactMinimumEVPerAtom;
            document["exactPH"] = minimum.ExactPH;
        }

        document["filtered"] = diagram.IsFiltered(solid);
        document["stable"] = Species(hull);
        document["concentration"] = diagram.Options.Concentration;
        document["filterSolids"] = diagram.Options.FilterSolids;
        call.Line(document);
    }

    private static void Grid(Invocation call, PourbaixDiagram diagram, double step)
    {
        if (!call.IsJson)
        {
            call.Terminal.Output.WriteLine($"{"pH",6}  {"V SHE",7}  {"hull eV/metal",13}  stable");
        }

        int columns = (int)Math.Floor((Electrochemistry.LargestPH - Electrochemistry.SmallestPH) / step + 1e-9), rows = (int)Math.Floor((Electrochemistry.LargestPotential - Electrochemistry.SmallestPotential) / (step / 4) + 1e-9);
        for (int i = 0; i <= columns; i++)
        {
            for (int k = 0; k <= rows; k++)
            {
                call.Cancellation.ThrowIfCancellationRequested();
                var point = diagram.At(Electrochemistry.SmallestPH + i * step, Electrochemistry.SmallestPotential + k * step / 4);
                if (call.IsJson)
                {
                    call.Line(new JsonObject { ["pH"] = point.PH, ["potentialVSHE"] = point.Potential, ["hullEnergyEVPerMetal"] = point.EnergyEVPerMetal, ["stable"] = Species(point) });
                }
                else
                {
                    call.Terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{point.PH,6:0.##}  {point.Potential,7:0.####}  {point.EnergyEVPerMetal,13:F6}  {point.Label}"));
                }
            }
        }
    }

    private static JsonObject Species(PourbaixPoint point) => new(point.Stable.Select(s => KeyValuePair.Create(s.Entry.Id, (JsonNode?)s.Weight)));
}
