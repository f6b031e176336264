using System.Text.Json;

namespace Polymorph.Structures.Formats.JsonEntries;

/// <summary>A record of the reformatted benchmark sets (perov-5, carbon-24, MP-20): <c>id</c>, <c>cell</c> [a, b, c, alpha, beta, gamma] in Å and degrees,
/// <c>z</c> atomic numbers, <c>x</c> fractional coordinates, <c>props</c>.</summary>
internal static class BenchmarkRecord
{
    public static Structure Build(JsonElement entry, string id, long line, ReadOptions options)
    {
        var parts = new StructureParts(options, line);
        var cell = Array.ConvertAll(JsonFields.Rows(entry.List("cell", line), 6, "'cell'", line), n => JsonFields.Number(n, "a parameter of the cell", line));
        parts.SetCell(new Vector3D(cell[0], cell[1], cell[2]), new Vector3D(cell[3], cell[4], cell[5]));
        var (z, x) = (entry.List("z", line), entry.List("x", line));
        if (z.GetArrayLength() != x.GetArrayLength())
        {
            throw new InputProblemException("PM2606", line, $"the record has {z.GetArrayLength()} atomic numbers and {x.GetArrayLength()} positions");
        }

        foreach (var (number, fractional) in z.EnumerateArray().Zip(x.EnumerateArray()))
        {
            parts.AddAtom(StructureChecks.Element(JsonFields.Number(number, "an atomic number", line), line), parts.Lattice!.ToCartesian(JsonFields.Vector(fractional, "a position", line)));
        }

        foreach (var field in entry.EnumerateObject())
        {
            if (field.Name is not ("cell" or "z" or "x" or "props") && JsonFields.Property(field.Value) is { } value)
            {
                parts.AddProperty(field.Name, value);
            }
        }

        foreach (var field in entry.Field("props") is { ValueKind: JsonValueKind.Object } props ? props.EnumerateObject() : default)
        {
            if (JsonFields.Property(field.Value) is { } value)
            {
                parts.AddProperty(field.Name, value);
            }
        }

        return parts.Build(id);
    }
}
