using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Polymorph.Foundation;
using Polymorph.Studies.Recipes;

namespace Polymorph.Studies.CrystalGan;

/// <summary>The checked values of a Crystal GAN's recipe, without defaults. It is a flat list of keys, the first of which is <c>model: crystal-gan</c>.</summary>
public sealed class CrystalGanRecipe
{
    private readonly SortedDictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <summary>The model that the recipe is for.</summary>
    public static RecipeKey Model { get; } = new("", "model", RecipeKind.Choice, "The model.") { Choices = [CrystalGanRun.Name] };

    /// <summary>The preset.</summary>
    public static RecipeKey Preset { get; } = new("", "preset", RecipeKind.Choice, "Losses and conditions: polymorph (the default), paper, or published, which does what the published code does.") { Choices = ["polymorph", "paper", "published"] };

    /// <summary>The prepared training set.</summary>
    public static RecipeKey Data { get; } = new("", "data", RecipeKind.Path, "Folder that 'data prepare crystal-gan' made.");

    /// <summary>Seed.</summary>
    public static RecipeKey Seed { get; } = new("", "seed", RecipeKind.Whole, "Seed of everything random; drawn and recorded when it is missing.") { Smallest = 0, Largest = long.MaxValue };

    /// <summary>Epochs.</summary>
    public static RecipeKey Epochs { get; } = new("", "epochs", RecipeKind.Whole, "Epochs over all images; the published number is 501.") { Smallest = 1, Largest = 1_000_000 };

    /// <summary>Batch.</summary>
    public static RecipeKey Batch { get; } = new("", "batch", RecipeKind.Whole, "Images per batch; the published number is 32.") { Smallest = 2, Largest = 4096 };

    /// <summary>Divisor of the widths.</summary>
    public static RecipeKey WidthDivisor { get; } = new("", "width_divisor", RecipeKind.Whole, "All layer widths are the published ones divided by this.") { Smallest = 1, Largest = 128 };

    /// <summary>Adam's step.</summary>
    public static RecipeKey LearningRate { get; } = new("", "learning_rate", RecipeKind.Real, "Adam's step of generator and critic in the first epoch, the classifier's is half of it; by default the preset's.") { Smallest = 1e-7, Largest = 0.1 };

    /// <summary>Critic updates to one of the generator.</summary>
    public static RecipeKey CriticUpdates { get; } = new("", "critic_updates", RecipeKind.Whole, "Critic updates to one of the generator; the published number is 5.") { Smallest = 1, Largest = 100 };

    /// <summary>Threads.</summary>
    public static RecipeKey Threads { get; } = new("", "threads", RecipeKind.Whole, "Threads; by default one per core. The result does not depend on it.") { Smallest = 1, Largest = 1024, IsOperational = true };

    /// <summary>Seconds between checkpoints.</summary>
    public static RecipeKey CheckpointSeconds { get; } = new("", "checkpoint_seconds", RecipeKind.Real, "Seconds between checkpoints.") { Smallest = 0, Largest = 86_400, IsOperational = true };

    /// <summary>All keys in the order in which they are written.</summary>
    public static ImmutableArray<RecipeKey> Keys { get; } = [Model, Preset, Data, Seed, Epochs, Batch, WidthDivisor, LearningRate, CriticUpdates, Threads, CheckpointSeconds];

    /// <summary>Reads a recipe.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="PolymorphException">PM7101 to PM7105, with the line.</exception>
    public static CrystalGanRecipe ReadFile(string path)
    {
        var recipe = new CrystalGanRecipe();
        foreach (var entry in YamlRecipe.ReadFile(path).Entries)
        {
            var key = Keys.FirstOrDefault(k => k.Name == entry.Key)
                ?? throw new PolymorphException("PM7104", $"unknown key '{entry.Key}'", entry.Place, $"{NearestName.Hint(entry.Key, Keys.Select(k => k.Name))} Known here: {string.Join(", ", Keys.Select(k => k.Name))}.".TrimStart(), ExitCode.Usage);
            string text = (entry.Value as RecipeScalar)?.Text ?? throw new PolymorphException("PM7107", $"'{entry.Key}' expects a value", entry.Place, key.Description, ExitCode.Usage);
            recipe.Set(key, text, entry.Place);
        }

        if (recipe.Text(Data) is { } data)
        {
            recipe._values[Data.Name] = Path.GetFullPath(data, Path.GetDirectoryName(Path.GetFullPath(path))!);
        }

        return recipe;
    }

    /// <summary>Sets a key.</summary>
    /// <param name="key">One of <see cref="Keys"/>.</param>
    /// <param name="text">Its value.</param>
    /// <param name="place">Where it comes from.</param>
    /// <exception cref="PolymorphException">PM7105: the value does not fit.</exception>
    public void Set(RecipeKey key, string text, string place)
    {
        ArgumentNullException.ThrowIfNull(key);
        _values[key.Name] = key.Canonical(text, place);
    }

    /// <summary>The value of a key, or null.</summary>
    /// <param name="key">One of <see cref="Keys"/>.</param>
    public string? Text(RecipeKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return _values.GetValueOrDefault(key.Name);
    }

    /// <summary>Takes every value of <paramref name="other"/>.</summary>
    /// <param name="other">Stronger values.</param>
    /// <param name="choose">The keys to take; null for all.</param>
    public void Overlay(CrystalGanRecipe other, Func<RecipeKey, bool>? choose = null)
    {
        ArgumentNullException.ThrowIfNull(other);
        foreach (var key in Keys.Where(k => other.Text(k) is not null && (choose is null || choose(k))))
        {
            _values[key.Name] = other._values[key.Name];
        }
    }

    /// <summary>The value of a whole number, or null.</summary>
    internal long? Whole(RecipeKey key) => Text(key) is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : null;

    /// <summary>The value of a real number, or null.</summary>
    internal double? Real(RecipeKey key) => Text(key) is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : null;

    /// <summary>The recipe as YAML.</summary>
    /// <param name="title">First line.</param>
    /// <param name="describe">Whether each line ends with its description.</param>
    internal string Write(string title, bool describe)
    {
        var text = new StringBuilder("# ").Append(title).Append('\n');
        foreach (var key in Keys.Where(k => Text(k) is not null))
        {
            string value = key.Kind == RecipeKind.Path ? RecipeText.Quoted(Text(key)!) : Text(key)!;
            text.Append(key.Name).Append(": ").Append(value).Append(describe ? $"  # {key.Description}" : "").Append('\n');
        }

        return text.ToString();
    }
}
