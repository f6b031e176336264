namespace Polymorph.Studies.Screening.Steps;

/// <summary>The energy of the present geometry by an engine, eV/atom; later steps measure it against the hull.</summary>
/// <param name="settings">What the recipe says.</param>
internal sealed class EnergyStep(StepSettings settings) : ScreeningStep(settings)
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
        return Each(candidates, context, candidate =>
        {
            if (candidate.EnergyEV is { } given && candidate.Method == method)
            {
                return StepValue.Of(given / candidate.Composition.Total, detail: $"taken over from the input: {method}");
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

            candidate.EnergyEV = (double)value["energyEV"]!;
            candidate.Method = method;
            return StepValue.Of(candidate.EnergyEV.Value / candidate.Composition.Total, (double?)value["uncertaintyEVPerAtom"] ?? 0);
        });
    }
}
