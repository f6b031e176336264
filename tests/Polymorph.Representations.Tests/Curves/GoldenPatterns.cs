using System.Text.Json;
using Polymorph.Structures;
using Polymorph.Testing;

namespace Polymorph.Representations.Tests.Curves;

/// <summary>The reference patterns and their crystals.</summary>
internal static class GoldenPatterns
{
    public static List<(Structure Crystal, JsonElement Pattern)> All() =>
        [.. ReferenceData.Json("golden/matching/xrd.json").GetProperty("patterns").EnumerateArray().Select(p => (Crystal(p), p))];

    private static Structure Crystal(JsonElement record)
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
