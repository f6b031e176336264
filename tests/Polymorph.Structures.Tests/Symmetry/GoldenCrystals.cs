using System.Text.Json;
using Polymorph.Testing;

namespace Polymorph.Structures.Tests.Symmetry;

/// <summary>The reference crystals with spglib's answers.</summary>
internal static class GoldenCrystals
{
    private static readonly Dictionary<string, List<JsonElement>> Read = [];

    /// <summary>The records of a file of <c>golden/matching</c>.</summary>
    public static List<JsonElement> Of(string file, string list)
    {
        lock (Read)
        {
            return Read.TryGetValue(file, out var records) ? records
                : Read[file] = [.. ReferenceData.Json($"golden/matching/{file}").GetProperty(list).EnumerateArray()];
        }
    }

    public static Structure Crystal(JsonElement record) => ReferenceCrystal.OfVectors(record.GetProperty("cell"), record.GetProperty("source").GetString()!);
}
