using System.Text.Json;
using Polymorph.Foundation;
using Polymorph.Learning.Safetensors;

namespace Polymorph.Models;

/// <summary>What reading a model's file has in common for all models.</summary>
internal static class ModelFile
{
    /// <summary>Reads. A file of valid tensors can still be another program's: whatever is missing or misshapen becomes one clear error.</summary>
    /// <param name="file">The file.</param>
    /// <param name="path">Where it is.</param>
    /// <param name="model">What it should be, such as <c>a LoGAN model</c>.</param>
    /// <param name="format">Format that its metadata must name.</param>
    /// <param name="read">Reads the rest.</param>
    /// <exception cref="PolymorphException">PM4104: a file of another kind.</exception>
    public static T Understand<T>(SafetensorsFile file, string path, string model, string format, Func<T> read)
    {
        try
        {
            string found = file.Metadata.GetValueOrDefault("format") ?? "none";
            return found == format ? read() : throw new FormatException($"its format is '{found}', not '{format}'");
        }
        catch (Exception e) when (e is FormatException or KeyNotFoundException or ArgumentException or JsonException or OverflowException or IndexOutOfRangeException)
        {
            throw new PolymorphException("PM4104", $"not {model} that can be used here: {e.Message}", path,
                "Use a file of the same run folder, or remove it to train this model again.", inner: e);
        }
    }
}
