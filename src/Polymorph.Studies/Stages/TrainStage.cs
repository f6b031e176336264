using System.Collections.Immutable;
using Polymorph.Foundation;
using Polymorph.Models.LoGan;
using Polymorph.Studies.Recipes;
using Polymorph.Studies.Runs;

namespace Polymorph.Studies.Stages;

/// <summary>How the training of a study ended.</summary>
/// <param name="Models">The last line of every model.</param>
public sealed record TrainResult(ImmutableArray<ModelProgress> Models)
{
    /// <summary>Models with all epochs done.</summary>
    public int Finished => Models.Count(m => m.State == ModelState.Finished);

    /// <summary>Models that diverged.</summary>
    public int Diverged => Models.Count(m => m.State == ModelState.Diverged);
}

/// <summary>Trains the models of a study, one per core, each confined to one thread, so that the number of threads never changes a bit.</summary>
public static class TrainStage
{
    /// <summary>Trains what is not finished yet.</summary>
    /// <param name="session">The run folder.</param>
    /// <param name="observer">Told how far each model is.</param>
    /// <param name="cancellation">Stops every model after its current epoch, with a checkpoint.</param>
    /// <exception cref="OperationCanceledException">Stopped on request; everything is saved.</exception>
    /// <exception cref="PolymorphException">The disk is full, or an input is wrong. A model that diverges is no exception but a line of the result.</exception>
    public static TrainResult Run(StudySession session, IStudyObserver observer, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(observer);
        var plan = session.Plan;
        var training = session.ReadTraining();
        var task = session.ReadTask();
        session.Events.Write("train.begin", ("models", plan.Models.Length), ("threads", plan.Threads));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var outcomes = new ModelProgress[plan.Models.Length];
        int next = -1;
        Exception? failure = null;

        void Work()
        {
            for (int index = Interlocked.Increment(ref next); index < outcomes.Length && !stop.IsCancellationRequested; index = Interlocked.Increment(ref next))
            {
                try
                {
                    outcomes[index] = new ModelTraining(session, plan.Models[index], training, task, observer).Run(stop.Token);
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

        var threads = Enumerable.Range(0, Math.Min(plan.Threads, plan.Models.Length)).Select(i => new Thread(Work) { Name = $"training {i + 1}", IsBackground = true }).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        if (failure is not null)
        {
            session.Events.Write("train.failed", ("reason", failure.Message));
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }

        if (cancellation.IsCancellationRequested)
        {
            session.Events.Write("train.stopped");
            cancellation.ThrowIfCancellationRequested();
        }

        var result = new TrainResult([.. outcomes]);
        session.Events.Write("train.end", ("finished", result.Finished), ("diverged", result.Diverged));
        return result;
    }
}
