using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Polymorph.Structures.Formats.JsonEntries;

namespace Polymorph.Structures.Formats.AseFiles;

/// <summary>ASE's container of items: each a JSON object whose arrays lie as plain bytes in the same file.</summary>
/// <remarks>Layout: the magic word, a tag of 16 characters, three integers (version, number of items, place of their table), the table of places. An item: the length of
/// its JSON, then the JSON; a field <c>name.</c> with <c>{"ndarray": [shape, type, place]}</c> is an array. Integers have 8 bytes, little-endian. Source: documentation of ase.io.ulm.</remarks>
internal sealed class UlmFile(SeekableFile file, ReadOptions options)
{
    /// <summary>What every file begins with, and what those before version 3 begin with.</summary>
    public const string Magic = "- of Ulm", OldMagic = "AFFormat";

    private const int HeaderLength = 48;
    private const string Mend = "The file has been cut short or damaged: copy or compute it again.";

    private long _table;

    /// <summary>Kind of file: <c>ASE-Trajectory</c>.</summary>
    public string Tag { get; private set; } = "";

    /// <summary>Number of items.</summary>
    public long Count { get; private set; }

    /// <summary>Reads the header.</summary>
    /// <exception cref="InputProblemException">PM2611, ends the file.</exception>
    public void Open()
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        if (!file.TryRead(0, header))
        {
            throw Damaged("it ends within its header");
        }

        if (Encoding.ASCII.GetString(header[..8]) is not (Magic or OldMagic))
        {
            throw Damaged("it does not begin as trajectories do");
        }

        Tag = Encoding.ASCII.GetString(header.Slice(8, 16)).TrimEnd();
        Count = BinaryPrimitives.ReadInt64LittleEndian(header[32..]);
        _table = BinaryPrimitives.ReadInt64LittleEndian(header[40..]);
        if (Count < 0 || _table < HeaderLength || _table > file.Length || Count > (file.Length - _table) / 8)
        {
            throw Damaged(FormattableString.Invariant($"it claims {Count} items in {file.Length} bytes"));
        }
    }

    /// <summary>The JSON of an item.</summary>
    /// <exception cref="InputProblemException">PM2611: this item cannot be read; others may.</exception>
    public JsonDocument Item(long index)
    {
        Span<byte> number = stackalloc byte[8];
        if (!file.TryRead(_table + 8 * index, number) || BinaryPrimitives.ReadInt64LittleEndian(number) is var place && !file.TryRead(place, number))
        {
            throw Lost(index, "its place lies outside the file");
        }

        long length = BinaryPrimitives.ReadInt64LittleEndian(number);
        if (length < 2 || length > options.MaxEntryBytes || length > file.Length)
        {
            throw Lost(index, FormattableString.Invariant($"it claims a description of {length} bytes"));
        }

        var json = new byte[length];
        if (!file.TryRead(place + 8, json))
        {
            throw Lost(index, "its description lies outside the file");
        }

        try
        {
            return JsonDocument.Parse(JsonFields.WithQuotedNonNumbers(json));
        }
        catch (JsonException)
        {
            throw Lost(index, "its description is not JSON");
        }
    }

    /// <summary>The numbers of an array field, row-major; null when there is none of this name.</summary>
    /// <param name="item">An item or an object within it.</param>
    /// <param name="name">Name without the point.</param>
    /// <param name="bigEndian">True when the item says so.</param>
    /// <exception cref="InputProblemException">PM2611, PM2613, PM2113, or a field of another form.</exception>
    public double[]? Array(JsonElement item, string name, bool bigEndian)
    {
        if (item.Field(name + ".")?.Field("ndarray") is { } reference)
        {
            return Referred(reference, name, bigEndian);
        }

        // Short arrays are written as lists: the cell, stress, dipole.
        return item.Field(name) is { } list ? [.. Flattened(list, name, depth: 0)] : null;
    }

    private double[] Referred(JsonElement reference, string name, bool bigEndian)
    {
        bool whole = reference.ValueKind == JsonValueKind.Array && reference.GetArrayLength() == 3 && reference[0].ValueKind == JsonValueKind.Array
            && reference[1].ValueKind == JsonValueKind.String && reference[2].ValueKind == JsonValueKind.Number;
        string type = whole ? reference[1].GetString()! : "";
        long place = 0;
        if (!whole || !reference[2].TryGetInt64(out place) || NumberArray.SizeOf(type) == 0)
        {
            throw new InputProblemException("PM2613", 0, $"the array '{name}' is of the type '{StructureChecks.Shown(type)}', which is no number", "Write the file again with numbers.");
        }

        long count = 1;
        foreach (var length in reference[0].EnumerateArray())
        {
            long rows = length.ValueKind == JsonValueKind.Number && length.TryGetInt64(out long n) && n >= 0 ? n : throw new InputProblemException("PM2611", 0, $"the array '{name}' has no proper shape", Mend);
            count = Math.Min(count * Math.Min(rows, options.MaxValues + 1L), options.MaxValues + 1L);
        }

        if (count > options.MaxValues)
        {
            throw new InputProblemException("PM2113", 0, $"the array '{name}' has more than {options.MaxValues} numbers", "Raise the limit if this is meant.");
        }

        long size = count * NumberArray.SizeOf(type);
        if (place < 0 || size > file.Length - place)
        {
            throw new InputProblemException("PM2611", 0, $"the array '{name}' lies outside the file", Mend);
        }

        var bytes = new byte[size];
        return file.TryRead(place, bytes) ? NumberArray.Read(bytes, type, bigEndian) : throw new InputProblemException("PM2611", 0, $"the array '{name}' cannot be read", Mend);
    }

    private static IEnumerable<double> Flattened(JsonElement list, string name, int depth) => list.ValueKind == JsonValueKind.Array && depth < 4
        ? list.EnumerateArray().SelectMany(row => Flattened(row, name, depth + 1))
        : [JsonFields.Number(list, $"a number of '{name}'", 0)];

    private static InputProblemException Damaged(string why) => new("PM2611", 0, $"the file of ASE is damaged: {why}", Mend, endsFile: true);

    private static InputProblemException Lost(long index, string why) => new("PM2611", 0, FormattableString.Invariant($"item {index + 1} is damaged: {why}"), Mend);
}
