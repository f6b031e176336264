using System.Text.Json;

namespace Polymorph.Structures.Formats.JsonEntries;

/// <summary>A Structure or Molecule as pymatgen's <c>as_dict</c> writes it, alone or as the field <c>structure</c> of a record, whose other values are kept.</summary>
/// <remarks>Positions are the fractional ones (<c>abc</c>) where there is a lattice, as in pymatgen's own reader. Site properties and oxidation states become tables of the
/// atoms; <c>selective_dynamics</c> becomes <c>move_mask</c>.</remarks>
internal static class PymatgenEntry
{
    private static readonly HashSet<string> Known = ["@module", "@class", "@version", "lattice", "sites", "charge", "spin_multiplicity", "properties", "structure", "molecule", "initial_structure"];

    public static Structure Build(JsonElement entry, string id, long line, ReadOptions options)
    {
        var crystal = entry.Field("sites") is not null ? entry : (entry.Field("structure") ?? entry.Field("molecule") ?? entry.Field("initial_structure"))!.Value;
        var parts = new StructureParts(options, line);
        if (crystal.Field("lattice") is { } lattice)
        {
            var rows = JsonFields.Rows(lattice.Field("matrix") ?? default, 3, "the lattice's matrix", line);
            parts.SetCell(JsonFields.Vector(rows[0], "a lattice vector", line), JsonFields.Vector(rows[1], "a lattice vector", line), JsonFields.Vector(rows[2], "a lattice vector", line),
                JsonFields.Periodicity(lattice.Field("pbc")) ?? Periodicity.Full);
        }

        var sites = crystal.List("sites", line).EnumerateArray().ToArray();
        var states = new List<object>();
        foreach (var site in sites)
        {
            var (element, state) = Occupant(site, line);
            var position = parts.Lattice is { } cell && site.Field("abc") is { } f ? cell.ToCartesian(JsonFields.Vector(f, "a site's 'abc'", line)) : JsonFields.Vector(site.Field("xyz") ?? default, "a site's 'xyz'", line);
            parts.AddAtom(element, position);
            if (state is { } oxidation)
            {
                states.Add(oxidation);
            }
        }

        if (states.Count > 0 && states.Count == sites.Length && states.Exists(s => s is not 0.0))
        {
            parts.AddAtomProperty("oxidation_state", 'R', states);
        }

        AddSiteProperties(sites, parts);
        AddProperties(entry, parts);
        AddProperties(crystal.Field("properties"), parts);
        if (crystal.Field("charge") is { } charge && JsonFields.Property(charge) is var c && c is not (0L or 0.0))
        {
            parts.AddProperty("charge", c!);
        }

        if (crystal.Field("spin_multiplicity") is { } spin && JsonFields.Property(spin) is { } multiplicity)
        {
            parts.AddProperty("spin_multiplicity", multiplicity);
        }

        return parts.Build(id);
    }

    /// <summary>The one element on a site, and its oxidation state where it has one.</summary>
    private static (Element Element, double? State) Occupant(JsonElement site, long line)
    {
        var species = site.List("species", line);
        if (species.GetArrayLength() != 1)
        {
            throw SiteChecks.Partial(JsonFields.Text(site.Field("label")) ?? JsonFields.Shown(species), line);
        }

        string symbol = JsonFields.Text(species[0].Field("element")) ?? throw new InputProblemException("PM2603", line, "the species of a site has no 'element'");
        if (species[0].Field("occu") is { } occupancy && Math.Abs(JsonFields.Number(occupancy, "an occupancy", line) - 1) > SiteChecks.FullOccupancy)
        {
            throw SiteChecks.Partial(symbol, line);
        }

        double? state = species[0].Field("oxidation_state") is { } value ? JsonFields.Number(value, "an oxidation state", line) : null;
        return (SiteChecks.ElementOf(symbol, line), state);
    }

    /// <summary>Tables of what every site has: numbers, logicals, texts, or equally long lists of them. What only some sites have is left out.</summary>
    private static void AddSiteProperties(JsonElement[] sites, StructureParts parts)
    {
        foreach (string name in sites.Length > 0 && sites[0].Field("properties") is { ValueKind: JsonValueKind.Object } first ? first.EnumerateObject().Select(p => p.Name).ToArray() : [])
        {
            var rows = sites.Select(s => s.Field("properties")?.Field(name)).ToArray();
            int? columns = rows[0] is { ValueKind: JsonValueKind.Array } list ? list.GetArrayLength() : null;
            if (!Array.TrueForAll(rows, r => r is { } row && (row.ValueKind == JsonValueKind.Array ? row.GetArrayLength() == columns : columns is null)))
            {
                continue;
            }

            var cells = rows.SelectMany(r => columns is null ? new[] { r!.Value } : r!.Value.EnumerateArray().ToArray()).ToArray();
            if (cells.Length > 0 && SiteChecks.KindOf(cells) is { } kind)
            {
                bool mask = name == "selective_dynamics" && kind == "L" && columns == 3;
                object?[] values = Array.ConvertAll(cells, c => SiteChecks.Value(c, kind));
                if (Array.TrueForAll(values, v => v is not null))
                {
                    parts.AddAtomProperty(mask ? "move_mask" : name, kind[0], values!);
                }
            }
        }
    }

    private static void AddProperties(JsonElement? fields, StructureParts parts)
    {
        foreach (var field in fields is { ValueKind: JsonValueKind.Object } named ? named.EnumerateObject() : default)
        {
            if (!Known.Contains(field.Name) && JsonFields.Property(field.Value) is { } value)
            {
                parts.AddProperty(field.Name, value);
            }
        }
    }
}
