using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Polymorph.Foundation;

namespace Polymorph.Learning.Safetensors;

internal static class SafetensorsReader
{
    private const long LargestHeader = 16 << 20;
    private const long LargestFile = 1 << 30;

    public static SafetensorsFile Read(string path) => Parse(ReadBytes(path), path);

    public static SafetensorsFile Parse(byte[] bytes, string path)
    {
        if (bytes.Length < 8)
        {
            throw Lies(path, $"the file has {bytes.Length} bytes, fewer than the 8 of the header length");
        }

        ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        if (headerLength > LargestHeader || headerLength > (ulong)(bytes.Length - 8))
        {
            throw Lies(path, $"the header claims {headerLength} bytes, the file has {bytes.Length}");
        }

        var data = bytes.AsSpan(8 + (int)headerLength);
        var parts = new SortedDictionary<string, Part>(StringComparer.Ordinal);
        var metadata = new Dictionary<string, string>();
        try
        {
            using var header = JsonDocument.Parse(bytes.AsMemory(8, (int)headerLength), new JsonDocumentOptions { MaxDepth = 8 });
            foreach (var entry in header.RootElement.EnumerateObject())
            {
                if (entry.Name == "__metadata__")
                {
                    metadata = entry.Value.EnumerateObject().ToDictionary(m => m.Name, m => m.Value.GetString() ?? "");
                }
                else if (!parts.TryAdd(entry.Name, ReadPart(path, entry, data.Length)))
                {
                    throw Lies(path, $"the tensor '{entry.Name}' is listed twice");
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentException)
        {
            throw Lies(path, $"the header is not the JSON of a safetensors file ({e.Message})");
        }

        CheckCoverage(path, parts, data.Length);
        if (metadata.TryGetValue(SafetensorsFile.HashKey, out string? hash) && hash != Convert.ToHexStringLower(SHA256.HashData(data)))
        {
            throw new PolymorphException("PM4103", "the bytes do not match the SHA-256 in the file's header: the file was changed or damaged", path, "Restore it from a copy, or remove it to start again.");
        }

        var tensors = new SortedDictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (name, part) in parts)
        {
            tensors.Add(name, ReadTensor(part, data));
        }

        return new SafetensorsFile(tensors, metadata);
    }

    private static byte[] ReadBytes(string path)
    {
        try
        {
            // A device or a pipe says that it is empty, and may never end: it is no model file.
            return BoundedFile.Read(path, (int)Math.Min(new FileInfo(path).Length, LargestFile), reason => Lies(path, reason));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PolymorphException("PM4101", $"cannot read the file: {e.Message}", path, inner: e);
        }
    }

    private static Part ReadPart(string path, JsonProperty entry, int dataLength)
    {
        string type = entry.Value.GetProperty("dtype").GetString() ?? "";
        if (type is not ("F16" or "F32" or "F64"))
        {
            throw Lies(path, $"the tensor '{entry.Name}' has the type '{type}'; F16, F32 and F64 can be read");
        }

        ImmutableArray<int> shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(l => l.GetInt32())];
        long[] range = [.. entry.Value.GetProperty("data_offsets").EnumerateArray().Select(o => o.GetInt64())];
        int size = type switch { "F64" => 8, "F32" => 4, _ => 2 };
        decimal bytes = shape.Aggregate((decimal)size, (product, length) => Math.Min(product * Math.Max(length, 0), LargestFile + 1m));
        if (range is not [>= 0, var end] || end > dataLength || end - range[0] != bytes || shape.Any(l => l < 0))
        {
            throw Lies(path, $"the tensor '{entry.Name}' of shape [{string.Join(", ", shape)}] does not fit its bytes {string.Join("..", range)} of {dataLength}");
        }

        return new Part(shape, (int)range[0], (int)end, size);
    }

    /// <summary>Every byte belongs to exactly one tensor: otherwise a small file could ask for any amount of memory.</summary>
    private static void CheckCoverage(string path, SortedDictionary<string, Part> parts, int dataLength)
    {
        int covered = 0;
        foreach (var (name, part) in parts.OrderBy(p => p.Value.Begin).ThenBy(p => p.Value.End))
        {
            covered = part.Begin == covered ? part.End : throw Lies(path, $"the tensor '{name}' begins at byte {part.Begin} of the data, and the tensors before it end at {covered}");
        }

        if (covered != dataLength)
        {
            throw Lies(path, $"the tensors cover {covered} of the {dataLength} bytes of data");
        }
    }

    private static Tensor ReadTensor(Part place, ReadOnlySpan<byte> data)
    {
        int size = place.Size;
        var part = data[place.Begin..place.End];
        var values = new double[part.Length / size];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = size switch
            {
                8 => BinaryPrimitives.ReadDoubleLittleEndian(part[(8 * i)..]),
                4 => BinaryPrimitives.ReadSingleLittleEndian(part[(4 * i)..]),
                _ => (double)BinaryPrimitives.ReadHalfLittleEndian(part[(2 * i)..]),
            };
        }

        return new Tensor(place.Shape, values, size == 8) { IsHalf = size == 2 };
    }

    private static PolymorphException Lies(string path, string reason) =>
        new("PM4102", $"not a whole safetensors file: {reason}", path, "The file is of another kind or was cut short; use a whole one, or remove it to train the model again.");

    /// <summary>Where a tensor lies in the data; bytes, and bytes per value.</summary>
    private readonly record struct Part(ImmutableArray<int> Shape, int Begin, int End, int Size);
}
