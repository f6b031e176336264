using System.Text.Json;
using Xunit;

namespace Polymorph.Testing;

/// <summary>Finds the reference data (golden vectors, published structures), which lie in a folder named <c>shared</c> beside the checkout and are not part of it.</summary>
/// <remarks>Without them a test is skipped; where <c>CI=true</c> it fails instead, so that CI never passes by testing nothing.</remarks>
public static class ReferenceData
{
    private static readonly Lazy<string?> Root = new(() => Checkout.Above(folder => Directory.Exists(Path.Combine(folder, "shared", "golden"))) is { } above ? Path.Combine(above, "shared") : null);

    /// <summary>The full path of a reference file or folder.</summary>
    /// <param name="relativePath">For example <c>golden/logan/radial.json</c>.</param>
    public static string PathOf(string relativePath)
    {
        string? found = Root.Value is { } root ? Path.Combine(root, relativePath) : null;
        if (found is not null && (File.Exists(found) || Directory.Exists(found)))
        {
            return found;
        }

        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.Fail($"The reference data '{relativePath}' are missing; CI needs the folder 'shared' beside the checkout.");
        }

        Assert.Skip("needs the reference data");
        return "";
    }

    /// <summary>A reference file parsed as JSON.</summary>
    /// <param name="relativePath">For example <c>golden/logan/epoch.json</c>.</param>
    public static JsonElement Json(string relativePath)
    {
        using var stream = File.OpenRead(PathOf(relativePath));
        using var document = JsonDocument.Parse(stream);
        return document.RootElement.Clone();
    }
}
