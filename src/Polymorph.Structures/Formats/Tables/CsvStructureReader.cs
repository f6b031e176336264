using System.Text;

namespace Polymorph.Structures.Formats.Tables;

/// <summary>Reads CSV files with a column <c>cif</c>, as the benchmarks perov-5, carbon-24 and MP-20 are published; the other columns become properties.</summary>
/// <remarks>A column <c>material_id</c> also becomes the property <c>id</c>. Columns without a name (row numbers) and empty cells are left out.</remarks>
internal sealed class CsvStructureReader : FormatReader, IDisposable
{
    private const string CifColumn = "cif", IdColumn = "material_id";

    private readonly CsvRecords _records;
    private List<string>? _header;
    private int _cif;

    public CsvStructureReader(TextLines lines, string file, string idName, ReadOptions options)
        : base(file, idName, options) => _records = new CsvRecords(lines, options);

    /// <summary>True when a line lists columns, a CIF among them.</summary>
    public static bool IsHeader(string line) => line.Contains(',', StringComparison.Ordinal) && line.Split(',').Any(c => IsCif(c.Trim().Trim('"')));

    public void Dispose() => _records.Dispose();

    public override ReadResult? Next()
    {
        _header ??= ReadHeader();
        if (_header is null || _records.Next() is not { } fields)
        {
            return null;
        }

        Entries++;
        try
        {
            return ReadRow(fields);
        }
        catch (InputProblemException problem) when (!problem.EndsFile)
        {
            return Reject(problem);
        }
    }

    private static bool IsCif(string column) => column.Equals(CifColumn, StringComparison.OrdinalIgnoreCase);

    private List<string>? ReadHeader()
    {
        var header = _records.Next();
        _cif = header?.FindIndex(c => IsCif(c.Trim())) ?? 0;
        return _cif >= 0 ? header : throw new InputProblemException("PM2631", _records.Line, "the table has no column named cif", "Structures are read from such a column; give another format otherwise.", endsFile: true);
    }

    private ReadResult ReadRow(List<string> fields)
    {
        long line = _records.Line;
        if (fields.Count != _header!.Count)
        {
            throw new InputProblemException("PM2632", line, $"the row has {fields.Count} fields instead of {_header.Count}", "Look for a comma or quotation mark that is missing or too many.");
        }

        long cifLine = _records.FieldLines[_cif];
        var text = new TextLines(new MemoryStream(Encoding.UTF8.GetBytes(fields[_cif])), Options.MaxLineLength);
        var (structure, rejection) = new CifReader(text, FileName, Id, Options).Next()!.Value;
        if (structure is null)
        {
            return new ReadResult(null, rejection! with { Line = cifLine + Math.Max(0, rejection.Line - 1) });
        }

        var properties = structure.Properties.Remove("data_block").ToBuilder();
        for (int k = 0; k < fields.Count; k++)
        {
            string name = _header[k].Trim();
            if (k != _cif && name.Length > 0 && fields[k].Length > 0)
            {
                properties[StructureParts.PropertyName(name)] = CommentValue.Parse(fields[k], Enclosure.Bare);
                if (name == IdColumn)
                {
                    properties["id"] = fields[k];
                }
            }
        }

        return Accept(new Structure(structure.Species, structure.Positions, structure.Lattice, structure.Periodicity, Id, properties.ToImmutable(), structure.AtomProperties.Remove("label")), line);
    }
}
