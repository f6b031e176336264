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

    public static Structure Crystal(JsonElement record)
    {
        var cell = record.GetProperty("cell");
        var rows = cell.GetProperty("lattice").EnumerateArray().Select(Vector).ToList();
        var lattice = new Lattice(rows[0], rows[1], rows[2]);
        return new Structure(
            [.. cell.GetProperty("z").EnumerateArray().Select(z => new Element(z.GetInt32()))],
            [.. cell.GetProperty("x").EnumerateArray().Select(x => lattice.ToCartesian(Vector(x)))], lattice, id: record.GetProperty("source").GetString()!);
    }

    private static Vector3D Vector(JsonElement v) => new(v[0].GetDouble(), v[1].GetDouble(), v[2].GetDouble());
}
