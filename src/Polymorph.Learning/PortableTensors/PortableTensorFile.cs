using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Polymorph.Foundation;

namespace Polymorph.Learning.PortableTensors;

/// <summary>An array of a portable tensor file.</summary>
/// <param name="Shape">Lengths of its axes.</param>
/// <param name="Values">Row-major values; a weight of shape [out × in] is applied as y = W x + b.</param>
public sealed record PortableTensor(ImmutableArray<int> Shape, float[] Values);

/// <summary>Weights of a published model in the format <c>polymorph-tensors-1</c>: a JSON manifest beside one binary file of little-endian 32-bit numbers.</summary>
/// <remarks>The manifest names the binary, its length and SHA-256, the model's hyperparameters, and for every tensor its name, shape, offset and bytes;
/// tensors start at multiples of 64 bytes.</remarks>
public sealed class PortableTensorFile
{
    /// <summary>Value of <c>format</c> in every manifest.</summary>
    public const string Format = "polymorph-tensors-1";

    private const int LargestManifest = 16 << 20;
    private const int LargestBinary = 1 << 30;

    private PortableTensorFile(string path, JsonElement manifest, ImmutableSortedDictionary<string, PortableTensor> tensors, string sha256) =>
        (ManifestPath, Manifest, Tensors, BinarySha256) = (path, manifest, tensors, sha256);

    /// <summary>The manifest's file.</summary>
    public string ManifestPath { get; }

    /// <summary>The whole manifest: elements, hyperparameters, licence, citation.</summary>
    public JsonElement Manifest { get; }

    /// <summary>Tensors by name.</summary>
    public ImmutableSortedDictionary<string, PortableTensor> Tensors { get; }

    /// <summary>SHA-256 of the binary, lower-case hexadecimal; it equals the manifest's.</summary>
    public string BinarySha256 { get; }

    /// <summary>Reads a manifest and its binary, and checks lengths, places and SHA-256.</summary>
    /// <param name="manifestPath">The <c>.json</c> file.</param>
    /// <exception cref="PolymorphException">PM4111: a file cannot be read; PM4112: not a manifest of this format, or its places do not fit the binary; PM4113: the binary is not the one the manifest describes.</exception>
    public static PortableTensorFile Read(string manifestPath)
    {
        byte[] text = ReadBytes(manifestPath, LargestManifest);
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 16 });
            var manifest = document.RootElement.Clone();
            if (manifest.ValueKind != JsonValueKind.Object || !manifest.TryGetProperty("format", out var format) || format.GetString() != Format)
            {
                throw NotAManifest(manifestPath, $"it does not say \"format\": \"{Format}\"");
            }

            string name = manifest.GetProperty("binary").GetString() ?? "";
            if (name.Length == 0 || Path.GetFileName(name) != name)
            {
                throw NotAManifest(manifestPath, $"its binary '{name}' is not the name of a file beside it");
            }

            string binaryPath = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(manifestPath))!, name);
            byte[] binary = ReadBytes(binaryPath, LargestBinary);
            long length = manifest.GetProperty("binary_bytes").GetInt64();
            if (binary.LongLength != length)
            {
                throw Damaged(binaryPath, $"the file has {binary.Length} bytes, its manifest says {length}");
            }

            string hash = Convert.ToHexStringLower(SHA256.HashData(binary));
            if (hash != manifest.GetProperty("binary_sha256").GetString())
            {
                throw Damaged(binaryPath, "its SHA-256 is not the one of its manifest");
            }

            var tensors = ImmutableSortedDictionary.CreateBuilder<string, PortableTensor>(StringComparer.Ordinal);
            foreach (var entry in manifest.GetProperty("tensors").EnumerateArray())
            {
                string tensor = entry.GetProperty("name").GetString() ?? "";
                if (!tensors.TryAdd(tensor, ReadTensor(manifestPath, tensor, entry, binary)))
                {
                    throw NotAManifest(manifestPath, $"the tensor '{tensor}' is listed twice");
                }
            }

            return new PortableTensorFile(manifestPath, manifest, tensors.ToImmutable(), hash);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw NotAManifest(manifestPath, e.Message);
        }
    }

    /// <summary>A tensor that must be there.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">The shape it must have.</param>
    /// <exception cref="PolymorphException">PM4112: missing, or of another shape.</exception>
    public float[] Values(string name, params ReadOnlySpan<int> shape) =>
        !Tensors.TryGetValue(name, out var tensor) ? throw NotAManifest(ManifestPath, $"the tensor '{name}' is missing")
        : !tensor.Shape.AsSpan().SequenceEqual(shape) ? throw NotAManifest(ManifestPath, $"the tensor '{name}' has the shape [{string.Join(", ", tensor.Shape)}] and not [{string.Join(", ", shape.ToArray())}]")
        : tensor.Values;

    private static PortableTensor ReadTensor(string path, string name, JsonElement entry, byte[] binary)
    {
        ImmutableArray<int> shape = [.. entry.GetProperty("shape").EnumerateArray().Select(l => l.GetInt32())];
        long offset = entry.GetProperty("offset").GetInt64(), bytes = entry.GetProperty("bytes").GetInt64();
        decimal wanted = shape.Aggregate(4m, (product, l) => Math.Min(product * Math.Max(l, 0), LargestBinary + 1m));
        if (entry.GetProperty("dtype").GetString() != "float32" || shape.Any(l => l < 0) || offset < 0 || bytes != wanted || bytes > binary.LongLength || offset > binary.LongLength - bytes)
        {
            throw NotAManifest(path, $"the tensor '{name}' of shape [{string.Join(", ", shape)}] does not fit {bytes} bytes at {offset} of {binary.LongLength}");
        }

        var values = new float[bytes / 4];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(binary.AsSpan((int)offset + 4 * i));
        }

        return new PortableTensor(shape, values);
    }

    private static byte[] ReadBytes(string path, int atMost)
    {
        try
        {
            return BoundedFile.Read(path, atMost, reason => NotAManifest(path, reason));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PolymorphException("PM4111", $"cannot read the file: {e.Message}", path, "Check the path; a manifest and its binary lie in the same folder.", inner: e);
        }
    }

    private static PolymorphException NotAManifest(string path, string reason) =>
        new("PM4112", $"not a manifest of weights: {reason}", path, $"Give the .json file of a pair in the format {Format}.");

    private static PolymorphException Damaged(string path, string reason) =>
        new("PM4113", $"the weights are not those of their manifest: {reason}", path, "The file was cut or changed; get it again.");
}
