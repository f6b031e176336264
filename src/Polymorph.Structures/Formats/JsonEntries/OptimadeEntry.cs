using System.Text.Json;

namespace Polymorph.Structures.Formats.JsonEntries;

/// <summary>A structure as OPTIMADE describes it.</summary>
/// <remarks>Source: OPTIMADE specification 1.2, "Structures Entries". Fields that follow from the atoms are not kept; those of providers (<c>_exmpl_...</c>) are, under their
/// names; our own lose their prefix. The entry's id becomes the property <c>id</c>.</remarks>
internal static class OptimadeEntry
{
    /// <summary>Prefix of our own fields.</summary>
    public const string Prefix = "_polymorph_";

    /// <summary>Field with the values of our own whose names OPTIMADE would not allow.</summary>
    public const string OtherProperties = Prefix + "other_properties";

    /// <summary>Field with our tables of one row per atom.</summary>
    public const string SiteProperties = Prefix + "site_properties";

    private static readonly HashSet<string> Derived =
    [
        "elements", "nelements", "elements_ratios", "chemical_formula_descriptive", "chemical_formula_reduced", "chemical_formula_hill", "chemical_formula_anonymous",
        "dimension_types", "nperiodic_dimensions", "lattice_vectors", "cartesian_site_positions", "nsites", "species", "species_at_sites", "assemblies", "structure_features",
        "fractional_site_positions", "space_group_symmetry_operations_xyz", "wyckoff_positions", "site_coordinate_span", "site_coordinate_span_description", OtherProperties, SiteProperties,
    ];

    private static readonly string[] Incomplete = ["assemblies", "implicit_atoms", "site_attachments", "unknown_positions"];

    public static Structure Build(JsonElement entry, string id, long line, ReadOptions options)
    {
        var attributes = entry.Field("attributes")!.Value;
        foreach (var feature in attributes.Field("structure_features") is { ValueKind: JsonValueKind.Array } features ? features.EnumerateArray() : default)
        {
            if (JsonFields.Text(feature) is { } name && Incomplete.Contains(name))
            {
                throw new InputProblemException("PM2605", line, $"the structure has the feature '{name}': not every atom is given by one position", "Make an ordered structure with all its atoms first.");
            }
        }

        var parts = new StructureParts(options, line);
        ReadCell(attributes, parts, line);
        ReadAtoms(attributes, parts, line);
        if (JsonFields.Text(entry.Field("id")) is { Length: > 0 } name2)
        {
            parts.AddProperty("id", name2);
        }

        foreach (var field in attributes.EnumerateObject())
        {
            if (!Derived.Contains(field.Name) && JsonFields.Property(field.Value) is { } value)
            {
                parts.AddProperty(field.Name.StartsWith(Prefix, StringComparison.Ordinal) ? field.Name[Prefix.Length..] : field.Name, value);
            }
        }

        if (attributes.Field(OtherProperties) is { ValueKind: JsonValueKind.Object } others)
        {
            foreach (var field in others.EnumerateObject())
            {
                if (JsonFields.Property(field.Value) is { } value)
                {
                    parts.AddProperty(field.Name, value);
                }
            }
        }

        ReadSiteProperties(attributes, parts, line);
        return parts.Build(id);
    }

