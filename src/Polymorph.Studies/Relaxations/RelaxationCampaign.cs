using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.ExceptionServices;
using Polymorph.Energies;
using Polymorph.Energies.Batch;
using Polymorph.Energies.Relaxation;
using Polymorph.Foundation;
using Polymorph.Representations.LocalDescriptors;
using Polymorph.Selection.Coverage;
using Polymorph.Selection.Metrics;
using Polymorph.Structures;
using Polymorph.Studies.Relaxations.Orders;
using Polymorph.Studies.Runs;

namespace Polymorph.Studies.Relaxations;

/// <summary>Relaxes candidates on all cores: the most informative first, each result saved as it comes, what is saved never done again.</summary>
/// <remarks>The order is decided batch by batch from results alone, so neither the number of threads nor a restart changes what is relaxed.</remarks>
public sealed class RelaxationCampaign
{
    // An estimate of coverage from fewer relaxations would stop by chance.
    private const int LeastForCoverage = 10;

    private readonly RelaxationPlan _plan;
    private readonly EvaluatorPool _pool;
    private readonly RelaxationJournal _journal;
    private readonly IStudyObserver _observer;

    /// <summary>Prepares a campaign.</summary>
    /// <param name="plan">Settings.</param>
    /// <param name="pool">The engine's workers.</param>
    /// <param name="journal">Where results go.</param>
    /// <param name="observer">Told how far it is.</param>
    public RelaxationCampaign(RelaxationPlan plan, EvaluatorPool pool, RelaxationJournal journal, IStudyObserver observer) =>
        (_plan, _pool, _journal, _observer) = (plan, pool, journal, observer);

    /// <summary>Threads to use.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Folder for trajectories; null for none.</summary>
    public string? TrajectoryFolder { get; init; }

    /// <summary>Settings of the descriptor by which structures are told to be far from each other.</summary>
    public PowerSpectrumOptions Descriptor { get; init; } = StructuralDescriptor.Published;

    /// <summary>Changes a start before its relaxation; may be called by several threads; null for nothing.</summary>
    public Func<Structure, Structure>? Prepare { get; init; }

    /// <summary>Relaxes.</summary>
    /// <param name="candidates">The candidates, in the order of the results.</param>
    /// <param name="cancellation">Stops; what is saved stays.</param>
    /// <exception cref="PolymorphException">The engine cannot be started, or the disk is full.</exception>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public CampaignResult Run(IReadOnlyList<RelaxationCandidate> candidates, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        var census = new MinimaCensus();
        var results = new Relaxed?[candidates.Count];
        var discovery = ImmutableArray.CreateBuilder<DiscoveryPoint>();
        var queue = new RelaxationQueue(candidates.Count, Orders(candidates, cancellation));
        int limit = Math.Min(candidates.Count, Math.Min(_plan.Top ?? int.MaxValue, _plan.Budget ?? int.MaxValue)), done = 0;
        bool stepwise = _plan.Budget is not null || _plan.UntilCoverage is not null;
        var progress = new Progress(_observer, limit);
        string ended = _plan.Budget is { } budget && budget <= limit ? "the budget is used up"
            : limit == candidates.Count ? "all are relaxed" : limit == 1 ? "the first is relaxed" : string.Create(CultureInfo.InvariantCulture, $"the first {limit} are relaxed");
        bool ofRepresentatives = candidates.Any(c => c.IsRepresentative);
        if (stepwise && ofRepresentatives)
        {
            _observer.Note($"Estimates: {CampaignResult.NoRandomSample}.");
        }

        // Where repeats say how often the source gave each candidate, those still to come are known to be unseen: what is relaxed has been met often, and would pass for all there is.
        bool knowsRepeats = candidates.Any(c => c.Repeats > 1);
        CoverageEstimate Coverage()
        {
            var pending = candidates.Where((_, i) => knowsRepeats && results[i] is null).ToList();
            return census.Coverage.WithPending(pending.Sum(c => c.Repeats), pending.Count);
        }

        while (done < limit)
        {
            var batch = queue.Take(stepwise ? Math.Min(_plan.Batch, limit - done) : limit);
            Batch(candidates, batch, results, progress, cancellation);

            // Results are counted in the order of the queue, whichever came first.
            foreach (int index in batch)
            {
                done++;
                if (census.Add(results[index]!) is var isNew && results[index]!.IsMinimum)
                {
                    queue.Found(results[index]!);
                }

                discovery.Add(new DiscoveryPoint(done, results[index]!.Id, isNew, census.Count));
            }

            if (stepwise)
            {
                _observer.Note(BatchLine(done, results, census.Count, Coverage()));
            }

            if (_plan.UntilCoverage is { } wanted && done >= LeastForCoverage && done < limit && Coverage().Coverage >= wanted)
            {
                ended = string.Create(CultureInfo.InvariantCulture, $"the estimated coverage is {100 * Coverage().Coverage:0.0} %");
                break;
            }
        }

