using System.Collections.Immutable;
using System.Globalization;
using Polymorph.Foundation;
using Polymorph.Screening.Hull;
using Polymorph.Studies.Recipes;
using Polymorph.Studies.Relaxations;
using Polymorph.Studies.Screening.Steps;

namespace Polymorph.Studies.Screening;

/// <summary>Reads screening recipes: <c>references</c> and an ordered list of <c>steps</c>.</summary>
internal static class ScreeningRecipeReader
{
    private const string References = "references", Steps = "steps", TablePrefix = "table:", Example = "Such as '- {quantity: energy-above-hull, maximum: 0.2}'.";

    /// <summary>Reads a recipe file; paths in it are relative to it.</summary>
    /// <param name="path">The recipe.</param>
    /// <exception cref="PolymorphException">PM7101 to PM7107, PM7401, PM7402, PM7405, with the line.</exception>
    public static ScreeningRecipe Read(string path)
    {
        var map = YamlRecipe.ReadFile(path);
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var head = new RecipeValues();
        var references = ImmutableArray<ReferenceSource>.Empty;
        var steps = ImmutableArray<StepSettings>.Empty;
        ImmutableArray<RecipeKey> top = [ScreeningKeys.Title, ScreeningKeys.Method, ScreeningKeys.Energies, ScreeningKeys.Corrections];
        foreach (var entry in map.Entries)
        {
            switch (entry.Key)
            {
                case References:
                    references = [.. Items(entry, "Such as '- {files: [known.extxyz], experimental: true}'.").Select(node => Reference(node, folder))];
                    break;
                case Steps:
                    steps = ReadSteps(Items(entry, Example), folder);
                    break;
                default:
                    Set(head, top, entry, "", [References, Steps]);
                    break;
            }
        }

        return steps.IsEmpty
            ? throw new PolymorphException("PM7401", "the recipe has no steps", map.Place, $"Give a list 'steps:'. {Example}", ExitCode.Usage)
            : new ScreeningRecipe(path, head.Text(ScreeningKeys.Title) ?? "Screening", head.Text(ScreeningKeys.Method), Unit(head.Text(ScreeningKeys.Energies)), references, steps) { IsCorrected = head.Text(ScreeningKeys.Corrections) == "mp2020" };
    }

    private static ImmutableArray<RecipeNode> Items(RecipeEntry entry, string example) => entry.Value is RecipeList list ? list.Items
        : throw new PolymorphException("PM7107", $"'{entry.Key}' expects a list", entry.Place, example, ExitCode.Usage);

    private static RecipeMap Map(RecipeNode node, string of, string example) => node as RecipeMap
        ?? throw new PolymorphException("PM7107", $"an item of '{of}' expects 'key: value' lines", node.Place, example, ExitCode.Usage);

    private static ReferenceSource Reference(RecipeNode node, string folder)
    {
        var values = new RecipeValues();
        foreach (var entry in Map(node, References, "Such as '- {files: [known.extxyz], experimental: true}'.").Entries)
        {
            Set(values, [ScreeningKeys.Files, ScreeningKeys.ReferenceMethod, ScreeningKeys.Experimental, ScreeningKeys.ReferenceEnergies], entry, References);
        }

        if (!values.Has(ScreeningKeys.Files))
        {
            throw new PolymorphException("PM7402", "references need 'files'", node.Place, ScreeningKeys.Files.Description, ExitCode.Usage);
        }

        string? energies = values.Text(ScreeningKeys.ReferenceEnergies);
        return new ReferenceSource([.. values.All(ScreeningKeys.Files).Select(f => Path.GetFullPath(f, folder))], values.Text(ScreeningKeys.ReferenceMethod), values.Switch(ScreeningKeys.Experimental) ?? false,
            energies == "relax" ? ReferenceEnergies.Relax : ReferenceEnergies.Given, Unit(energies), node.Place);
    }

    private static ImmutableArray<StepSettings> ReadSteps(ImmutableArray<RecipeNode> items, string folder)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var steps = ImmutableArray.CreateBuilder<StepSettings>(items.Length);
        foreach (var item in items)
        {
            var step = Step(Map(item, Steps, Example), folder);
            string name = step.Name;
            for (int n = 2; !names.Add(name); n++)
            {
                name = step.Values.Has(ScreeningKeys.Name)
                    ? throw new PolymorphException("PM7110", $"two steps have the name '{name}'", step.Place, "Give each its own name.", ExitCode.Usage)
                    : string.Create(CultureInfo.InvariantCulture, $"{step.Name}-{n}");
            }

            steps.Add(step with { Name = name });
        }

