using System.Text.Json.Nodes;
using Polymorph.Energies;
using Polymorph.Energies.Batch;

namespace Polymorph.Studies.Screening.Steps;

/// <summary>Single evaluations of candidates by an engine, kept in a cache by their geometry.</summary>
internal static class EvaluatedCandidates
{
    /// <summary>Evaluates one candidate, or takes what is kept.</summary>
    /// <param name="structure">Its structure.</param>
    /// <param name="key">Name of its geometry.</param>
    /// <param name="pool">The engine.</param>
    /// <param name="cache">What is kept.</param>
    /// <param name="cancellation">Stops.</param>
    public static JsonObject Of(Structures.Structure structure, string key, EvaluatorPool pool, ValueCache cache, CancellationToken cancellation)
    {
        if (cache.Find(key) is { } kept)
        {
            return kept;
        }

        var result = pool.Evaluate(structure, cancellation);
        var value = ToJson(result);
        cache.Add(key, value);
        return value;
    }

    private static JsonObject ToJson(Evaluation result) => result.Failure is { } failure
        ? new JsonObject { ["failure"] = failure }
        : new JsonObject
        {
            ["energyEV"] = result.EnergyEV,
            ["maxForceEVPerA"] = result.Forces.IsDefaultOrEmpty ? 0 : result.Forces.Max(f => f.Length),
            ["uncertaintyEVPerAtom"] = result.UncertaintyEVPerAtom,
            ["bandGapEV"] = result.BandGapEV,
        };
}
