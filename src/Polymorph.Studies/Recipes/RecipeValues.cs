using System.Collections.Immutable;
using System.Globalization;
using Polymorph.Foundation;
using Polymorph.Studies.Relaxations;

namespace Polymorph.Studies.Recipes;

/// <summary>The checked values of a recipe, by full key: what was asked, without the defaults.</summary>
public sealed class RecipeValues
{
    private readonly SortedDictionary<string, (ImmutableArray<string> Values, string Place)> _values = new(StringComparer.Ordinal);

    /// <summary>Models listed one by one; empty when the recipe gives lists of settings.</summary>
    internal ImmutableArray<RecipeValues> ListedModels { get; private set; } = [];

    /// <summary>Reads a recipe file.</summary>
    /// <param name="path">The recipe.</param>
    /// <exception cref="PolymorphException">PM7101 to PM7105, with the line.</exception>
    public static RecipeValues ReadFile(string path)
    {
        var values = FromMap(YamlRecipe.ReadFile(path));
        values.AnchorPaths(Path.GetDirectoryName(Path.GetFullPath(path))!);
        return values;
    }

    /// <summary>Reads a recipe text.</summary>
    /// <param name="text">YAML.</param>
    /// <param name="name">Name of the file, for places.</param>
    /// <exception cref="PolymorphException">PM7102 to PM7105, with the line.</exception>
    public static RecipeValues Read(string text, string name) => FromMap(YamlRecipe.Read(text, name));

    /// <summary>True when the recipe has the key.</summary>
    /// <param name="key">A key.</param>
    public bool Has(RecipeKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return _values.ContainsKey(key.FullName);
    }

    /// <summary>Sets a key, over what was there.</summary>
    /// <param name="key">A key.</param>
    /// <param name="values">One value, or several for a list.</param>
    /// <param name="place">Where they come from.</param>
    /// <exception cref="PolymorphException">PM7105: a value does not fit.</exception>
    public void Set(RecipeKey key, IReadOnlyList<string> values, string place)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(values);
        bool countFits = key.Counts.IsEmpty ? values.Count == 1 || key.IsList && values.Count > 0 : key.Counts.Contains(values.Count);
        if (!countFits)
        {
            string expected = key.Counts.IsEmpty ? key.IsList ? "at least one value" : "one value" : $"{string.Join(" or ", key.Counts)} values";
            throw key.Wrong(string.Join(", ", values), place, expected);
        }

