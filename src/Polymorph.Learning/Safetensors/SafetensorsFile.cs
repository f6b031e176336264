using System.Collections.Immutable;
using System.Globalization;

namespace Polymorph.Learning.Safetensors;

/// <summary>The content of a safetensors file: named tensors and text metadata, readable from Python with one line.</summary>
/// <remarks>Layout: 8-byte little-endian header length, a JSON header with types, shapes and byte ranges, then the bytes.
/// Format description: huggingface.co/docs/safetensors. We write the SHA-256 of the bytes into the metadata and check it when it is there.</remarks>
public sealed class SafetensorsFile
{
    internal const string HashKey = "sha256";

    /// <summary>A file to be written, or one that was read.</summary>
    /// <param name="tensors">Tensors by name.</param>
    /// <param name="metadata">Text by key; the key <c>sha256</c> is the writer's own.</param>
    public SafetensorsFile(IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        Tensors = tensors.ToImmutableSortedDictionary(StringComparer.Ordinal);
        Metadata = (metadata ?? ImmutableDictionary<string, string>.Empty).Where(m => m.Key != HashKey).ToImmutableSortedDictionary(StringComparer.Ordinal);
    }

    /// <summary>Tensors by name.</summary>
    public ImmutableSortedDictionary<string, Tensor> Tensors { get; }

    /// <summary>Text by key.</summary>
    public ImmutableSortedDictionary<string, string> Metadata { get; }

    /// <summary>Reads and checks a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="Foundation.PolymorphException">PM4101: missing or unreadable; PM4102: not a safetensors file, or its header lies; PM4103: bytes do not match their SHA-256.</exception>
    public static SafetensorsFile Read(string path) => SafetensorsReader.Read(path);

    /// <summary>Reads and checks the content of a file.</summary>
    /// <param name="bytes">The whole content.</param>
    /// <param name="name">Its name for messages.</param>
    /// <exception cref="Foundation.PolymorphException">PM4102: not a safetensors file, or its header lies; PM4103: bytes do not match their SHA-256.</exception>
    public static SafetensorsFile Parse(byte[] bytes, string name) => SafetensorsReader.Parse(bytes, name);

    /// <summary>Writes the file atomically.</summary>
    /// <param name="path">The file to create or replace.</param>
    public void Write(string path) => SafetensorsWriter.Write(this, path);

    /// <summary>A metadata value as a whole number.</summary>
    /// <param name="key">The key.</param>
    /// <exception cref="KeyNotFoundException">The key is missing.</exception>
    /// <exception cref="FormatException">The value is not a whole number.</exception>
    public long Integer(string key) => long.Parse(Metadata[key], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}
