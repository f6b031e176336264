using System.Collections.Concurrent;
using Polymorph.Foundation;
using Polymorph.Structures;

namespace Polymorph.Energies.Batch;

/// <summary>Workers of an engine, lent to one thread at a time and kept for the next.</summary>
/// <param name="engine">The engine.</param>
public sealed class EvaluatorPool(IEnergyEngine engine) : IDisposable
{
    private readonly ConcurrentBag<IEvaluator> _idle = [];

    /// <summary>The engine.</summary>
    public IEnergyEngine Engine { get; } = engine;

    /// <summary>Does something with a worker.</summary>
    /// <param name="work">Uses the worker on this thread only.</param>
    /// <exception cref="PolymorphException">The engine cannot be started.</exception>
    public T Use<T>(Func<IEvaluator, T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (!_idle.TryTake(out var evaluator))
        {
            evaluator = Engine.CreateEvaluator();
        }

        bool whole = false;
        try
        {
            var result = work(evaluator);
            whole = true;
            return result;
        }
        finally
        {
            // After an exception its state is unknown: the next one starts fresh.
            if (whole)
            {
                _idle.Add(evaluator);
            }
            else
            {
                evaluator.Dispose();
            }
        }
    }

    /// <summary>Energy of one structure; a refusal is a failed result.</summary>
    /// <param name="structure">The structure.</param>
    /// <param name="cancellation">Stops.</param>
    public Evaluation Evaluate(Structure structure, CancellationToken cancellation) =>
        Engine.Refusal(structure) is { } refusal ? Evaluation.Failed(refusal) : Use(evaluator => evaluator.Evaluate(structure, cancellation));

    /// <summary>Ends all workers.</summary>
    public void Dispose()
    {
        while (_idle.TryTake(out var evaluator))
        {
            evaluator.Dispose();
        }
    }
}
