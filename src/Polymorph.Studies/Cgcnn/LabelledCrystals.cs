using System.Collections.Immutable;
using System.Globalization;
using Polymorph.Foundation;
using Polymorph.Models.Cgcnn;
using Polymorph.Structures;
using Polymorph.Structures.Formats;

namespace Polymorph.Studies.Cgcnn;

/// <summary>Reads crystals with a property.</summary>
internal static class LabelledCrystals
{
    private const string Table = "id_prop.csv";

    /// <summary>All crystals of a file with a value of the property each, or of a folder as the published code lays it out: <c>id_prop.csv</c> (id, value; no headings) and <c>id.cif</c>.</summary>
    /// <param name="path">File or folder.</param>
    /// <param name="property">Name of the value; the table of a folder has only one.</param>
    /// <param name="task">What is to be learnt.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="PolymorphException">PM7340: a structure without the property; PM7341: its value is no number, or no class; PM7345: a malformed table; the readers' own codes.</exception>
    public static List<(Structure Structure, double Value)> Read(string path, string property, CgcnnTask task, CancellationToken cancellation)
    {
        string table = Path.Combine(path, Table);
        return File.Exists(table) ? ReadFolder(path, table, task, cancellation) : ReadFile(path, property, task, cancellation);
    }

    private static List<(Structure, double)> ReadFile(string path, string property, CgcnnTask task, CancellationToken cancellation)
    {
        var result = new List<(Structure, double)>();
        foreach (var entry in StructureReader.Read(path, new ReadOptions { Strict = true }))
        {
            cancellation.ThrowIfCancellationRequested();
            var structure = entry.Structure!;
            string place = entry.Line > 0 ? string.Create(CultureInfo.InvariantCulture, $"{path}:{entry.Line}") : structure.Id;
            if (!structure.Properties.TryGetValue(property, out object? value))
            {
                var names = structure.Properties.Where(p => p.Value is double or long or bool).Select(p => p.Key).ToList();
                throw new PolymorphException("PM7340", $"the structure has no property '{property}'", place,
                    names.Count == 0 ? "Every structure needs a value, such as band_gap=1.2 in the comment line of extended XYZ." : $"{NearestName.Hint(property, names)} It has: {string.Join(", ", names)}.".TrimStart());
            }

            result.Add((structure, Number(value, property, place, task)));
        }

        return result;
    }

    private static List<(Structure, double)> ReadFolder(string folder, string table, CgcnnTask task, CancellationToken cancellation)
    {
        var result = new List<(Structure, double)>();
        int number = 0;
        foreach (string line in File.ReadLines(table))
        {
            cancellation.ThrowIfCancellationRequested();
            number++;
            if (line.Trim().Length == 0)
            {
                continue;
            }

            string place = string.Create(CultureInfo.InvariantCulture, $"{table}:{number}");
            string[] cells = [.. line.Split(',').Select(c => c.Trim())];
            string file = Path.Combine(folder, cells[0] + ".cif");
            if (cells.Length != 2 || cells[0].Length == 0 || cells[0].AsSpan().IndexOfAny('/', '\\') >= 0 || !File.Exists(file))
            {
                throw new PolymorphException("PM7345", cells.Length != 2 ? $"{cells.Length} cells instead of an id and a value" : $"there is no file '{cells[0]}.cif' beside the table", place, "Each line is id,value without headings, and each id has its file id.cif.");
            }

            var structure = StructureReader.ReadStrict(file)[0].WithId(cells[0]);
            result.Add((structure, Number(double.TryParse(cells[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : cells[1], "value", place, task)));
        }

        return result;
    }

    private static double Number(object value, string property, string place, CgcnnTask task)
    {
        double number = value switch { double d => d, long l => l, bool b => b ? 1 : 0, _ => double.NaN };
        return !double.IsFinite(number) ? throw new PolymorphException("PM7341", $"'{property}' is '{value}', not a finite number", place, "Correct the value, or leave the structure out.")
            : task == CgcnnTask.Classification && number is not (0 or 1) ? throw new PolymorphException("PM7341", string.Create(CultureInfo.InvariantCulture, $"'{property}' is {number}, not one of the classes 0 and 1"), place, "Write 0 or 1, or learn a number: --task regression.")
            : number;
    }
}
