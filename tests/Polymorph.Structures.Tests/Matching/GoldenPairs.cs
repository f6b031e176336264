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
            .Select(p => new GoldenPair(file, p.GetProperty("n").GetInt32(), p.GetProperty("kind").GetString()!, ReferenceCrystal.OfVectors(p.GetProperty("a")), ReferenceCrystal.OfVectors(p.GetProperty("b")), p.GetProperty("result")))];
    }
}
