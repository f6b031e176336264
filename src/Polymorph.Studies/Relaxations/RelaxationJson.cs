using System.Text.Json.Nodes;
using Polymorph.Energies.Relaxation;
using Polymorph.Selection;
using Polymorph.Selection.Coverage;
using Polymorph.Studies.Stages;

namespace Polymorph.Studies.Relaxations;

/// <summary>What a relaxation gave, for programs.</summary>
public static class RelaxationJson
{
    /// <summary>Counts, estimates, and a row per structure without its coordinates.</summary>
    /// <param name="outcome">The relaxation.</param>
    public static JsonObject Of(RelaxationOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        var campaign = outcome.Campaign;
        return new JsonObject
        {
            ["method"] = outcome.Method,
            ["file"] = outcome.File,
            ["candidates"] = campaign.Candidates,
            ["relaxed"] = campaign.Relaxed.Length,
            ["unread"] = outcome.Unread,
            ["status"] = new JsonObject(Enum.GetValues<RelaxationStatus>().Select(s => KeyValuePair.Create(Relaxed.Text(s), (JsonNode?)campaign.Count(s)))),
            ["forceEvaluations"] = campaign.ForceEvaluations,
            ["meanRmsdA"] = campaign.MeanRmsd,
            ["coreSeconds"] = campaign.CoreSeconds,
            ["seconds"] = outcome.Elapsed.TotalSeconds,
            ["ended"] = campaign.Ended,
            ["coverage"] = Of(campaign.Coverage, randomSample: !campaign.OfRepresentatives),
            ["minima"] = new JsonArray([.. campaign.Minima.Select(m => (JsonNode)new JsonObject
            {
                ["name"] = m.Name,
                ["energyEV"] = m.Lowest.Result.EnergyEV,
                ["lowest"] = m.Lowest.Id,
                ["weight"] = m.Weight,
                ["members"] = new JsonArray([.. m.Members.Select(id => (JsonNode)id)]),
            })]),
            ["discovery"] = new JsonArray([.. campaign.Discovery.Select(d => (JsonNode)new JsonArray(d.Relaxations, d.Distinct))]),
            ["structures"] = new JsonArray([.. campaign.Relaxed.Select(r => (JsonNode)Row(r))]),
        };
    }

    /// <summary>Estimates of what has not been seen.</summary>
    /// <param name="coverage">The estimates.</param>
    /// <param name="randomSample">False for representatives, which are distinct by construction.</param>
    public static JsonObject Of(CoverageEstimate coverage, bool randomSample)
    {
        ArgumentNullException.ThrowIfNull(coverage);
        return new JsonObject
        {
            ["draws"] = coverage.Counts.Sample,
            ["distinct"] = coverage.Counts.Observed,
            ["goodTuring"] = coverage.Coverage,
            ["unseen"] = coverage.Unseen,
            ["unseenFrom"] = coverage.UnseenFrom,
            ["unseenTo"] = double.IsFinite(coverage.UnseenTo) ? coverage.UnseenTo : null,
            ["randomSample"] = randomSample,
        };
    }

    private static JsonObject Row(Relaxed r)
    {
        var line = RelaxedLine.ToJson(r);
        line.Remove("cell");
        line.Remove("positions");
        line.Remove("method");
        line.Remove("key");
        line["loss"] = r.Loss?.Reason.Code();
        return line;
    }
}
