using System.Collections.Concurrent;

namespace Polymorph.Energies.Batch;

/// <summary>Does the same work on many things on several threads and gives the results in the order of the things; few of them are in memory at a time.</summary>
public static class OrderedWork
{
    // Enough that no thread waits for a slow neighbour, few enough that memory stays small.
    private const int WaitingPerThread = 8;

    /// <summary>The results in order, as they come.</summary>
    /// <param name="things">Taken one at a time on the caller's thread.</param>
    /// <param name="work">Called on other threads.</param>
    /// <param name="threads">How many.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    /// <remarks>An exception of the work ends the enumeration at its place.</remarks>
    public static IEnumerable<TResult> Run<T, TResult>(IEnumerable<T> things, Func<T, TResult> work, int threads, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(things);
        ArgumentNullException.ThrowIfNull(work);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        return Enumerate();

        IEnumerable<TResult> Enumerate()
        {
            using var jobs = new BlockingCollection<(T Thing, TaskCompletionSource<TResult> Done)>();
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var workers = Enumerable.Range(0, threads).Select(i => new Thread(() => Work(jobs, stop.Token)) { Name = $"work {i + 1}", IsBackground = true }).ToList();
            workers.ForEach(w => w.Start());
            try
            {
                var waiting = new Queue<Task<TResult>>();
                foreach (var thing in things)
                {
                    cancellation.ThrowIfCancellationRequested();
                    var done = new TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously);
                    waiting.Enqueue(done.Task);
                    jobs.Add((thing, done), cancellation);
                    while (waiting.Count > WaitingPerThread * threads || waiting.TryPeek(out var first) && first.IsCompleted)
                    {
                        yield return Result(waiting.Dequeue());
                    }
                }

                while (waiting.TryDequeue(out var last))
                {
                    yield return Result(last);
                }
            }
            finally
            {
                jobs.CompleteAdding();
                stop.Cancel();
                workers.ForEach(w => w.Join());
            }
        }

        TResult Result(Task<TResult> task)
        {
            ((IAsyncResult)task).AsyncWaitHandle.WaitOne();
            cancellation.ThrowIfCancellationRequested();
            return task.GetAwaiter().GetResult();
        }

        void Work(BlockingCollection<(T Thing, TaskCompletionSource<TResult> Done)> jobs, CancellationToken stop)
        {
            foreach (var (thing, done) in jobs.GetConsumingEnumerable(CancellationToken.None))
            {
                if (stop.IsCancellationRequested)
                {
                    done.SetCanceled(stop);
                    continue;
                }

                try
                {
                    done.SetResult(work(thing));
                }
#pragma warning disable CA1031 // Carried to the caller's thread.
                catch (Exception e)
#pragma warning restore CA1031
                {
                    done.SetException(e);
                }
            }
        }
    }
}
