using System.Globalization;
using System.Text.Json.Nodes;

namespace Polymorph.Studies.Screening.Steps;

/// <summary>The last survivors evaluated by an expensive engine: energy, largest force (the number that bounds judge, eV/Å), and the gap where the engine gives one.</summary>
/// <param name="settings">What the recipe says.</param>
/// <remarks>Its energies are of another method than the hull's and stay apart from it; a small largest force says that the geometry is nearly a minimum of this method too.</remarks>
internal sealed class ConfirmationStep(StepSettings settings) : ScreeningStep(settings)
{
    private string _method = EngineMethod.Name(settings);

    /// <inheritdoc/>
    public override string Method => _method;

    /// <inheritdoc/>
    public override void Prepare(ScreeningContext context)
    {
        using var pool = EngineMethod.Open(Settings, context);
        _method = pool.Engine.Method;
    }

    /// <inheritdoc/>
    public override int? Cached(IReadOnlyList<ScreeningCandidate> candidates, ScreeningContext context) => EvaluatedCandidates.Cached(candidates, Settings, context);

    /// <inheritdoc/>
    public override IReadOnlyList<StepValue> Evaluate(IReadOnlyList<ScreeningCandidate> candidates, ScreeningContext context)
    {
        using var pool = EngineMethod.Open(Settings, context);
        string method = pool.Engine.Method;
        using var cache = ValueCache.Open(context.CacheFolder, "energy", method, EngineMethod.Settings(Settings, method));
        long? first = Settings.Values.Whole(ScreeningKeys.First);
        var chosen = candidates.OrderBy(c => c.Standing?.EnergyAboveHullEVPerAtom ?? double.PositiveInfinity).ThenBy(c => c.Id, StringComparer.Ordinal).Take((int)Math.Min(first ?? int.MaxValue, int.MaxValue)).ToHashSet();
        return Each(candidates, context, candidate =>
        {
            if (!chosen.Contains(candidate))
            {
                return StepValue.Unknown("not-among-the-first", string.Create(CultureInfo.InvariantCulture, $"only the first {first} were asked for"));
            }

            if (candidate.Structure is not { } structure)
            {
                return StepValue.Unknown("no-structure", "a table of energies has no structures");
            }

            var value = EvaluatedCandidates.Of(structure, candidate.Key!, pool, cache, context.Cancellation);
            if ((string?)value["failure"] is { } failure)
            {
                return StepValue.Unknown("engine-failed", failure) with { EngineFailed = true };
            }

            double energy = (double)value["energyEV"]!;
            double? gap = (double?)value["bandGapEV"];
            lock (candidate.Fields)
            {
                candidate.Fields["confirmation"] = new JsonObject { ["method"] = method, ["energyEV"] = energy, ["energyEVPerAtom"] = energy / candidate.Composition.Total, ["maxForceEVPerA"] = (double)value["maxForceEVPerA"]!, ["bandGapEV"] = gap };
            }

            return StepValue.Of((double)value["maxForceEVPerA"]!, detail: string.Create(CultureInfo.InvariantCulture, $"{energy / candidate.Composition.Total:F6} eV/atom{(gap is null ? "" : $", gap {gap:F3} eV")} by {method}"));
        });
    }
}
