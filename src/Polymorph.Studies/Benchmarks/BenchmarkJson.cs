using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Polymorph.Foundation;
using Polymorph.Selection.Metrics;
using Polymorph.Structures.Matching;

namespace Polymorph.Studies.Benchmarks;

/// <summary>A comparison with a benchmark as JSON: settings, identity of the data, every rate with its counts and interval, and one row per structure.</summary>
public static class BenchmarkJson
{
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The comparison.</summary>
    /// <param name="comparison">The comparison.</param>
    /// <param name="rows">True to add one row per structure of each arm.</param>
    public static JsonObject Of(BenchmarkComparison comparison, bool rows)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        return new JsonObject
        {
            ["benchmark"] = comparison.Definition.Name,
            ["test"] = File(comparison.Data.TestFile),
            ["known"] = new JsonArray([.. comparison.Data.KnownFiles.Select(f => (JsonNode)File(f))]),
            ["references"] = comparison.References,
            ["validReferences"] = comparison.ValidReferences,
            ["pairing"] = comparison.Pairing switch { PairingRule.ById => "id", PairingRule.ByOrder => "order", _ => "none" },
            ["k"] = comparison.PerReference,
            ["matching"] = Options(comparison.Matching),
            ["equality"] = Options(comparison.Equality),
            ["coverageCutoffs"] = new JsonObject { ["structure"] = comparison.Definition.Cutoffs.Structure, ["composition"] = comparison.Definition.Cutoffs.Composition },
            ["oxidationStates"] = comparison.OxidationStates,
            ["uniqueness"] = "groups of equal structures in the order given, members compared with leaders",
            ["novelty"] = "against the files under 'known'",
            ["stability"] = "energies above the hull as the candidates carry them; uniqueness within the stable ones",
            ["relaxer"] = comparison.Relaxer,
            ["hull"] = comparison.Hull,
            ["seed"] = comparison.Seed,
            ["arms"] = new JsonArray([.. comparison.Arms.Select(a => (JsonNode)Arm(a, comparison.Definition, rows))]),
        };
    }

    /// <summary>Writes the comparison with all rows.</summary>
    /// <param name="comparison">The comparison.</param>
    /// <param name="version">Version of the program.</param>
    /// <param name="path">The file to create or replace.</param>
    /// <exception cref="PolymorphException">The file cannot be written.</exception>
    public static void Write(BenchmarkComparison comparison, string version, string path)
    {
        var document = new JsonObject { ["schema"] = "polymorph.benchmark/1", ["version"] = version };
        foreach (var (name, value) in Of(comparison, rows: true))
        {
            document[name] = value?.DeepClone();
        }

        AtomicFile.WriteText(path, document.ToJsonString(Compact) + "\n");
    }

    private static JsonObject Arm(BenchmarkArm arm, BenchmarkDefinition definition, bool rows)
    {
        var result = new JsonObject
        {
            ["name"] = arm.Name,
            ["generated"] = arm.Rows.Count,
            ["constructible"] = Share(arm.Constructible),
            ["structurallyValid"] = Share(arm.StructurallyValid),
            ["strictlyValid"] = Share(arm.StrictlyValid),
            ["compositionallyValid"] = Share(arm.CompositionallyValid),
            ["valid"] = Share(arm.Valid),
            ["matchRate1"] = arm.First is null ? null : Rates(arm.First),
            ["matchRateK"] = arm.Best is null ? null : Rates(arm.Best),
            ["metre"] = Rates(arm.Everyone),
            ["coverage"] = new JsonObject
            {
                ["recall"] = Share(arm.Coverage.Recall),
                ["precision"] = Share(arm.Coverage.Precision),
                ["amsdRecall"] = Number(arm.Coverage.StructureRecall),
                ["amsdPrecision"] = Number(arm.Coverage.StructurePrecision),
                ["amcdRecall"] = Number(arm.Coverage.CompositionRecall),
                ["amcdPrecision"] = Number(arm.Coverage.CompositionPrecision),
            },
            ["wasserstein"] = new JsonObject
            {
                ["sample"] = arm.Properties.Sample,
                ["densityGPerCm3"] = Number(arm.Properties.Density),
                ["elementCount"] = Number(arm.Properties.ElementCount),
                ["atomCount"] = Number(arm.Properties.AtomCount),
                ["volumeFraction"] = Number(arm.Properties.VolumeFraction),
                ["coordination"] = Number(arm.Properties.Coordination),
                ["energy"] = Number(arm.Properties.Energy),
                ["energyProperty"] = definition.EnergyProperty,
                ["energyUnit"] = definition.EnergyUnit,
            },
            ["spaceGroups"] = new JsonObject { ["totalVariation"] = Number(arm.Properties.SpaceGroups), ["symprecA"] = SpaceGroups.Symprec },
            ["diversity"] = new JsonObject { ["structure"] = Number(arm.Properties.StructureDiversity), ["composition"] = Number(arm.Properties.CompositionDiversity) },
            ["unique"] = Share(arm.Unique),
            ["novel"] = Share(arm.Novel),
            ["leaked"] = Share(arm.Leaked),
            ["stable"] = new JsonArray([.. arm.Stability.Select(s => (JsonNode)new JsonObject
            {
                ["thresholdEVPerAtom"] = s.Threshold,
                ["stable"] = Share(s.Stable),
                ["stableUniqueNovel"] = Share(s.StableUniqueNovel),
            })]),
            ["optimisation"] = arm.Optimisation is not { } success ? null : new JsonObject { ["sr5"] = Share(success.Five), ["sr10"] = Share(success.Ten), ["sr15"] = Share(success.Fifteen) },
            ["relaxation"] = arm.RelaxationRmsd is not { } rmsd ? null : new JsonObject { ["rmsdA"] = rmsd, ["given"] = Share(arm.Relaxed) },
        };
        if (rows)
        {
            result["rows"] = new JsonArray([.. arm.Rows.Select(r => (JsonNode)Row(r, arm.Rows))]);
        }

        return result;
    }

    private static JsonObject Row(BenchmarkRow row, IReadOnlyList<BenchmarkRow> all) => new()
    {
        ["id"] = row.Id,
        ["formula"] = row.Crystal?.Structure.Composition.Formula,
        ["reason"] = row.Reason,
        ["structurallyValid"] = row.Crystal?.Structural.Benchmark ?? false,
        ["strictlyValid"] = row.Crystal?.Structural.Strict ?? false,
        ["compositionallyValid"] = row.Crystal?.Compositional ?? false,
        ["fingerprint"] = row.Crystal?.Fingerprints.Structure is not null,
        ["target"] = row.Target,
        ["matched"] = row.Match is null ? null : row.Target,
        ["rms"] = row.Match?.Rms,
        ["max"] = row.Match?.Maximum,
        ["volumeRatio"] = row.Match?.VolumeRatio,
        ["group"] = row.Leader < 0 ? null : all[row.Leader].Id,
        ["groupNumber"] = row.Leader < 0 ? null : row.Leader,
        ["known"] = row.Known,
        ["nearestReference"] = row.Nearest,
        ["energyAboveHullEVPerAtom"] = row.EnergyAboveHull,
        ["energy"] = row.Energy,
        ["start"] = row.Start,
        ["relaxationRmsdA"] = row.RelaxationRmsd,
    };

    private static JsonObject Rates(MatchRates rates) => new() { ["validOnly"] = Rates(rates.ValidOnly), ["all"] = Rates(rates.All) };

    private static JsonObject Rates(PredictionRates rates) => new() { ["found"] = Share(rates.Found), ["rmse"] = Number(rates.Rmse), ["cRmse"] = Number(rates.CappedRmse) };

    private static JsonObject Share(Rate rate) => new()
    {
        ["count"] = rate.Count,
        ["of"] = rate.Total,
        ["value"] = Number(rate.Value),
        ["lower95"] = rate.Lower,
        ["upper95"] = rate.Upper,
    };

    private static JsonObject Options(MatchOptions options) => new()
    {
        ["ltol"] = options.LengthTolerance,
        ["stol"] = options.SiteTolerance,
        ["angleTolDegrees"] = options.AngleToleranceDegrees,
        ["primitiveCell"] = options.PrimitiveCell,
        ["scale"] = options.Scale,
    };

    private static JsonObject File(BenchmarkFile file) => new() { ["file"] = file.Name, ["sha256"] = file.Sha256, ["structures"] = file.Structures };

    private static JsonNode? Number(double value) => double.IsFinite(value) ? value : null;
}
