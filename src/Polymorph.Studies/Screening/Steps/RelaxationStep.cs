using System.Globalization;
using System.Text.Json.Nodes;
using Polymorph.Energies.Batch;
using Polymorph.Energies.Relaxation;
using Polymorph.Screening.Hull;
using Polymorph.Studies.Recipes;
using Polymorph.Studies.Relaxations;

namespace Polymorph.Studies.Screening.Steps;

/// <summary>Takes candidates to local minima of an engine, and references whose energies are to be computed alike.</summary>
/// <param name="settings">What the recipe says.</param>
/// <remarks>Candidates that come converged by the same method, with forces within this step's limit, are taken over as they are.</remarks>
internal sealed class RelaxationStep(StepSettings settings) : ScreeningStep(settings)
{
    private string _method = EngineMethod.Name(settings);

    /// <inheritdoc/>
    public override string Method => _method;

    /// <inheritdoc/>
    public override void Prepare(ScreeningContext context)
    {
        using var pool = Open(context);
        _method = pool.Engine.Method;
    }

    /// <inheritdoc/>
    public override int? Cached(IReadOnlyList<ScreeningCandidate> candidates, ScreeningContext context)
    {
        using var pool = Open(context);
        var plan = Plan();
        using var journal = Journal(plan, pool, context);
        return candidates.Count(c => IsDone(c, pool.Engine.Method, plan) || c.Structure is { } s && journal.Find(RelaxationCandidate.Of(s)) is not null);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<StepValue> Evaluate(IReadOnlyList<ScreeningCandidate> candidates, ScreeningContext context)
    {
        using var pool = Open(context);
        var plan = Plan();
        using var journal = Journal(plan, pool, context);
        var campaign = new RelaxationCampaign(plan, pool, journal, context.Observer) { Threads = context.Threads };
        RelaxReferences(campaign, context);

        var open = candidates.Where(c => c.Structure is not null && !IsDone(c, pool.Engine.Method, plan)).ToList();
        int taken = candidates.Count(c => IsDone(c, pool.Engine.Method, plan));
        if (taken > 0)
        {
            context.Observer.Note($"{Settings.Name}: {taken} candidates come converged by {pool.Engine.Method} and are taken over without a second relaxation.");
        }

        var relaxed = open.Zip(campaign.Run([.. open.Select(c => RelaxationCandidate.Of(c.Structure!) with { Id = c.Id })], context.Cancellation).Relaxed).ToDictionary(p => p.First, p => p.Second);
        return [.. candidates.Select(c => relaxed.TryGetValue(c, out var result) ? Take(c, result)
            : c.Structure is null ? StepValue.Unknown("no-structure", "a table of energies has no structures")
            : TakeOver(c))];
    }

    private static StepValue TakeOver(ScreeningCandidate candidate)
    {
        candidate.Fields["relaxation"] = new JsonObject { ["takenOver"] = true };
        return StepValue.Judged(true, "", "taken over: the input is converged by this method");
    }

    private static StepValue Take(ScreeningCandidate candidate, Relaxed relaxed)
    {
        var result = relaxed.Result;
        candidate.Fields["relaxation"] = new JsonObject
        {
            ["takenOver"] = false,
            ["status"] = relaxed.StatusText,
            ["steps"] = result.Steps,
            ["rmsdA"] = relaxed.Rmsd,
        };
        if (!relaxed.IsKept)
        {
            (candidate.EnergyEV, candidate.Method) = (null, null);
            return StepValue.Unknown(relaxed.StatusText, result.Reason) with { EngineFailed = result.Status == RelaxationStatus.EngineFailed };
        }

        candidate.Structure = RelaxedStructures.ToStructure(relaxed);
        (candidate.EnergyEV, candidate.Method) = (result.EnergyEV, result.Method);
        return result.Status == RelaxationStatus.Converged
            ? StepValue.Judged(true, "", string.Create(CultureInfo.InvariantCulture, $"{result.Steps} steps"))
            : StepValue.Unknown(relaxed.StatusText, result.Reason);
    }

    // References of the recipe are relaxed once, by the first such step of their method.
    private static void RelaxReferences(RelaxationCampaign campaign, ScreeningContext context)
    {
        var phases = context.References.ToRelax;
        if (phases.Count == 0 || context.References.AreRelaxed)
        {
            return;
        }

        context.Observer.Note($"relaxing {phases.Count} references by the method of the candidates.");
        var results = campaign.Run([.. phases.Select(p => RelaxationCandidate.Of(p.Structure!) with { Id = p.Id })], context.Cancellation).Relaxed;
        foreach (var (phase, relaxed) in phases.Zip(results))
        {
            if (relaxed.IsKept)
            {
                context.References.Add(new HullEntry(phase.Id, phase.Composition, relaxed.Result.EnergyEV, relaxed.Result.Method));
            }
            else
            {
                context.Observer.Note($"the reference {phase.Id} has no energy and is missing from the hull: {relaxed.StatusText}, {relaxed.Result.Reason}");
            }
        }

        context.References.AreRelaxed = true;
    }

    private static bool IsDone(ScreeningCandidate candidate, string method, RelaxationPlan plan) =>
        candidate.EnergyEV is not null && candidate.Method == method && candidate.Structure is { } s && s.Properties.GetValueOrDefault("status") as string == "converged"
        && s.Properties.GetValueOrDefault("max_force") is double force && force <= plan.Options.MaximumForce;

    private static RelaxationJournal Journal(RelaxationPlan plan, EvaluatorPool pool, ScreeningContext context) =>
        RelaxationJournal.Open(Path.Combine(context.CacheFolder, $"relaxation-{plan.Key(pool.Engine.Method)}.jsonl"), plan.Settings(pool.Engine.Method));

    private EvaluatorPool Open(ScreeningContext context) => new(context.Catalogue.OpenForRelaxation(EngineMethod.Name(Settings), EngineMethod.Request(Settings, context)));

    private RelaxationPlan Plan()
    {
        var asked = new RecipeValues();
        asked.Set(RelaxationKeys.Engine, [EngineMethod.Name(Settings)], Settings.Place);
        foreach (var key in ScreeningKeys.Relaxation.Where(Settings.Values.Has))
        {
            asked.Set(key, Settings.Values.All(key), Settings.Values.Place(key));
        }

        return RelaxationPlan.Of(asked);
    }
}
