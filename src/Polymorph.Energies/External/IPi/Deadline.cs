using System.Diagnostics;
using System.Globalization;

namespace Polymorph.Energies.External.IPi;

/// <summary>Until when, and on whose order, a wait for the other side goes on.</summary>
internal readonly struct Deadline
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly TimeSpan _limit;
    private readonly CancellationToken _cancellation;

    /// <summary>A wait that begins now.</summary>
    /// <param name="limit">Longest wait from now on; <see cref="Timeout.InfiniteTimeSpan"/> for none.</param>
    /// <param name="cancellation">Stops.</param>
    public Deadline(TimeSpan limit, CancellationToken cancellation) => (_limit, _cancellation) = (limit, cancellation);

    /// <summary>Returns while the wait may go on.</summary>
    /// <param name="waitedFor">What has not come, as in "did not X within 3 s".</param>
    /// <exception cref="IPiFailure">The time is over.</exception>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public void Check(string waitedFor)
    {
        _cancellation.ThrowIfCancellationRequested();
        if (_limit != Timeout.InfiniteTimeSpan && Stopwatch.GetElapsedTime(_start) >= _limit)
        {
            throw new IPiFailure(string.Create(CultureInfo.InvariantCulture, $"did not {waitedFor} within {_limit.TotalSeconds:G4} s"), timedOut: true);
        }
    }
}
