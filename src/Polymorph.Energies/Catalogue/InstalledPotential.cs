using System.Collections.Immutable;
using System.Text.Json;
using Polymorph.Foundation;
using Polymorph.Learning.PortableTensors;
using Polymorph.Structures;

namespace Polymorph.Energies.Catalogue;

/// <summary>What the manifest of published weights says about them; the weights themselves are not read.</summary>
/// <param name="Name">Its name in the store: the manifest's file name without extension.</param>
/// <param name="ManifestPath">The manifest.</param>
/// <param name="Model">Kind of potential, such as <c>TensorNet</c>.</param>
/// <param name="Variant">Which one of that kind.</param>
/// <param name="Elements">Elements it knows.</param>
/// <param name="Licence">Licence and copyright as the manifest states them; null when it states none.</param>
/// <param name="Citations">What to cite.</param>
/// <param name="BinarySha256">SHA-256 that the manifest gives for its binary.</param>
public sealed record InstalledPotential(
    string Name, string ManifestPath, string Model, string Variant, ImmutableArray<Element> Elements, string? Licence, ImmutableArray<string> Citations, string BinarySha256)
{
    private const int LargestManifest = 16 << 20;

    /// <summary>Reads a manifest alone.</summary>
    /// <param name="path">The <c>.json</c> file.</param>
    /// <returns>Null when the file is JSON of another kind.</returns>
    /// <exception cref="PolymorphException">PM6222: it cannot be read, is cut, or lacks what every manifest has.</exception>
    public static InstalledPotential? Read(string path)
    {
        try
        {
            byte[] text = BoundedFile.Read(path, LargestManifest, reason => Unusable(path, reason));
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 16 });
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || Text(root, "format") != PortableTensorFile.Format)
            {
                return null;
            }

            string? licence = Text(root, "license");
            licence = Text(root, "copyright") is { } copyright ? licence is null ? copyright : $"{licence}, {copyright}" : licence;
            return new InstalledPotential(
                Path.GetFileNameWithoutExtension(path), Path.GetFullPath(path), Needed(root, "model"), Text(root, "variant") ?? "",
                [.. root.GetProperty("elements").EnumerateArray().Select(e => Element.Parse(e.GetString() ?? ""))], licence,
                root.TryGetProperty("citation", out var citations) && citations.ValueKind == JsonValueKind.Array ? [.. citations.EnumerateArray().Select(c => c.GetString() ?? "")] : [],
                Needed(root, "binary_sha256"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw Unusable(path, e.Message);
        }
    }

    private static string Needed(JsonElement root, string key) => Text(root, key) ?? throw new FormatException($"it has no '{key}'");

    private static string? Text(JsonElement root, string key) => root.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static PolymorphException Unusable(string path, string reason) =>
        new("PM6222", $"not a whole manifest of weights: {reason}", path, "Give the .json file of a pair that was copied completely.");
}
