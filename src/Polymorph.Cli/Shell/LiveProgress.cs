using System.Globalization;
using Polymorph.Studies.Runs;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Polymorph.Cli.Shell;

/// <summary>Progress as a table that redraws itself four times a second: one line for each model in training.</summary>
internal sealed class LiveProgress : IStudyObserver, IDisposable
{
    private const int ShownNotes = 5;

    private static readonly TimeSpan Frame = TimeSpan.FromSeconds(0.25);

    private readonly Lock _gate = new();
    private readonly IAnsiConsole _console;
    private readonly SortedDictionary<string, ModelProgress> _models = new(StringComparer.Ordinal);
    private readonly Queue<string> _notes = new();
    private readonly ManualResetEventSlim _ended = new();
    private readonly WorkRate _rate = new();
    private (string What, long Done, long Total)? _work;

    /// <summary>Draws on a terminal.</summary>
    /// <param name="error">Standard error.</param>
    public LiveProgress(TextWriter error) =>
        _console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error), Ansi = AnsiSupport.Yes, Interactive = InteractionSupport.Yes });

    /// <summary>Runs the work on another thread and draws meanwhile.</summary>
    /// <param name="work">The work.</param>
    public T Run<T>(Func<IStudyObserver, T> work)
    {
        var result = Task.Run(() =>
        {
            try
            {
                return work(this);
            }
            finally
            {
                _ended.Set();
            }
        });
        _console.Live(Picture()).AutoClear(false).Start(context =>
        {
            bool ended;
            do
            {
                ended = _ended.Wait(Frame);
                context.UpdateTarget(Picture());
            }
            while (!ended);
        });
        return result.GetAwaiter().GetResult();
    }

    /// <inheritdoc/>
    public void Note(string line)
    {
        lock (_gate)
        {
            _notes.Enqueue(line);
            while (_notes.Count > ShownNotes)
            {
                _notes.Dequeue();
            }
        }
    }

    /// <inheritdoc/>
    public void Model(ModelProgress progress)
    {
        lock (_gate)
        {
            _models[progress.Model] = progress;
        }
    }

    /// <inheritdoc/>
    public void Work(string what, long done, long total)
    {
        lock (_gate)
        {
            _work = (what, done, total);
            _rate.Report(what, done);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _ended.Dispose();

    private Rows Picture()
    {
        lock (_gate)
        {
            var parts = new List<IRenderable>();
            var training = _models.Values.Where(m => m.State is ModelState.Training or ModelState.Preparing).ToList();
            if (training.Count > 0)
            {
                var table = new Table().Border(TableBorder.Simple).AddColumns("model", "epoch", "Wasserstein", "gradient norm", "valid", "left");
                foreach (var m in training)
                {
                    table.AddRow(Markup.Escape(m.Model), $"{m.Epoch} of {m.Epochs}", Number(m.Statistics.Wasserstein, "0.000"), Number(m.Statistics.GradientNorm, "0.00"),
                        ModelLine.Share(m.ValidShare), m.Left is { } left ? ModelLine.Duration(left) : "-");
                }

                parts.Add(table);
                parts.AddRange(training.Where(m => m.Details is not null).Select(m => new Text(m.Details!)));
            }

            if (_models.Count > 0)
            {
                parts.Add(new Text($"{_models.Values.Count(m => m.State == ModelState.Finished)} models finished, {_models.Values.Count(m => m.State == ModelState.Diverged)} diverged"));
            }

            if (_work is { } work)
            {
                parts.Add(new Text(string.Create(CultureInfo.InvariantCulture, $"{work.What}: {work.Done:N0} of {work.Total:N0}{_rate.Left(work.Total)}")));
            }

            parts.AddRange(_notes.Select(note => new Text(note)));
            return new Rows(parts.Count > 0 ? parts : [new Text("reading")]);
        }
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
