using Polymorph.Foundation;
using Polymorph.Screening.Compositions;
using Polymorph.Screening.Hull;
using Polymorph.Structures.Formats;

namespace Polymorph.Screening.Entries;

/// <summary>Reads phases with energies: tables (CSV, JSON, JSON Lines) with <c>id</c>, <c>formula</c>, <c>energy_eV</c> and perhaps <c>method</c>, or structures with the property <c>energy</c>.</summary>
public static class HullEntryFile
{
    private static readonly string[] Tables = [".csv", ".json", ".jsonl"];

    /// <summary>All entries of a file.</summary>
    /// <param name="path">A table, a structure file or folder with energies, or <c>-</c> for CSV on standard input.</param>
    /// <param name="unit">What the energies of the file stand for.</param>
    /// <exception cref="PolymorphException">PM5200 to PM5205, PM5208, PM5209: the file cannot be read, or an entry of it is wrong; the first problem ends the reading, because a hull without an entry is another hull.</exception>
    public static IReadOnlyList<HullEntry> Read(string path, EnergyUnit unit = EnergyUnit.Detect)
    {
        ArgumentNullException.ThrowIfNull(path);
        var entries = IsTable(path) ? FromTable(path) : FromStructures(path);
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (entry, place) in entries)
        {
            if (!ids.Add(entry.Id))
            {
                throw new PolymorphException("PM5205", $"the id '{entry.Id}' occurs twice", place, "Give each entry its own id: a decomposition names entries by it.");
            }
        }

        List<HullEntry> found = [.. entries.Select(e => e.Entry)];
        if (unit == EnergyUnit.PerAtom)
        {
            return found.ConvertAll(e => e with { RawEnergyEV = e.RawEnergyEV * e.Composition.Total });
        }

        if (unit == EnergyUnit.Detect)
        {
            EnergyUnitCheck.Refuse(found, path);
        }

        return found;
    }

    private static bool IsTable(string path)
    {
        string name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        return path == "-" || !Directory.Exists(path) && Array.Exists(Tables, e => name.EndsWith(e, StringComparison.OrdinalIgnoreCase));
    }

    private static List<(HullEntry Entry, string Place)> FromTable(string path) => EntryTable.Read(path).ConvertAll(row => (
        new HullEntry(row.Text("id", "entry_id", "material_id"), row.Formula("formula", "composition"), row.Number("energy_ev", "energy"), row.Find("method")), row.Place));

    private static List<(HullEntry Entry, string Place)> FromStructures(string path)
    {
        var entries = new List<(HullEntry, string)>();
        foreach (var structure in StructureReader.ReadStrict(path))
        {
            if (structure.Properties.GetValueOrDefault("energy") is not IConvertible value || value is string || value.ToDouble(null) is var energy && !double.IsFinite(energy))
            {
                throw new PolymorphException("PM5202", "the structure has no property 'energy'", structure.Id, "Relax the structures first, or give a table with id, formula and energy_eV.");
            }

            string id = structure.Properties.GetValueOrDefault("id") as string ?? structure.Id;
            entries.Add((new HullEntry(id, new ElementAmounts(structure.Composition), value.ToDouble(null), structure.Properties.GetValueOrDefault("method") as string), structure.Id));
        }

        return entries;
    }
}
