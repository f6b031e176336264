using Polymorph.Energies.Batch;
using Xunit;

namespace Polymorph.Energies.Tests.Batch;

public sealed class OrderedWorkTests
{
    [Theory, InlineData(1), InlineData(2), InlineData(5)]
    public void ResultsComeInTheOrderOfTheThings(int threads)
    {
        // Later things are done sooner.
        var results = OrderedWork.Run(Enumerable.Range(0, 200), i =>
        {
            Thread.SpinWait(200 * (200 - i));
            return i * i;
        }, threads, TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(0, 200).Select(i => i * i), results);
    }

    /// An endless source: what is in memory stays small, and leaving early ends the threads.
    [Fact]
    public void TheSourceIsReadOnlyAsFarAsNeeded()
    {
        int read = 0;
        IEnumerable<int> Endless()
        {
            while (true)
            {
                yield return read++;
            }
        }

        Assert.Equal(Enumerable.Range(0, 50), OrderedWork.Run(Endless(), i => i, 2, TestContext.Current.CancellationToken).Take(50));
        Assert.InRange(read, 50, 100);
    }

    [Fact]
    public void AnExceptionComesAtItsPlace()
    {
        var results = OrderedWork.Run(Enumerable.Range(0, 20), i => i == 7 ? throw new InvalidOperationException("seven") : i, 3, TestContext.Current.CancellationToken).GetEnumerator();
        for (int i = 0; i < 7; i++)
        {
            Assert.True(results.MoveNext());
        }

        Assert.Equal("seven", Assert.Throws<InvalidOperationException>(() => results.MoveNext()).Message);
        results.Dispose();
    }

    [Fact]
    public void CancellationEndsIt()
    {
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => OrderedWork.Run(Enumerable.Range(0, 1000), i =>
        {
            if (i == 5)
            {
                stop.Cancel();
            }

            return i;
        }, 2, stop.Token).Count());
    }
}