        _values[key.FullName] = ([.. values.Select(v => key.Canonical(v, place))], place);
    }

    /// <summary>Takes every value of <paramref name="other"/>, over what was there.</summary>
    /// <param name="other">Stronger values.</param>
    /// <param name="choose">The keys to take; null for all, and for listed models.</param>
    public void Overlay(RecipeValues other, Func<RecipeKey, bool>? choose = null)
    {
        ArgumentNullException.ThrowIfNull(other);
        foreach (var key in RecipeKeys.All.Where(k => other.Has(k) && (choose is null || choose(k))))
        {
            _values[key.FullName] = other._values[key.FullName];
        }

        if (!other.ListedModels.IsEmpty && choose is null)
        {
            ListedModels = other.ListedModels;
        }
    }

    /// <summary>Takes a key away.</summary>
    internal void Remove(RecipeKey key) => _values.Remove(key.FullName);

    /// <summary>Replaces lists of settings by models one by one.</summary>
    internal void ListModels(IEnumerable<RecipeValues> models) => ListedModels = [.. models];

    /// <summary>The values of a key; empty when it is not given.</summary>
    internal ImmutableArray<string> All(RecipeKey key) => _values.TryGetValue(key.FullName, out var entry) ? entry.Values : [];

    /// <summary>Makes every path absolute.</summary>
    /// <param name="folder">What relative paths are relative to.</param>
    internal void AnchorPaths(string folder)
    {
        foreach (var key in RecipeKeys.All.Where(k => k.Kind == RecipeKind.Path && Has(k)))
        {
            _values[key.FullName] = ([.. All(key).Select(p => p == "-" ? p : Path.GetFullPath(p, folder))], Place(key));
        }

        if (Text(RelaxationKeys.Engine) is { } engine && EngineFile.Of(engine) is { } file)
        {
            _values[RelaxationKeys.Engine.FullName] = ([file.Anchored(folder)], Place(RelaxationKeys.Engine));
        }
    }

    /// <summary>Where a key was given.</summary>
    internal string Place(RecipeKey key) => _values.TryGetValue(key.FullName, out var entry) ? entry.Place : key.FullName;

    internal string? Text(RecipeKey key) => All(key) is [var text, ..] ? text : null;

    internal long? Whole(RecipeKey key) => All(key) is [var text, ..] ? long.Parse(text, CultureInfo.InvariantCulture) : null;

    internal bool? Switch(RecipeKey key) => All(key) is [var text, ..] ? text == "true" : null;

    internal double? Real(RecipeKey key) => All(key) is [var text, ..] ? double.Parse(text, CultureInfo.InvariantCulture) : null;

    internal ImmutableArray<double> Reals(RecipeKey key) => [.. All(key).Select(t => double.Parse(t, CultureInfo.InvariantCulture))];

    internal ImmutableArray<int> Wholes(RecipeKey key) => [.. All(key).Select(t => int.Parse(t, CultureInfo.InvariantCulture))];

    private static RecipeValues FromMap(RecipeMap map)
    {
        var result = new RecipeValues();
        foreach (var entry in map.Entries)
        {
            if (entry.Key == RecipeKeys.ModelsSection && entry.Value is RecipeList models)
            {
                result.ListedModels = [.. models.Items.Select(ListedModel)];
            }
            else if (RecipeKeys.Sections.Contains(entry.Key))
            {
                var section = entry.Value as RecipeMap ?? throw Wrong(entry, $"'{entry.Key}' expects 'key: value' lines below it");
                foreach (var inner in section.Entries)
                {
                    result.Add(RecipeKeys.All, entry.Key, inner);
                }
            }
            else
            {
                result.Add(RecipeKeys.All, "", entry);
            }
        }

        return result;
    }

    private static RecipeValues ListedModel(RecipeNode node)
    {
        var map = node as RecipeMap ?? throw new PolymorphException("PM7106", "a listed model expects 'key: value' lines", node.Place, "For example '- {r_cut: 5, n_max: 3, seed: 1}'.", ExitCode.Usage);
        var model = new RecipeValues();
        foreach (var entry in map.Entries)
        {
            model.Add(RecipeKeys.OfListedModel, RecipeKeys.ModelsSection, entry);
        }

        return model;
    }

    private void Add(ImmutableArray<RecipeKey> keys, string section, RecipeEntry entry)
    {
        var known = keys.Where(k => k.Section == section).ToList();
        var key = known.FirstOrDefault(k => k.Name == entry.Key);
        if (key is null)
        {
            var names = section.Length == 0 ? [.. known.Select(k => k.Name), .. RecipeKeys.Sections] : known.Select(k => k.Name);
            string hint = NearestName.Hint(entry.Key, names);
            throw new PolymorphException("PM7104", $"unknown key '{entry.Key}'{(section.Length > 0 ? $" in '{section}'" : "")}", entry.Place,
                hint.Length > 0 ? hint : $"Known here: {string.Join(", ", names)}.", ExitCode.Usage);
        }

        Set(key, Scalars(entry), entry.Place);
    }

    /// <summary>The values of an entry: one, or those of a list.</summary>
    internal static List<string> Scalars(RecipeEntry entry) => entry.Value switch
    {
        RecipeScalar scalar => [scalar.Text],
        RecipeList list => [.. list.Items.Select(item => (item as RecipeScalar)?.Text ?? throw Wrong(entry, $"'{entry.Key}' expects a plain list such as [1, 2]"))],
        _ => throw Wrong(entry, $"'{entry.Key}' expects a value, not a section"),
    };

    private static PolymorphException Wrong(RecipeEntry entry, string reason) => new("PM7107", reason, entry.Place, "docs/user-guide.md shows how recipes look.", ExitCode.Usage);
}