    private static void ReadCell(JsonElement attributes, StructureParts parts, long line)
    {
        Span<bool> repeats = [true, true, true];
        if (attributes.Field("dimension_types") is { } types)
        {
            var rows = JsonFields.Rows(types, 3, "dimension_types", line);
            for (int axis = 0; axis < 3; axis++)
            {
                repeats[axis] = JsonFields.Number(rows[axis], "a dimension type", line) switch
                {
                    0 => false,
                    1 => true,
                    _ => throw new InputProblemException("PM2603", line, $"a dimension type should be 0 or 1, not {JsonFields.Shown(rows[axis])}"),
                };
            }
        }
        else if (attributes.Field("lattice_vectors") is null)
        {
            throw new InputProblemException("PM2603", line, "the entry has neither 'lattice_vectors' nor 'dimension_types'", "Fetch it with these fields.");
        }

        Span<Vector3D> v = [default, default, default];
        if (attributes.Field("lattice_vectors") is { } vectors)
        {
            var rows = JsonFields.Rows(vectors, 3, "lattice_vectors", line);
            for (int axis = 0; axis < 3; axis++)
            {
                // A row of nulls: no vector along an axis that does not repeat.
                bool none = rows[axis].ValueKind == JsonValueKind.Null || (rows[axis].ValueKind == JsonValueKind.Array && rows[axis].EnumerateArray().All(n => n.ValueKind == JsonValueKind.Null));
                v[axis] = none ? default : JsonFields.Vector(rows[axis], "a lattice vector", line);
            }
        }

        parts.SetCell(v[0], v[1], v[2], new Periodicity(repeats[0], repeats[1], repeats[2]));
    }

    private static void ReadAtoms(JsonElement attributes, StructureParts parts, long line)
    {
        var positions = attributes.List("cartesian_site_positions", line);
        var names = attributes.List("species_at_sites", line);
        if (positions.GetArrayLength() != names.GetArrayLength())
        {
            throw new InputProblemException("PM2606", line, $"the entry has {positions.GetArrayLength()} positions and {names.GetArrayLength()} species at sites", "The provider's entry is damaged; fetch it again or leave it out.");
        }

        var species = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var kind in attributes.Field("species") is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : default)
        {
            if (JsonFields.Text(kind.Field("name")) is { } name)
            {
                species[name] = kind;
            }
        }

        var known = new Dictionary<string, Element>(StringComparer.Ordinal);
        foreach (var (position, site) in positions.EnumerateArray().Zip(names.EnumerateArray()))
        {
            string name = JsonFields.Text(site) ?? throw new InputProblemException("PM2603", line, $"a species at a site should be a name, not {JsonFields.Shown(site)}");
            if (!known.TryGetValue(name, out var element))
            {
                known[name] = element = species.TryGetValue(name, out var kind) ? ElementOf(kind, name, line) : StructureChecks.Element(name, line);
            }

            parts.AddAtom(element, JsonFields.Vector(position, "a site's position", line));
        }
    }

    /// <summary>The element of a species that is one whole atom.</summary>
    private static Element ElementOf(JsonElement species, string name, long line)
    {
        var symbols = species.List("chemical_symbols", line).EnumerateArray().Select(s => JsonFields.Text(s) ?? "?").ToArray();
        var shares = species.Field("concentration") is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Select(c => JsonFields.Number(c, "a concentration", line)).ToArray() : [];
        if (species.Field("attached") is { ValueKind: JsonValueKind.Array } attached && attached.GetArrayLength() > 0)
        {
            throw SiteChecks.NoAtom(name, "has attached atoms without positions", line);
        }

        if (symbols.Length != 1 || (shares is [var share, ..] && Math.Abs(share - 1) > SiteChecks.FullOccupancy))
        {
            throw SiteChecks.Partial(string.Join("/", symbols), line);
        }

        return SiteChecks.ElementOf(symbols[0], line);
    }

    private static void ReadSiteProperties(JsonElement attributes, StructureParts parts, long line)
    {
        foreach (var (name, table) in attributes.Field(SiteProperties) is { ValueKind: JsonValueKind.Object } tables ? tables.EnumerateObject().Select(t => (t.Name, t.Value)) : [])
        {
            string? kind = JsonFields.Text(table.Field("kind"));
            var values = table.List("values", line).EnumerateArray().Select(v => SiteChecks.Value(v, kind)).ToList();
            parts.AddAtomProperty(name, kind is "R" or "I" or "L" or "S" ? kind[0] : 'S', values.TrueForAll(v => v is not null) ? values.ConvertAll(v => v!)
                : throw new InputProblemException("PM2603", line, $"the site property '{StructureChecks.Shown(name)}' has a value of another kind than '{StructureChecks.Shown(kind ?? "none")}'"));
        }
    }
}
