using System.Collections.Immutable;
using System.Globalization;
using Polymorph.Foundation;

namespace Polymorph.Studies.Recipes;

/// <summary>What a recipe's value is.</summary>
public enum RecipeKind
{
    /// <summary>Any text.</summary>
    Text,

    /// <summary>A file; relative to the recipe.</summary>
    Path,

    /// <summary>A whole number within a range.</summary>
    Whole,

    /// <summary>A real number within a range.</summary>
    Real,

    /// <summary>One of a few words.</summary>
    Choice,

    /// <summary>True or false.</summary>
    Switch,
}

/// <summary>One key of a recipe: the reader, the JSON Schema and the command line's options are made from it.</summary>
/// <param name="Section">Section it stands in; empty at the top.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Description">One sentence.</param>
public sealed record RecipeKey(string Section, string Name, RecipeKind Kind, string Description)
{
    /// <summary>Smallest number.</summary>
    public double Smallest { get; init; } = double.MinValue;

    /// <summary>Largest number.</summary>
    public double Largest { get; init; } = double.MaxValue;

    /// <summary>The words of a choice.</summary>
    public ImmutableArray<string> Choices { get; init; } = [];

    /// <summary>How many values a list may have; empty for a single value.</summary>
    public ImmutableArray<int> Counts { get; init; } = [];

    /// <summary>True when the value may be a list of any length.</summary>
    public bool IsList { get; init; }

    /// <summary>True when the value has no influence on results, only on how the work is done.</summary>
    public bool IsOperational { get; init; }

    /// <summary>For example <c>train.epochs</c>.</summary>
    public string FullName => Section.Length == 0 ? Name : $"{Section}.{Name}";

    /// <summary>For example <c>--r-cut</c>.</summary>
    public string OptionName => "--" + Name.Replace('_', '-');

    /// <summary>Checks one value and writes it in its canonical form.</summary>
    /// <param name="text">What was written.</param>
    /// <param name="place">Where.</param>
    /// <exception cref="PolymorphException">PM7105: not of this kind, or out of range.</exception>
    internal string Canonical(string text, string place) => Kind switch
    {
        RecipeKind.Whole => long.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out long whole) && whole >= Smallest && whole <= Largest
            ? whole.ToString(CultureInfo.InvariantCulture)
            : throw Wrong(text, place, $"a whole number{Range}"),
        RecipeKind.Real => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double real) && real >= Smallest && real <= Largest && double.IsFinite(real)
            ? real.ToString("R", CultureInfo.InvariantCulture)
            : throw Wrong(text, place, $"a number{Range}"),
        RecipeKind.Choice => Choices.Contains(text.ToLowerInvariant()) ? text.ToLowerInvariant() : throw Wrong(text, place, $"one of {string.Join(", ", Choices)}", NearestName.Hint(text, Choices)),
        RecipeKind.Switch => text.Trim().ToLowerInvariant() switch { "true" or "yes" or "on" => "true", "false" or "no" or "off" => "false", _ => throw Wrong(text, place, "true or false") },
        _ => text.Trim().Length > 0 ? text.Trim() : throw Wrong(text, place, Kind == RecipeKind.Path ? "a file" : "a text"),
    };

    /// <summary>The error of a value that does not fit.</summary>
    internal PolymorphException Wrong(string text, string place, string expected, string? hint = null) =>
        new("PM7105", $"{FullName} expects {expected}, not '{(text.Length <= 60 ? text : text[..60] + "...")}'", place, hint is { Length: > 0 } ? hint : Description, ExitCode.Usage);

    private string Range => (Smallest, Largest) switch
    {
        (double.MinValue, double.MaxValue) => "",
        (_, >= (double)long.MaxValue) => FormattableString.Invariant($" of at least {Smallest}"),
        _ => FormattableString.Invariant($" from {Smallest} to {Largest}"),
    };
}
