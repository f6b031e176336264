using System.Globalization;

namespace Polymorph.Structures.Formats;

/// <summary>Writes extended XYZ; every number, named value and named column comes back as it was.</summary>
internal static class ExtendedXyzWriter
{
    private static readonly string[] Reserved = ["Lattice", "Properties", "pbc"];

    public static void Write(TextWriter writer, Structure structure)
    {
        writer.Write(structure.AtomCount.ToString(CultureInfo.InvariantCulture));
        writer.Write('\n');
        WriteComment(writer, structure);
        var columns = structure.AtomProperties.Where(p => p.Value.Columns > 0).ToArray();
        for (int i = 0; i < structure.AtomCount; i++)
        {
            writer.Write(structure.Species[i].Symbol);
            for (int axis = 0; axis < 3; axis++)
            {
                writer.Write(' ');
                writer.Write(NumberText.Write(structure.Positions[i][axis]));
            }

            foreach (var (name, property) in columns)
            {
                for (int k = 0; k < property.Columns; k++)
                {
                    writer.Write(' ');
                    writer.Write(Cell(property.Values[i * property.Columns + k], name));
                }
            }

            writer.Write('\n');
        }
    }

    private static void WriteComment(TextWriter writer, Structure structure)
    {
        if (structure.Lattice is { } cell)
        {
            var numbers = new[] { cell.A, cell.B, cell.C }.SelectMany(v => new[] { v.X, v.Y, v.Z });
            writer.Write($"Lattice=\"{string.Join(' ', numbers.Select(NumberText.Write))}\" ");
        }

        writer.Write("Properties=species:S:1:pos:R:3");
        foreach (var (name, property) in structure.AtomProperties.Where(p => p.Value.Columns > 0))
        {
            if (!PropertyColumns.IsName(name) || name is "species" or "pos")
            {
                throw new ArgumentException($"'{name}' cannot name a column of extended XYZ");
            }

            writer.Write(string.Create(CultureInfo.InvariantCulture, $":{name}:{property.Kind}:{property.Columns}"));
        }

        foreach (var (key, value) in structure.Properties)
        {
            if (key.Length == 0 || !key.All(TextLines.IsText) || Reserved.Contains(key, StringComparer.OrdinalIgnoreCase))
            {
                throw new ArgumentException($"'{key}' cannot name a value of extended XYZ");
            }

            writer.Write($" {CommentValue.QuoteIfNeeded(key)}={CommentValue.Write(value)}");
        }

        var p = structure.Periodicity;
        writer.Write($" pbc=\"{Flag(p.A)} {Flag(p.B)} {Flag(p.C)}\"\n");
    }

    private static string Cell(object value, string name) => value switch
    {
        double real => NumberText.Write(real),
        long whole => whole.ToString(CultureInfo.InvariantCulture),
        int whole => whole.ToString(CultureInfo.InvariantCulture),
        bool flag => Flag(flag),
        string text when !text.All(TextLines.IsText) => throw new ArgumentException($"a text in column '{name}' has a line break or another control character"),
        string text => CommentValue.QuoteIfNeeded(text),
        _ => throw new ArgumentException($"column '{name}' holds a {value?.GetType().Name ?? "null"}"),
    };

    private static string Flag(bool value) => value ? "T" : "F";
}
