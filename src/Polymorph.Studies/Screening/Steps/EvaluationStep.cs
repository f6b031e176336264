using System.Text.Json.Nodes;

namespace Polymorph.Studies.Screening.Steps;

/// <summary>A step that evaluates the present geometry of candidates by an engine and keeps what it says.</summary>
/// <param name="settings">What the recipe says.</param>
internal abstract class EvaluationStep(StepSettings settings) : ScreeningStep(settings)
{
    private const string CacheName = "energy";

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
    public override int? Cached(IReadOnlyList<ScreeningCandidate> candidates, ScreeningContext context)
    {
        using var cache = Open(context);
        return candidates.Count(c => c.Key is { } key && cache.Find(key) is not null);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<StepValue> Evaluate(IReadOnlyList<ScreeningCandidate> candidates, ScreeningContext context)
    {
        using var pool = EngineMethod.Open(Settings, context);
        using var cache = Open(context);
        var chosen = Choose(candidates);
        return Each(candidates, context, candidate =>
        {
            if (WithoutEngine(candidate, chosen) is { } answer)
            {
                return answer;
            }

            if (candidate.Structure is not { } structure)
            {
                return StepValue.Unknown("no-structure", "a table of energies has no structures");
            }

            var value = EvaluatedCandidates.Of(structure, candidate.Key!, pool, cache, context.Cancellation);
            return (string?)value["failure"] is { } failure ? StepValue.Unknown("engine-failed", failure) with { EngineFailed = true } : Value(candidate, value);
        });
    }

    /// <summary>The candidates that are evaluated.</summary>
    /// <param name="candidates">Those that are in.</param>
    protected virtual IReadOnlySet<ScreeningCandidate> Choose(IReadOnlyList<ScreeningCandidate> candidates) => candidates.ToHashSet();

    /// <summary>What can be said of a candidate without the engine; null when it must be asked.</summary>
    /// <param name="candidate">The candidate.</param>
    /// <param name="chosen">The candidates that are evaluated.</param>
    protected abstract StepValue? WithoutEngine(ScreeningCandidate candidate, IReadOnlySet<ScreeningCandidate> chosen);

    /// <summary>The value of a candidate. Called by several threads, for different candidates.</summary>
    /// <param name="candidate">The candidate.</param>
    /// <param name="evaluation">What the engine said.</param>
    protected abstract StepValue Value(ScreeningCandidate candidate, JsonObject evaluation);

    private ValueCache Open(ScreeningContext context) => ValueCache.Open(context.CacheFolder, CacheName, _method, EngineMethod.Settings(Settings, _method));
}
