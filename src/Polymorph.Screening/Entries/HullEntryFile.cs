using Polymorph.Foundation;
using Polymorph.Screening.Compositions;
using Polymorph.Screening.Corrections;
using Polymorph.Screening.Hull;
using Polymorph.Structures;
using Polymorph.Structures.Formats;

namespace Polymorph.Screening.Entries;

/// <summary>Reads phases with energies: tables (CSV, JSON, JSON Lines) with <c>id</c>, <c>formula</c>, <c>energy_eV</c> and perhaps <c>method</c>, or structures with the property <c>energy</c>.</summary>
public static class HullEntryFile
{
    private static readonly string[] Tables = [".csv", ".json", ".jsonl"];

    // Keys under which JSON entries of structures have their atoms.
    private static readonly string[] Positions = ["\"cartesian_site_positions\"", "\"sites\"", "\"positions\"", "\"cif\""];

    /// <summary>As <see cref="Read(string, EnergyUnit)"/>, with what could be told of the unit of the energies.</summary>
    /// <param name="path">A table, a structure file or folder with energies, or <c>-</c> for CSV on standard input.</param>
    /// <param name="unit">What the energies of the file stand for.</param>
    /// <param name="known">Entries of the same unit whose pure elements help to tell; null for none.</param>
    /// <param name="verdict">Whether they are totals.</param>
    /// <exception cref="PolymorphException">As <see cref="Read(string, EnergyUnit)"/>.</exception>
    public static IReadOnlyList<HullEntry> Read(string path, EnergyUnit unit, IReadOnlyList<HullEntry>? known, out EnergyUnitVerdict verdict)
    {
        var entries = Read(path, unit == EnergyUnit.Detect ? EnergyUnit.Total : unit);
        verdict = unit == EnergyUnit.Detect ? EnergyUnitCheck.Refuse(entries, path, known) : EnergyUnitVerdict.Total;
        return entries;
    }

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

    /// <summary>Whether a file holds a table of energies and no structures: CSV without a column <c>cif</c>, or JSON whose first objects have an energy and no positions.</summary>
    /// <param name="path">A file or folder.</param>
    public static bool IsTableOfEnergies(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path == "-" || !IsTable(path) || !File.Exists(path) || path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        char[] start = new char[1 << 16];
        using var reader = new StreamReader(path);
        string text = new(start, 0, reader.ReadBlock(start));
        return path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase)
            ? !text.Split('\n')[0].Split(',').Any(c => c.Trim().Trim('"').Equals("cif", StringComparison.OrdinalIgnoreCase))
            : text.Contains("\"energy", StringComparison.OrdinalIgnoreCase) && !Array.Exists(Positions, p => text.Contains(p, StringComparison.Ordinal));
    }

    /// <summary>The energy that a structure carries, eV, with its method; null when it has none.</summary>
    /// <param name="structure">A structure.</param>
    public static (double EnergyEV, string? Method)? EnergyOf(Structure structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        return structure.Properties.GetValueOrDefault("energy") is IConvertible value and not string && value.ToDouble(null) is var energy && double.IsFinite(energy)
            ? (energy, structure.Properties.GetValueOrDefault("method") as string)
            : null;
    }

    /// <summary>How the energy of a structure was computed, from its properties <c>run_type</c>, <c>hubbards</c> (such as <c>Mn:3.9</c>) and perhaps <c>oxidation_states</c>; null when it does not say.</summary>
    /// <param name="structure">A structure; the distances of a crystal tell how its oxygen is bound.</param>
    /// <exception cref="PolymorphException">PM5211: not a list of elements with numbers.</exception>
    public static ComputedRun? RunOf(Structure structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        string? Text(string name) => structure.Properties.GetValueOrDefault(name) as string;
        return ComputedRunText.Of(Text("run_type"), Text("hubbards"), Text("oxidation_states"), structure.Periodicity == Periodicity.Full ? structure : null, structure.Id);
    }

    /// <summary>The name of a structure: its property <c>id</c>, else its place in its file.</summary>
    /// <param name="structure">A structure.</param>
    public static string NameOf(Structure structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        return structure.Properties.GetValueOrDefault("id") as string ?? structure.Id;
    }

    private static bool IsTable(string path)
    {
        string name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        return path == "-" || !Directory.Exists(path) && Array.Exists(Tables, e => name.EndsWith(e, StringComparison.OrdinalIgnoreCase));
    }

    private static List<(HullEntry Entry, string Place)> FromTable(string path) => EntryTable.Read(path).ConvertAll(row => (
        new HullEntry(row.Text("id", "entry_id", "material_id"), row.Formula("formula", "composition"), row.Number("energy_eV", "energy"), row.Find("method")) { Run = ComputedRunText.Of(row.Find("run_type"), row.Find("hubbards"), row.Find("oxidation_states"), null, row.Place) }, row.Place));

    private static List<(HullEntry Entry, string Place)> FromStructures(string path)
    {
        var entries = new List<(HullEntry, string)>();
        foreach (var structure in StructureReader.ReadStrict(path))
        {
            var (energy, method) = EnergyOf(structure) ?? throw new PolymorphException("PM5202", "the structure has no property 'energy'", structure.Id, "Relax the structures first, or give a table with id, formula and energy_eV.");
            entries.Add((new HullEntry(NameOf(structure), new ElementAmounts(structure.Composition), energy, method), structure.Id));
        }

        return entries;
    }
}
