using System.Globalization;
using System.Text.Json;
using Polymorph.Foundation;
using Polymorph.Screening.Compositions;
using Polymorph.Screening.Pourbaix;
using Polymorph.Structures;

namespace Polymorph.Screening.Entries;

/// <summary>Solids and dissolved species of a file, with the settings that the file itself names.</summary>
/// <param name="Entries">The species.</param>
/// <param name="Metals">Ratio of metals; null when the file names none.</param>
/// <param name="Concentration">Concentration of dissolved species, mol/kg; null when the file names none.</param>
/// <param name="FilterSolids">Whether to filter solids; null when the file does not say.</param>
public sealed record PourbaixEntryFile(IReadOnlyList<PourbaixEntry> Entries, ElementAmounts? Metals, double? Concentration, bool? FilterSolids)
{
    /// <summary>Reads a table: CSV, JSON or JSON Lines with <c>id</c>, <c>formula</c> (or <c>composition</c>), <c>type</c> (solid or ion), <c>formation_energy_eV</c> (or <c>formation_energy</c>), <c>charge</c> of ions, and perhaps <c>name</c> and <c>default_concentration</c>.</summary>
    /// <param name="path">The file; a JSON object around the list may name <c>composition</c>, <c>ion_concentration</c> and <c>filter_solids</c>.</param>
    /// <exception cref="PolymorphException">PM5200 to PM5205, PM5209, PM5220: the file cannot be read or an entry is wrong; the first problem ends the reading.</exception>
    public static PourbaixEntryFile Read(string path)
    {
        var rows = EntryTable.Read(path, out var around);
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var entries = rows.ConvertAll(row =>
        {
            var entry = Entry(row);
            return ids.Add(entry.Id) ? entry : throw new PolymorphException("PM5205", $"the id '{entry.Id}' occurs twice", row.Place, "Give each entry its own id.");
        });
        return around is { } file
            ? new PourbaixEntryFile(entries, MetalsOf(file, path), Field(file, "ion_concentration", JsonValueKind.Number)?.GetDouble(), Field(file, "filter_solids", JsonValueKind.True, JsonValueKind.False)?.GetBoolean())
            : new PourbaixEntryFile(entries, null, null, null);
    }

    private static PourbaixEntry Entry(EntryRow row)
    {
        string id = row.Text("id"), type = row.Text("type", "kind");
        var composition = row.Formula("formula", "composition");
        double energy = row.Number("formation_energy_eV", "formation_energy");
        if (type is not ("solid" or "ion"))
        {
            throw new PolymorphException("PM5202", $"the type is '{type}', not solid or ion", row.Place, "Neutral dissolved species are ions of charge 0.");
        }

        double? charge = row.NumberIfAny("charge");
        if (type == "ion" && charge is null)
        {
            throw new PolymorphException("PM5220", $"the charge of the ion {id} ({composition.Formula}) is unknown", row.Place, "Write it into the column 'charge'; 0 for a neutral dissolved species.");
        }

        if (type == "solid" && charge is not (null or 0))
        {
            throw new PolymorphException("PM5220", $"the solid {id} has a charge", row.Place, "Only ions have one.");
        }

        double? concentration = row.NumberIfAny("default_concentration");
        if (concentration <= 0)
        {
            throw new PolymorphException("PM5203", string.Create(CultureInfo.InvariantCulture, $"'default_concentration' is {concentration}"), row.Place, "Write a number above zero, mol/kg.");
        }

        return new PourbaixEntry(id, row.Find("name") ?? Name(composition, type, charge ?? 0), composition, energy, type == "ion", charge ?? 0, concentration);
    }

    private static string Name(ElementAmounts composition, string type, double charge)
    {
        string formula = type == "ion" ? composition.Formula : composition.ReducedFormula;
        return type == "solid" ? $"{formula}(s)" : charge == 0 ? $"{formula}(aq)" : $"{formula}[{charge.ToString("+0.##;-0.##", CultureInfo.InvariantCulture)}]";
    }

    private static JsonElement? Field(JsonElement file, string name, params ReadOnlySpan<JsonValueKind> kinds) =>
        file.TryGetProperty(name, out var value) && kinds.Contains(value.ValueKind) ? value : null;

    private static ElementAmounts? MetalsOf(JsonElement file, string path)
    {
        if (Field(file, "composition", JsonValueKind.Object) is not { } composition)
        {
            return null;
        }

        try
        {
            return new ElementAmounts(composition.EnumerateObject().Select(e => KeyValuePair.Create(Element.Parse(e.Name), e.Value.GetDouble())));
        }
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException)
        {
            throw new PolymorphException("PM5204", $"the ratio of metals 'composition' cannot be used: {e.Message}", path, "Write such as {\"Mg\": 0.5, \"Mn\": 0.5}.", inner: e);
        }
    }
}
