using System.Collections.Immutable;
using System.Text.Json;
using Polymorph.Models.Cgcnn;
using Polymorph.Models.Tests.CrystalGan;
using Polymorph.Representations.CrystalGraphs;
using Polymorph.Structures;
using Polymorph.Testing;

namespace Polymorph.Models.Tests.Cgcnn;

/// <summary>Reads <c>golden/cgcnn</c>: numbers of the published network in another program.</summary>
internal static class GoldenCgcnn
{
    public static readonly string[] Models = ["band-gap", "bulk-moduli", "efermi", "final-energy-per-atom", "formation-energy-per-atom", "poisson-ratio", "semi-metal-classification", "shear-moduli"];

    private static readonly Lazy<Dictionary<string, JsonElement>> Records = new(() =>
        ReferenceData.Json("golden/cgcnn/graphs.json").GetProperty("graphs").EnumerateArray().ToDictionary(r => r.GetProperty("id").GetString()!));

    public static IEnumerable<string> Ids => Records.Value.Keys;

    public static double TargetOf(string id) => Records.Value[id].GetProperty("target").GetDouble();

    /// <summary>A sample crystal.</summary>
    public static Structure StructureOf(string id) => ReferenceCrystal.OfNumbers(Records.Value[id]);

    /// <summary>The graph of a sample with the other program's own choice among ties.</summary>
    public static CrystalGraph GraphOf(string id)
    {
        var record = Records.Value[id];
        return CrystalGraph.Of([.. ReferenceCrystal.Elements(record.GetProperty("numbers"))],
            [.. record.GetProperty("nbr_idx").EnumerateArray().Select(row => row.EnumerateArray().Select(j => j.GetInt32()).ToArray())],
            [.. record.GetProperty("nbr_dist").EnumerateArray().Select(GoldenCrystalGan.Numbers)]);
    }

    /// <summary>Some samples in one batch.</summary>
    public static GraphBatch BatchOf(IEnumerable<string> ids)
    {
        var batch = new GraphBatch(new CrystalGraphOptions());
        batch.Fill([.. ids.Select(GraphOf)]);
        return batch;
    }

    /// <summary>The 600 alloys and their split.</summary>
    public static CgcnnSet Alloys(CrystalGraphOptions options)
    {
        var file = ReferenceData.Json("golden/cgcnn/emt_alloys.json");
        var records = file.GetProperty("structures").EnumerateArray().ToList();
        var index = records.Select((r, i) => (Id: r.GetProperty("id").GetString()!, Index: i)).ToDictionary(p => p.Id, p => p.Index);
        return new CgcnnSet([.. records.Select(r => CrystalGraph.Build(ReferenceCrystal.OfNumbers(r), options))], [.. records.Select(r => r.GetProperty("y").GetDouble())], Part("train"), Part("val"), Part("test"));

        ImmutableArray<int> Part(string name) => [.. file.GetProperty("split").GetProperty(name).EnumerateArray().Select(id => index[id.GetString()!])];
    }
}