        return steps.ToImmutable();
    }

    private static StepSettings Step(RecipeMap map, string folder)
    {
        var quantity = map.Entries.FirstOrDefault(e => e.Key == ScreeningKeys.Quantity.Name)
            ?? throw new PolymorphException("PM7402", "a step needs a 'quantity'", map.Place, $"One of {string.Join(", ", StepCatalogue.Quantities)}.", ExitCode.Usage);
        var values = new RecipeValues();
        Set(values, [ScreeningKeys.Quantity], quantity, Steps);
        var kind = StepCatalogue.Of(values.Text(ScreeningKeys.Quantity)!);
        foreach (var entry in map.Entries.Where(e => e != quantity))
        {
            Set(values, kind.AllKeys, entry, kind.Quantity);
        }

        foreach (var key in kind.Required.Where(k => !values.Has(k)))
        {
            throw new PolymorphException("PM7402", $"the step '{kind.Quantity}' needs '{key.Name}'", map.Place, key.Description, ExitCode.Usage);
        }

        Anchor(values, folder);
        var bounds = new StepBounds(values.Real(ScreeningKeys.Minimum), values.Real(ScreeningKeys.Maximum));
        if (bounds.Minimum > bounds.Maximum)
        {
            throw new PolymorphException("PM7405", string.Create(CultureInfo.InvariantCulture, $"the minimum {bounds.Minimum} is above the maximum {bounds.Maximum}, so nothing could pass"), values.Place(ScreeningKeys.Minimum), "Exchange them.", ExitCode.Usage);
        }

        var missing = values.Text(ScreeningKeys.Missing) switch { "keep" => MissingPolicy.Keep, "stop" => MissingPolicy.Stop, _ => MissingPolicy.Reject };
        return new StepSettings(values.Text(ScreeningKeys.Name) ?? kind.Quantity, kind.Quantity, values, bounds, missing, values.Text(ScreeningKeys.Borderline) != "reject", values.Real(ScreeningKeys.Uncertainty), map.Place);
    }

    // Paths are relative to the recipe wherever the program is started.
    private static void Anchor(RecipeValues values, string folder)
    {
        if (values.Text(ScreeningKeys.Species) is { } species)
        {
            values.Set(ScreeningKeys.Species, [Path.GetFullPath(species, folder)], values.Place(ScreeningKeys.Species));
        }

        if (values.Text(ScreeningKeys.StepMethod) is { } method)
        {
            string full = method.StartsWith(TablePrefix, StringComparison.Ordinal) ? TablePrefix + Path.GetFullPath(method[TablePrefix.Length..], folder)
                : method.StartsWith(GapSources.Cgcnn, StringComparison.Ordinal) ? GapSources.Cgcnn + Model(method[GapSources.Cgcnn.Length..], folder)
                : EngineFile.Of(method)?.Anchored(folder) ?? method;
            values.Set(ScreeningKeys.StepMethod, [full], values.Place(ScreeningKeys.StepMethod));
        }
    }

    // A word alone is the name of an installed model, unless such a file lies beside the recipe.
    private static string Model(string nameOrPath, string folder)
    {
        string path = Path.GetFullPath(nameOrPath, folder);
        return File.Exists(path) || nameOrPath.Contains('/', StringComparison.Ordinal) || nameOrPath.EndsWith(".safetensors", StringComparison.Ordinal) ? path : nameOrPath;
    }

    private static void Set(RecipeValues values, ImmutableArray<RecipeKey> keys, RecipeEntry entry, string section, IEnumerable<string>? sections = null)
    {
        var key = keys.FirstOrDefault(k => k.Name == entry.Key);
        if (key is null)
        {
            string[] names = [.. keys.Select(k => k.Name), .. sections ?? []];
            string hint = NearestName.Hint(entry.Key, names);
            throw new PolymorphException("PM7104", $"unknown key '{entry.Key}'{(section.Length > 0 ? $" in '{section}'" : "")}", entry.Place, hint.Length > 0 ? hint : $"Known here: {string.Join(", ", names)}.", ExitCode.Usage);
        }

        values.Set(key, RecipeValues.Scalars(entry), entry.Place);
    }

    private static EnergyUnit Unit(string? word) => word switch { "total" => EnergyUnit.Total, "per-atom" => EnergyUnit.PerAtom, _ => EnergyUnit.Detect };
}
