using System.Text.Json;

namespace Polymorph.Structures.Formats.JsonEntries;

/// <summary>Refuses sites of JSON entries that are not one whole atom of a known element.</summary>
internal static class SiteChecks
{
    /// <summary>How far an occupancy may be from 1: rounding in the files.</summary>
    public const double FullOccupancy = 1e-3;

    /// <summary>The element of a symbol; deuterium and tritium are hydrogen.</summary>
    public static Element ElementOf(string symbol, long line) => symbol switch
    {
        "D" or "T" => new Element(1),
        "vacancy" => throw Partial(symbol, line),
        _ when Element.TryParse(symbol, out var element) => element,
        ['X', ..] => throw NoAtom(symbol, "is a dummy, no element", line),
        _ => StructureChecks.Element(symbol, line),
    };

    public static InputProblemException Partial(string site, long line) =>
        new("PM2604", line, $"a site is partly occupied or shared ({StructureChecks.Shown(site)})", "Make an ordered structure of it first (a supercell with whole atoms).");

    public static InputProblemException NoAtom(string site, string why, long line) =>
        new("PM2605", line, $"the species '{StructureChecks.Shown(site)}' {why}", "Replace it by atoms, or remove it.");

    /// <summary>A value of a table of atoms: double, long, bool or string as the kind says; null when it is of another kind.</summary>
    /// <param name="value">The JSON value.</param>
    /// <param name="kind">R, I, L or S.</param>
    public static object? Value(JsonElement value, string? kind) => kind switch
    {
        "R" when value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double real) => real,
        "R" when value.ValueKind == JsonValueKind.String && JsonFields.Property(value) is double notFinite => notFinite,
        "I" when value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long whole) => whole,
        "L" when value.ValueKind is JsonValueKind.True or JsonValueKind.False => value.ValueKind == JsonValueKind.True,
        "S" when value.ValueKind == JsonValueKind.String => value.GetString(),
        _ => null,
    };

    /// <summary>The kind of a table that holds these values in every row: the same kind throughout, whole numbers joining real ones; null when they do not mix.</summary>
    public static string? KindOf(IEnumerable<JsonElement> values)
    {
        string? kind = null;
        foreach (var value in values)
        {
            string? own = value.ValueKind switch
            {
                JsonValueKind.True or JsonValueKind.False => "L",
                JsonValueKind.Number => value.TryGetInt64(out _) && value.GetRawText().AsSpan().IndexOfAny('.', 'e', 'E') < 0 ? "I" : "R",
                JsonValueKind.String => JsonFields.Property(value) is double ? "R" : "S",
                _ => null,
            };
            kind = kind is null || kind == own ? own : (kind, own) is ("I", "R") or ("R", "I") ? "R" : null;
            if (kind is null)
            {
                return null;
            }
        }

        return kind;
    }
}
