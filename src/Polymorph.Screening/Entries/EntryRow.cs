using System.Globalization;
using Polymorph.Foundation;
using Polymorph.Screening.Compositions;

namespace Polymorph.Screening.Entries;

/// <summary>One entry of a table: named texts and the place where it stands.</summary>
/// <param name="place"><c>file:line</c>, or <c>file#number</c> in JSON.</param>
/// <param name="fields">Texts by the names of their columns, in small letters; callers name columns as the documentation writes them.</param>
internal sealed class EntryRow(string place, IReadOnlyDictionary<string, string> fields)
{
    public string Place { get; } = place;

    /// <summary>The text of the first of these columns that is there and not blank; null when none is.</summary>
    public string? Find(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (fields.TryGetValue(name.ToLowerInvariant(), out string? text) && !string.IsNullOrWhiteSpace(text))
            {
                return text.Trim();
            }
        }

        return null;
    }

    /// <summary>As <see cref="Find"/>, for a value that must be there.</summary>
    /// <exception cref="PolymorphException">PM5202.</exception>
    public string Text(params ReadOnlySpan<string> names) => Find(names)
        ?? throw new PolymorphException("PM5202", $"the entry has no '{names[0]}'", Place, $"Every entry needs one; present are: {string.Join(", ", fields.Keys)}.");

    /// <summary>A finite number.</summary>
    /// <exception cref="PolymorphException">PM5202, PM5203.</exception>
    public double Number(params ReadOnlySpan<string> names) => Parse(names[0], Text(names));

    /// <summary>A finite number, or null when the column is absent or blank.</summary>
    /// <exception cref="PolymorphException">PM5203.</exception>
    public double? NumberIfAny(params ReadOnlySpan<string> names) => Find(names) is { } text ? Parse(names[0], text) : null;

    /// <summary>A formula.</summary>
    /// <exception cref="PolymorphException">PM5202, PM5204.</exception>
    public ElementAmounts Formula(params ReadOnlySpan<string> names)
    {
        string text = Text(names);
        try
        {
            return ElementAmounts.Parse(text);
        }
        catch (FormatException e)
        {
            throw new PolymorphException("PM5204", $"not a formula: {e.Message}", Place, "Write element symbols with amounts, such as MgMn2O4 or Ca(OH)2.", inner: e);
        }
    }

    private double Parse(string name, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value
            : throw new PolymorphException("PM5203", $"'{name}' is '{text}', not a finite number", Place, "Write it with a decimal point, or leave the entry out.");
}
