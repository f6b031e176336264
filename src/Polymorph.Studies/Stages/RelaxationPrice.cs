using System.Diagnostics;
using System.Globalization;
using Polymorph.Energies.Batch;
using Polymorph.Energies.Catalogue;
using Polymorph.Energies.Relaxation;
using Polymorph.Foundation;
using Polymorph.Structures;
using Polymorph.Structures.Formats;
using Polymorph.Studies.Recipes;
using Polymorph.Studies.Relaxations;
using Polymorph.Studies.Runs;

namespace Polymorph.Studies.Stages;

/// <summary>What a relaxation would cost, from a calibration of about two seconds in which some are relaxed for nothing.</summary>
/// <param name="Method">The engine's method.</param>
/// <param name="Relaxations">Relaxations to do.</param>
/// <param name="Threads">At the same time.</param>
/// <param name="SecondsPerEvaluation">One evaluation on one core.</param>
/// <param name="EvaluationsPerRelaxation">Evaluations of one relaxation.</param>
/// <param name="Basis">Where that number comes from.</param>
public sealed record RelaxationPrice(string Method, int Relaxations, int Threads, double SecondsPerEvaluation, double EvaluationsPerRelaxation, string Basis)
{
    // Typical of molecules and small cells from generated starts; only used when the calibration ends before the first relaxation does.
    private const int Typical = 80;

    private static readonly TimeSpan Calibration = TimeSpan.FromSeconds(2);

    /// <summary>Time until everything is relaxed.</summary>
    public TimeSpan WallTime => TimeSpan.FromSeconds(Math.Min(SecondsPerEvaluation * EvaluationsPerRelaxation * Math.Ceiling((double)Relaxations / Threads), TimeSpan.MaxValue.TotalSeconds / 2));

    /// <summary>Prices the relaxation of a run folder without changing it.</summary>
    /// <param name="run">The folder.</param>
    /// <param name="asked">What is asked.</param>
    /// <param name="catalogue">The engines.</param>
    /// <param name="observer">Told how far it is.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="PolymorphException">Anything that would stop the relaxation.</exception>
    public static RelaxationPrice Of(string run, RecipeValues asked, EngineCatalogue catalogue, IStudyObserver observer, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(asked);
        using var session = StudySession.Continue(run, new RecipeValues());
        var values = session.Plan.Resolved;
        values.Overlay(asked);
        return Of(RelaxStage.Candidates(session), RelaxationPlan.Of(values), RelaxationPlan.ThreadsOf(values), catalogue, observer, cancellation);
    }

    /// <summary>Prices the relaxation of a file.</summary>
    /// <param name="entries">The structures as they are read.</param>
    /// <param name="asked">What is asked.</param>
    /// <param name="catalogue">The engines.</param>
    /// <param name="observer">Told how far it is.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="PolymorphException">Anything that would stop the relaxation.</exception>
    public static RelaxationPrice Of(IEnumerable<ReadResult> entries, RecipeValues asked, EngineCatalogue catalogue, IStudyObserver observer, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(entries);
        List<RelaxationCandidate> candidates = [.. entries.Select(e => e.Structure).OfType<Structure>().Select(s => RelaxationCandidate.Of(s))];
        return candidates.Count > 0 ? Of(candidates, RelaxationPlan.Of(asked), RelaxationPlan.ThreadsOf(asked), catalogue, observer, cancellation)
            : throw new PolymorphException("PM7025", "there is no structure to relax", nextStep: "Give files with at least one structure.");
    }

    private static RelaxationPrice Of(List<RelaxationCandidate> candidates, RelaxationPlan plan, int threads, EngineCatalogue catalogue, IStudyObserver observer, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(catalogue);
        ArgumentNullException.ThrowIfNull(observer);
        var engine = catalogue.OpenForRelaxation(plan.Engine, EngineRequest.For(plan.Precision, candidates.Select(c => c.Start)));
        int relaxations = Math.Min(candidates.Count, Math.Min(plan.Top ?? int.MaxValue, plan.Budget ?? int.MaxValue));
        var finished = new List<int>();
        int evaluations = 0;
        using var evaluator = engine.CreateEvaluator();

        // The first evaluation warms everything up and is not timed.
        evaluator.Evaluate(candidates[0].Start, cancellation);
        var clock = Stopwatch.StartNew();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        enough.CancelAfter(Calibration);
        foreach (var candidate in candidates)
        {
            try
            {
                var result = new Relaxer(engine, plan.Options with { FixedAtoms = candidate.FixedAtoms }).Relax(candidate.Start, new CountingEvaluator(evaluator, () => evaluations++), null, enough.Token);
                finished.Add(result.ForceEvaluations);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                break;
            }

            observer.Work("calibrating", finished.Count, candidates.Count);
        }

        double mean = finished.Count > 0 ? finished.Average() : Math.Min(Typical, plan.Options.MaximumSteps + 1);
        string basis = finished.Count > 0 ? string.Create(CultureInfo.InvariantCulture, $"mean of {finished.Count} relaxed for the calibration") : "a typical number: none was finished in the calibration";
        return new RelaxationPrice(engine.Method, relaxations, Math.Min(threads, relaxations), clock.Elapsed.TotalSeconds / Math.Max(1, evaluations), mean, basis);
    }

    private sealed class CountingEvaluator(Energies.IEvaluator inner, Action count) : Energies.IEvaluator
    {
        public Energies.Evaluation Evaluate(Structure structure, CancellationToken cancellation = default)
        {
            var evaluation = inner.Evaluate(structure, cancellation);
            count();
            return evaluation;
        }

        // The evaluator belongs to the caller.
        public void Dispose()
        {
        }
    }
}
