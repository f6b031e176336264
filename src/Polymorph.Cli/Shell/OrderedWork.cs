using System.Runtime.ExceptionServices;

namespace Polymorph.Cli.Shell;

/// <summary>Independent work on a stream of items, on several threads, results in the order of the items.</summary>
internal static class OrderedWork
{
    // Enough to even out items of unequal size; few enough that results come soon and memory stays bounded.
    private const int ItemsPerThread = 16;

    /// <summary>The results, in order. Items are taken a batch at a time.</summary>
    /// <typeparam name="TItem">What comes in.</typeparam>
    /// <typeparam name="TResult">What goes out.</typeparam>
    /// <param name="items">The items; taken by one thread.</param>
    /// <param name="threads">Threads at work.</param>
    /// <param name="work">What to do with one; called by several threads at once.</param>
    /// <param name="cancellation">Stops the work between two items.</param>
    public static IEnumerable<TResult> Each<TItem, TResult>(IEnumerable<TItem> items, int threads, Func<TItem, TResult> work, CancellationToken cancellation)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        foreach (var batch in items.Chunk(threads * ItemsPerThread))
        {
            var results = new TResult[batch.Length];
            try
            {
                Parallel.For(0, batch.Length, options, i => results[i] = work(batch[i]));
            }
            catch (AggregateException e)
            {
                ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
            }

            foreach (var result in results)
            {
                yield return result;
            }
        }
    }
}
