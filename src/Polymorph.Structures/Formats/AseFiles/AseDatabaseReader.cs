using System.Globalization;
using System.Text;
using System.Text.Json;
using Polymorph.Structures.Formats.JsonEntries;

namespace Polymorph.Structures.Formats.AseFiles;

/// <summary>Reads ASE databases (<c>.db</c>, SQLite), row by row; they are neither locked nor changed.</summary>
/// <remarks>Key-value pairs become properties, as do energy, stress, dipole and the row's <c>unique_id</c>; forces and the like become tables of the atoms. The column <c>data</c>
/// is not read. Source: documentation of ase.db, format versions 5 to 9.</remarks>
internal sealed class AseDatabaseReader : FormatReader, IDisposable
{
    private const long OldestVersion = 5, NewestVersion = 9;

    private static readonly string[] Arrays = ["positions", "cell", "initial_magmoms", "initial_charges", "masses", "momenta", "forces", "stress", "dipole", "magmoms", "charges"];
    private static readonly string[] Integers = ["numbers", "tags"];
    private static readonly string[] Numbers = ["energy", "free_energy", "magmom"];

    private readonly SeekableFile _source;
    private Dictionary<string, int>? _columns;
    private IEnumerator<SqliteFile.Row>? _rows;

    public AseDatabaseReader(SeekableFile source, string file, string idName, ReadOptions options)
        : base(file, idName, options) => _source = source;

    public void Dispose() => _rows?.Dispose();

    public override ReadResult? Next()
    {
        _rows ??= Open();
        if (!_rows.MoveNext())
        {
            if (Entries > 0)
            {
                return null;
            }

            Entries++;
            return Reject(new InputProblemException("PM2622", 0, "the database has no rows", "Write structures into it first."));
        }

        Entries++;
        var row = _rows.Current;
        try
        {
            return row.Problem is null ? Accept(Build(row)) : throw row.Problem;
        }
        catch (InputProblemException problem) when (!problem.EndsFile)
        {
            return Reject(new InputProblemException(problem.Code, 0, string.Create(CultureInfo.InvariantCulture, $"row {row.Id}: {problem.Message}"), problem.NextStep));
        }
    }

    private IEnumerator<SqliteFile.Row> Open()
    {
        foreach (string suffix in new[] { "-wal", "-journal" })
        {
            if (File.Exists(FileName + suffix) && new FileInfo(FileName + suffix).Length > 0)
            {
                throw new InputProblemException("PM2623", 0, $"the database has changes that are not yet in it: {StructureChecks.Shown(Path.GetFileName(FileName))}{suffix}",
                    "End the program that writes it, or run 'sqlite3 FILE .tables' once.", endsFile: true);
            }
        }

        var database = new SqliteFile(_source, Options);
        if (database.Table("systems") is not var (columns, root) || !columns.Contains("numbers") || !columns.Contains("positions"))
        {
            throw new InputProblemException("PM2622", 0, "the SQLite database has no table 'systems' with structures, so it is none of ASE", "Write the structures with ase.db, or as extxyz.", endsFile: true);
        }

        if (Version(database) is { } version && (version < OldestVersion || version > NewestVersion))
        {
            throw new InputProblemException("PM2622", 0, $"the database has the format version {version}; versions {OldestVersion} to {NewestVersion} can be read", "Convert it with 'ase db', or write extxyz.", endsFile: true);
        }

        _columns = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int k = 0; k < columns.Length; k++)
        {
            _columns.TryAdd(columns[k], k);
        }

        return database.Rows(root).GetEnumerator();
    }

    private static long? Version(SqliteFile database)
    {
        if (database.Table("information") is not var (_, root))
        {
            return null;
        }

        foreach (var row in database.Rows(root))
        {
            if (row is { Problem: null, Values: ["version", var value, ..] })
            {
                return value switch { long n => n, string text when NumberText.TryLong(text, out long n) => n, _ => null };
            }
        }

        return null;
    }

    private Structure Build(SqliteFile.Row row)
    {
        var atoms = new AseAtoms(Options);
        foreach (string name in Integers)
        {
            AddArray(row, name, "int32", atoms);
        }

        foreach (string name in Arrays)
        {
            AddArray(row, name, "float64", atoms);
        }

        long axes = Value(row, "pbc") is long bits ? bits : 0;
        atoms.Periodicity = new Periodicity((axes & 1) != 0, (axes & 2) != 0, (axes & 4) != 0);
        atoms.Constraints = Value(row, "constraints") as string;
        foreach (string name in Numbers)
        {
            if (Value(row, name) is (double or long) and var number)
            {
                atoms.AddValue(name, Convert.ToDouble(number, CultureInfo.InvariantCulture));
            }
        }

        if (Value(row, "calculator") is string calculator and not "unknown")
        {
            atoms.AddValue("calculator", calculator);
        }

        if (Value(row, "unique_id") is string id)
        {
            atoms.AddValue("unique_id", id);
        }

        AddPairs(Value(row, "key_value_pairs") as string, atoms);
        return atoms.Build(Id);
    }

    private void AddArray(SqliteFile.Row row, string name, string type, AseAtoms atoms)
    {
        if (Value(row, name) is byte[] { Length: > 0 } bytes)
        {
            atoms.AddArray(name, bytes.Length % NumberArray.SizeOf(type) == 0 && bytes.Length / NumberArray.SizeOf(type) <= Options.MaxValues
                ? NumberArray.Read(bytes, type, bigEndian: false)
                : throw new InputProblemException("PM2606", 0, $"the array '{name}' has {bytes.Length} bytes, which are no whole numbers", "The database is damaged: copy it again."));
        }
    }

    private static void AddPairs(string? json, AseAtoms atoms)
    {
        try
        {
            using var document = JsonDocument.Parse(JsonFields.WithQuotedNonNumbers(Encoding.UTF8.GetBytes(string.IsNullOrEmpty(json) ? "{}" : json)));
            foreach (var pair in document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.EnumerateObject() : default)
            {
                if (JsonFields.Property(pair.Value) is { } value)
                {
                    atoms.AddValue(pair.Name, value);
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InputProblemException("PM2603", 0, "the key-value pairs are not JSON", "The database is damaged: copy it again.");
        }
    }

    private object? Value(SqliteFile.Row row, string column) => _columns!.TryGetValue(column, out int index) && index < row.Values.Length ? row.Values[index] : null;
}
