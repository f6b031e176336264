using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Polymorph.Structures.Formats.Tables;

/// <summary>Writes CSV: a row per structure with its id, formula, number of atoms, cell (Å and degrees), volume (Å³) and properties. Positions are not kept.</summary>
/// <remarks>Which properties there are is known when all structures have passed; until then the rows wait in a temporary file, so that memory stays bounded.</remarks>
internal static class CsvWriter
{
    private static readonly string[] Own = ["id", "formula", "atoms", "a", "b", "c", "alpha", "beta", "gamma", "volume"];

    /// <summary>Writes the table.</summary>
    /// <returns>Number of rows.</returns>
    public static long Write(TextWriter writer, IEnumerable<Structure> structures)
    {
        var columns = new Dictionary<string, int>(StringComparer.Ordinal);
        using var waiting = new FileStream(Path.GetTempFileName(), FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        using var rows = new BinaryWriter(waiting, Encoding.UTF8, leaveOpen: true);
        long count = 0;
        foreach (var structure in structures)
        {
            rows.Write(Fixed(structure));
            rows.Write(Properties(structure, columns));
            rows.Write(columns.Count);
            count++;
        }

        rows.Flush();
        waiting.Position = 0;
        using var reader = new BinaryReader(waiting, Encoding.UTF8, leaveOpen: true);
        writer.Write($"{string.Join(',', Own.Concat(columns.Keys.Select(k => CsvField.Write(Own.Contains(k) ? k + "_" : k))))}\n");
        for (long i = 0; i < count; i++)
        {
            // A row lacks the columns that were met after it.
            writer.Write($"{reader.ReadString()}{reader.ReadString()}{new string(',', columns.Count - reader.ReadInt32())}\n");
        }

        return count;
    }

    private static string Fixed(Structure structure)
    {
        string id = structure.Properties.GetValueOrDefault("id") as string ?? structure.Id;
        string[] cell = structure.Lattice is { } l
            ? [.. new[] { l.Lengths, 180 / Math.PI * l.Angles }.SelectMany(v => new[] { v.X, v.Y, v.Z }).Append(l.Volume).Select(NumberText.Write)]
            : ["", "", "", "", "", "", ""];
        return string.Create(CultureInfo.InvariantCulture, $"{CsvField.Write(id)},{structure.Composition.Formula},{structure.AtomCount},{string.Join(',', cell)}");
    }

    private static string Properties(Structure structure, Dictionary<string, int> columns)
    {
        foreach (string name in structure.Properties.Keys)
        {
            if (name != "id")
            {
                columns.TryAdd(name, columns.Count);
            }
        }

        var cells = new string[columns.Count];
        foreach (var (name, value) in structure.Properties)
        {
            if (columns.TryGetValue(name, out int column))
            {
                cells[column] = CsvField.Write(Text(value));
            }
        }

        return string.Concat(cells.Select(c => "," + c));
    }

    private static string Text(object value) => value switch
    {
        string text => text,
        bool flag => flag ? "true" : "false",
        double number => NumberText.Write(number),
        double[] numbers => string.Join(' ', numbers.Select(NumberText.Write)),
        Array items => string.Join(' ', items.Cast<object>().Select(Text)),
        JsonElement json => json.GetRawText(),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
