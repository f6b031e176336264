using System.Text.Json;
using Polymorph.Structures.Matching;
using Polymorph.Testing;

namespace Polymorph.Structures.Tests.Matching;

/// <summary>Pairs of crystals with the verdicts of pymatgen 2022.11.7.</summary>
internal sealed record GoldenPair(string File, int Number, string Kind, Structure A, Structure B, JsonElement Result)
{
    public static readonly MatchOptions Default = new();
    public static readonly MatchOptions NoPrimitive = MatchOptions.Benchmark with { PrimitiveCell = false };
    public static readonly MatchOptions NoScale = MatchOptions.Benchmark with { Scale = false };

    /// <summary>The pairs of a file; those whose answer depends on the description in pymatgen only when asked for.</summary>
    public static IReadOnlyList<GoldenPair> Read(string file, bool undecided = false)
    {
        var skip = ReferenceData.Json("golden/matching/order_dependent.json").GetProperty("undecided_pairs").GetProperty(file).EnumerateArray().Select(n => n.GetInt32()).ToHashSet();
        return [.. ReferenceData.Json($"golden/matching/{file}").GetProperty("pairs").EnumerateArray()
            .Where(p => undecided || !skip.Contains(p.GetProperty("n").GetInt32()))
            .Select(p => new GoldenPair(file, p.GetProperty("n").GetInt32(), p.GetProperty("kind").GetString()!, Crystal(p.GetProperty("a")), Crystal(p.GetProperty("b")), p.GetProperty("result")))];
    }

    /// <summary>A crystal written as lattice rows, atomic numbers and fractional coordinates.</summary>
    public static Structure Crystal(JsonElement json)
    {
        Vector3D[] rows = [.. json.GetProperty("lattice").EnumerateArray().Select(Vector)];
        // Left-handed cells are mirror settings of the same lattice: all vectors reversed describe the same crystal with inverted coordinates.
        bool right = rows[0].Cross(rows[1]).Dot(rows[2]) > 0;
        var lattice = right ? new Lattice(rows[0], rows[1], rows[2]) : new Lattice(-rows[0], -rows[1], -rows[2]);
        return new Structure(
            [.. json.GetProperty("z").EnumerateArray().Select(z => new Element(z.GetInt32()))],
            [.. json.GetProperty("x").EnumerateArray().Select(x => lattice.ToCartesian(right ? Vector(x) : -Vector(x)))],
            lattice);
    }

    private static Vector3D Vector(JsonElement v) => new(v[0].GetDouble(), v[1].GetDouble(), v[2].GetDouble());
}
