using System.Text.Json;
using Polymorph.Structures.Formats.JsonEntries;

namespace Polymorph.Structures.Formats.AseFiles;

/// <summary>Turns the arrays of an ASE Atoms object and its calculator's results into a structure.</summary>
/// <remarks>Names are those that ASE writes into extended XYZ, so that a structure reads the same from either file. Stress (Voigt order xx, yy, zz, yz, xz, xy) becomes
/// the nine numbers of the full tensor, eV/Å³. FixAtoms becomes <c>move_mask</c>; other constraints are kept as text.</remarks>
internal sealed class AseAtoms(ReadOptions options)
{
    private readonly Dictionary<string, double[]> _arrays = new(StringComparer.Ordinal);
    private readonly Dictionary<string, object> _values = new(StringComparer.Ordinal);

    /// <summary>Axes that repeat.</summary>
    public Periodicity Periodicity { get; set; }

    /// <summary>Constraints as ASE's JSON, or null.</summary>
    public string? Constraints { get; set; }

    /// <summary>Adds an array of numbers: numbers, positions, cell, forces, stress, ...</summary>
    public void AddArray(string name, double[] values) => _arrays[name] = values;

    /// <summary>Adds a named value of the structure.</summary>
    public void AddValue(string name, object value) => _values[name] = value;

    /// <summary>The structure.</summary>
    /// <exception cref="InputProblemException">PM2606 and those of <see cref="StructureParts"/>.</exception>
    public Structure Build(string id)
    {
        var parts = new StructureParts(options, 0);
        var cell = Rows("cell", 3);
        parts.SetCell(cell[0], cell[1], cell[2], Periodicity);
        double[] numbers = _arrays.GetValueOrDefault("numbers") ?? throw Missing("atomic numbers");
        var positions = Rows("positions", numbers.Length);
        for (int i = 0; i < numbers.Length; i++)
        {
            parts.AddAtom(StructureChecks.Element(numbers[i], 0), positions[i]);
        }

        foreach (var (name, value) in _values)
        {
            parts.AddProperty(name, value);
        }

        foreach (var (name, values) in _arrays)
        {
            Add(parts, name, values);
        }

        AddConstraints(parts);
        return parts.Build(id);
    }

    private static void Add(StructureParts parts, string name, double[] values)
    {
        switch (name)
        {
            case "numbers" or "positions" or "cell":
                break;
            case "stress" when values.Length == 6:
                parts.AddProperty(name, new[] { values[0], values[5], values[4], values[5], values[1], values[3], values[4], values[3], values[2] });
                break;
            case "stress" or "dipole" or "magmom":
                parts.AddProperty(name, values.Length == 1 ? values[0] : values);
                break;
            case "tags":
                parts.AddAtomProperty(name, 'I', Array.ConvertAll(values, v => (object)(long)v));
                break;
            default:
                if (values.Length > 0)
                {
                    parts.AddAtomProperty(name, 'R', Array.ConvertAll(values, v => (object)v));
                }

                break;
        }
    }

    private void AddConstraints(StructureParts parts)
    {
        if (string.IsNullOrEmpty(Constraints) || Constraints == "[]")
        {
            return;
        }

        var free = Enumerable.Repeat((object)true, 3 * parts.AtomCount).ToArray();
        try
        {
            using var document = JsonDocument.Parse(Constraints);
            foreach (var constraint in document.RootElement.ValueKind == JsonValueKind.Array ? document.RootElement.EnumerateArray() : default)
            {
                bool known = JsonFields.Text(constraint.Field("name")) == "FixAtoms" && constraint.Field("kwargs")?.Field("indices") is { } indices && Fix(indices, free);
                if (!known)
                {
                    parts.AddProperty("constraints", Constraints);
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InputProblemException("PM2603", 0, "the constraints are not JSON");
        }

        if (Array.Exists(free, f => f is false))
        {
            parts.AddAtomProperty("move_mask", 'L', free);
        }
    }

    private static bool Fix(JsonElement indices, object[] free)
    {
        var list = indices.Field("__ndarray__") is { ValueKind: JsonValueKind.Array } array && array.GetArrayLength() == 3 ? array[2] : indices;
        if (list.ValueKind != JsonValueKind.Array)
        {
            return false;
        }

        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt32(out int index) || index < -free.Length / 3 || index >= free.Length / 3)
            {
                throw new InputProblemException("PM2606", 0, $"a constraint fixes the atom {JsonFields.Shown(item)}, which the structure does not have");
            }

            int first = 3 * (index < 0 ? index + free.Length / 3 : index);
            (free[first], free[first + 1], free[first + 2]) = (false, false, false);
        }

        return true;
    }

    private Vector3D[] Rows(string name, int count)
    {
        var values = _arrays.GetValueOrDefault(name) ?? (name == "cell" ? new double[9] : throw Missing(name));
        if (values.Length != 3L * count)
        {
            throw new InputProblemException("PM2606", 0, $"the array '{name}' has {values.Length} numbers instead of {3L * count}", "The file is damaged, or was written by a program that is not ASE.");
        }

        var rows = new Vector3D[count];
        for (int i = 0; i < count; i++)
        {
            rows[i] = new Vector3D(values[3 * i], values[3 * i + 1], values[3 * i + 2]);
            if (!rows[i].IsFinite)
            {
                throw new InputProblemException("PM2105", 0, $"row {i + 1} of '{name}' is not finite", "The program that wrote the file has failed here; compute this structure again.");
            }
        }

        return rows;
    }

    private static InputProblemException Missing(string what) => new("PM2603", 0, $"there are no {what}", "The file is damaged, or was written by a program that is not ASE.");
}
