using System.Diagnostics;
using System.Globalization;
using Polymorph.Studies.Runs;

namespace Polymorph.Cli.Shell;

/// <summary>Progress as lines that read well in a log: each model about every ten seconds, and when its state changes.</summary>
/// <param name="error">Standard error.</param>
internal sealed class PlainProgress(TextWriter error) : IStudyObserver
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Dictionary<string, (ModelState State, TimeSpan Time)> _shown = [];
    private readonly WorkRate _rate = new();
    private TimeSpan _workShown = -Between;

    /// <inheritdoc/>
    public void Note(string line)
    {
        lock (_gate)
        {
            error.WriteLine(line);
        }
    }

    /// <inheritdoc/>
    public void Model(ModelProgress progress)
    {
        lock (_gate)
        {
            var now = _clock.Elapsed;
            bool known = _shown.TryGetValue(progress.Model, out var last);
            if (!known || last.State != progress.State || now - last.Time >= Between)
            {
                _shown[progress.Model] = (progress.State, now);
                error.WriteLine(ModelLine.Text(progress));
            }
        }
    }

    /// <inheritdoc/>
    public void Work(string what, long done, long total)
    {
        lock (_gate)
        {
            _rate.Report(what, done);
            if (_clock.Elapsed - _workShown >= Between || done == total)
            {
                _workShown = _clock.Elapsed;
                error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {done:N0} of {total:N0}{_rate.Left(total)}"));
            }
        }
    }
}