        return new CampaignResult([.. results.OfType<Relaxed>()], census.Minima, Coverage(), discovery.ToImmutable(), ended, candidates.Count) { OfRepresentatives = ofRepresentatives };
    }

    private static string BatchLine(int done, Relaxed?[] results, int minima, CoverageEstimate coverage) => string.Create(CultureInfo.InvariantCulture,
        $"{done} relaxed, {results.Count(r => r is { IsMinimum: true })} converged: {minima} distinct minima, {CampaignResult.Text(coverage)}");

    private List<IRelaxationOrder> Orders(IReadOnlyList<RelaxationCandidate> candidates, CancellationToken cancellation)
    {
        // Without a limit all are relaxed, and the given order is as good as any.
        if (_plan.Top is null && _plan.Budget is null && _plan.UntilCoverage is null)
        {
            return [];
        }

        return [.. _plan.Order.Distinct().Select(criterion => (IRelaxationOrder)(criterion switch
        {
            RelaxationCriterion.Energy => new PredictedEnergyOrder(candidates, Energies(candidates, cancellation)),
            RelaxationCriterion.Diversity => new DiversityOrder(candidates, Descriptor),
            _ => new ClusterSizeOrder(candidates),
        }))];
    }

    private double[] Energies(IReadOnlyList<RelaxationCandidate> candidates, CancellationToken cancellation)
    {
        var energies = candidates.Select(c => _journal.FindEnergy(c)).ToArray();
        int[] open = [.. Enumerable.Range(0, energies.Length).Where(i => energies[i] is null)];
        int done = 0;
        foreach (var (index, energy) in OrderedWork.Run(open, i => (i, _pool.Evaluate(candidates[i].Start, cancellation).EnergyEV), Threads, cancellation))
        {
            _journal.AppendEnergy(candidates[index], energy);
            energies[index] = energy;
            _observer.Work("single points", ++done, open.Length);
        }

        return [.. energies.Select(e => e!.Value)];
    }

    private void Batch(IReadOnlyList<RelaxationCandidate> candidates, IReadOnlyList<int> batch, Relaxed?[] results, Progress progress, CancellationToken cancellation)
    {
        var open = new List<int>();
        foreach (int index in batch)
        {
            results[index] = _journal.Find(candidates[index]);
            if (results[index] is null)
            {
                open.Add(index);
            }
            else
            {
                progress.Restored();
            }
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        int next = -1;
        Exception? failure = null;

        void Work()
        {
            for (int at = Interlocked.Increment(ref next); at < open.Count && !stop.IsCancellationRequested; at = Interlocked.Increment(ref next))
            {
                try
                {
                    var relaxed = Relax(candidates[open[at]], stop.Token);
                    _journal.Append(relaxed);
                    results[open[at]] = relaxed;
                    progress.Did();
                }
#pragma warning disable CA1031 // Carried to the caller's thread below.
                catch (Exception e)
#pragma warning restore CA1031
                {
                    Interlocked.CompareExchange(ref failure, e, null);
                    stop.Cancel();
                }
            }
        }

        var threads = Enumerable.Range(0, Math.Min(Threads, open.Count)).Select(i => new Thread(Work) { Name = $"relaxing {i + 1}", IsBackground = true }).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        cancellation.ThrowIfCancellationRequested();
        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    private Relaxed Relax(RelaxationCandidate candidate, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var start = Prepare?.Invoke(candidate.Start) ?? candidate.Start;
        var options = candidate.FixedAtoms.IsEmpty ? _plan.Options : _plan.Options with { FixedAtoms = candidate.FixedAtoms };
        var relaxer = new Relaxer(_pool.Engine, options);
        var trajectory = TrajectoryFolder is null ? null : new Trajectory();
        RelaxationResult result;
        try
        {
            result = _pool.Use(evaluator => relaxer.Relax(start, evaluator, trajectory is null ? null : trajectory.Add, cancellation));
        }
        catch (PolymorphException e) when (e.ExitCode == ExitCode.Usage)
        {
            // What is asked does not fit this structure; others may well be relaxed.
            result = new RelaxationResult(start, RelaxationStatus.EngineFailed, $"{e.Code}: {e.Reason}", double.NaN, double.NaN, null, 0, 0, _pool.Engine.Method, null);
        }

        trajectory?.Write(TrajectoryFolder!, candidate);
        var relaxed = new Relaxed(candidate.Id, candidate.Key, candidate.Repeats, result, clock.Elapsed.TotalSeconds);
        return relaxed.IsKept ? relaxed with { Rmsd = RelaxationDistance.Of(candidate.Start, result.Structure) } : relaxed;
    }

    /// <summary>Counts; called by several threads.</summary>
    private sealed class Progress(IStudyObserver observer, int total)
    {
        private int _done;

        public void Restored() => Interlocked.Increment(ref _done);

        public void Did() => observer.Work("relaxing", Interlocked.Increment(ref _done), total);
    }
}
