using System.Text.Json;
using Polymorph.Structures;
using Polymorph.Testing;

namespace Polymorph.Representations.Tests.Curves;

/// <summary>The reference patterns and their crystals.</summary>
internal static class GoldenPatterns
{
    public static List<(Structure Crystal, JsonElement Pattern)> All() =>
        [.. ReferenceData.Json("golden/matching/xrd.json").GetProperty("patterns").EnumerateArray().Select(p => (ReferenceCrystal.OfVectors(p.GetProperty("cell"), p.GetProperty("source").GetString()!), p))];
}
