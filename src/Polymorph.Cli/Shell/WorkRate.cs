using System.Diagnostics;

namespace Polymorph.Cli.Shell;

/// <summary>Tells how long a stage will still take, from what it did since it was first heard of.</summary>
internal sealed class WorkRate
{
    // A rate from less is a guess.
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(2);

    private readonly Stopwatch _clock = new();
    private string _what = "";
    private long _first;
    private long _done;

    /// <summary>Takes note of progress.</summary>
    /// <param name="what">The stage.</param>
    /// <param name="done">Done so far; what was done before the first report is not counted.</param>
    public void Report(string what, long done)
    {
        if (what != _what || done < _done)
        {
            (_what, _first) = (what, done);
            _clock.Restart();
        }

        _done = done;
    }

    /// <summary>Such as <c>, 3 min left</c>; empty before it can be told, and at the end.</summary>
    /// <param name="total">To be done.</param>
    public string Left(long total) => _done > _first && _done < total && _clock.Elapsed >= Least
        ? $", {ModelLine.Duration(_clock.Elapsed * ((double)(total - _done) / (_done - _first)))} left"
        : "";
}
