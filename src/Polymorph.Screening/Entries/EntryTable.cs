using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Polymorph.Foundation;
using Polymorph.Structures.Formats;
using Polymorph.Structures.Formats.Tables;

namespace Polymorph.Screening.Entries;

/// <summary>Reads entries from CSV with a line of column names, from JSON (a list of objects, or an object with the list <c>entries</c>) and from JSON Lines; plain or compressed with gzip.</summary>
/// <remarks>Strict: a hull without one of its entries would be another hull, so the first bad entry ends the reading.</remarks>
internal static class EntryTable
{
    private const int MostBytes = 1 << 30;

    private static readonly JsonDocumentOptions Lenient = new() { MaxDepth = 16 };

    /// <summary>All entries of a file; <c>-</c> is CSV from standard input.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="PolymorphException">PM5200, PM5201, PM5208, PM5209.</exception>
    public static List<EntryRow> Read(string path) => Read(path, out _);

    /// <summary>All entries of a file, and the JSON object that holds their list.</summary>
    /// <param name="path">The file.</param>
    /// <param name="around">The object; null for other files.</param>
    public static List<EntryRow> Read(string path, out JsonElement? around)
    {
        around = null;
        List<EntryRow> rows;
        try
        {
            byte[] bytes = Bytes(path);
            string name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
            rows = name.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? Json(bytes, path, out around)
                : name.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase) ? JsonLines(bytes, path)
                : Csv(bytes, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new PolymorphException("PM5200", $"the entries cannot be read: {e.Message}", path, "Check the path, the permissions, and that the file is whole.", inner: e);
        }
        catch (InputProblemException e)
        {
            throw new PolymorphException("PM5209", e.Message, string.Create(CultureInfo.InvariantCulture, $"{path}:{e.Line}"), e.NextStep, inner: e);
        }
        catch (JsonException e)
        {
            throw new PolymorphException("PM5209", $"not valid JSON: {e.Message}", string.Create(CultureInfo.InvariantCulture, $"{path}:{e.LineNumber + 1}"), "Export the file again.", inner: e);
        }

        return rows.Count > 0 ? rows : throw new PolymorphException("PM5201", "the file has no entries", path, "Expected a line of column names such as id,formula,energy_eV and a line for each entry.");
    }

    private static byte[] Bytes(string path)
    {
        static PolymorphException TooLarge(string path, string reason) => new("PM5200", reason, path, "Leave out entries of elements that are not asked for.");
        byte[] bytes;
        if (path == "-")
        {
            using var input = Console.OpenStandardInput();
            using var copy = new MemoryStream();
            input.CopyTo(copy);
            bytes = copy.ToArray();
        }
        else
        {
            bytes = BoundedFile.Read(path, MostBytes, reason => TooLarge(path, reason));
        }

        if (bytes is not [0x1f, 0x8b, ..])
        {
            return bytes;
        }

        using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        var part = new byte[1 << 16];
        while (gzip.Read(part) is var came and > 0)
        {
            plain.Write(part, 0, came);
            if (plain.Length > MostBytes)
            {
                throw TooLarge(path, $"the file unpacks to more than {MostBytes} bytes");
            }
        }

        return plain.ToArray();
    }

    private static List<EntryRow> Csv(byte[] bytes, string path)
    {
        var options = new ReadOptions();
        using var lines = new TextLines(new MemoryStream(bytes), options.MaxLineLength);
        var records = new CsvRecords(lines, options);
        var rows = new List<EntryRow>();
        if (records.Next() is not { } header)
        {
            return rows;
        }

        string[] names = [.. header.Select(name => name.Trim().ToLowerInvariant())];
        if (names.Where(n => n.Length > 0).GroupBy(n => n).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new InputProblemException("PM5209", records.Line, $"the column '{twice.Key}' occurs twice");
        }

        while (records.Next() is { } fields)
        {
            if (fields.Count != names.Length)
            {
                throw new InputProblemException("PM5209", records.Line, $"the row has {fields.Count} fields instead of {names.Length}", "Look for a comma or quotation mark that is missing or too many; numbers have decimal points.");
            }

            var row = new Dictionary<string, string>(names.Length);
            for (int k = 0; k < names.Length; k++)
            {
                row[names[k]] = fields[k];
            }

            rows.Add(new EntryRow(string.Create(CultureInfo.InvariantCulture, $"{path}:{records.Line}"), row));
        }

        return rows;
    }

    private static List<EntryRow> Json(byte[] bytes, string path, out JsonElement? around)
    {
        using var document = JsonDocument.Parse(WithoutMark(bytes), Lenient);
        var root = document.RootElement;
        around = root.ValueKind == JsonValueKind.Object ? root.Clone() : null;
        var list = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("entries", out var entries) ? entries : root;
        return list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select((entry, i) => Row(entry, string.Create(CultureInfo.InvariantCulture, $"{path}#{i + 1}")))]
            : throw new PolymorphException("PM5209", "the file has no list of entries", path, "Expected a JSON list of objects, or an object with the list 'entries'.");
    }

    private static List<EntryRow> JsonLines(byte[] bytes, string path)
    {
        var rows = new List<EntryRow>();
        using var lines = new TextLines(new MemoryStream(bytes), 1 << 24);
        while (lines.Read() is { } line)
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                string place = string.Create(CultureInfo.InvariantCulture, $"{path}:{lines.Number}");
                try
                {
                    using var document = JsonDocument.Parse(line, Lenient);
                    rows.Add(Row(document.RootElement, place));
                }
                catch (JsonException e)
                {
                    throw new PolymorphException("PM5209", $"not valid JSON: {e.Message}", place, "Export the file again.", inner: e);
                }
            }
        }

        return rows;
    }

    private static ReadOnlyMemory<byte> WithoutMark(byte[] bytes) => bytes is [0xef, 0xbb, 0xbf, ..] ? bytes.AsMemory(3) : bytes;

    private static EntryRow Row(JsonElement entry, string place)
    {
        if (entry.ValueKind != JsonValueKind.Object)
        {
            throw new PolymorphException("PM5209", "an entry is not a JSON object", place, "Expected such as {\"id\": \"a\", \"composition\": {\"Mg\": 1, \"O\": 1}, \"energy\": -12.1}.");
        }

        var row = new Dictionary<string, string>();
        foreach (var field in entry.EnumerateObject())
        {
            row[field.Name.ToLowerInvariant()] = field.Value.ValueKind switch
            {
                JsonValueKind.String => field.Value.GetString()!,
                JsonValueKind.Object when field.Name is "composition" or "formula" => Formula(field.Value, place),
                JsonValueKind.Object => string.Join(' ', field.Value.EnumerateObject().Select(v => $"{v.Name}:{v.Value.GetRawText()}")),
                JsonValueKind.Null => "",
                _ => field.Value.GetRawText(),
            };
        }

        return new EntryRow(place, row);
    }

    private static string Formula(JsonElement composition, string place)
    {
        var text = new StringBuilder();
        foreach (var element in composition.EnumerateObject())
        {
            double amount = element.Value.ValueKind == JsonValueKind.Number ? element.Value.GetDouble() : double.NaN;
            if (!(amount >= 0))
            {
                throw new PolymorphException("PM5204", $"the amount of {element.Name} is {element.Value.GetRawText()}", place, "Write amounts of zero or more.");
            }

            // Sixteen decimals at most: enough for amounts such as 1/3, and never an exponent.
            text.Append(element.Name).Append(amount == 1 ? "" : amount.ToString("0.################", CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }
}
