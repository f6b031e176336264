using System.Collections.Concurrent;
using Polymorph.Studies.Runs;

namespace Polymorph.Studies.Tests;

/// <summary>Keeps the notes.</summary>
internal sealed class Notes : IStudyObserver
{
    public ConcurrentQueue<string> Lines { get; } = [];

    public void Note(string line) => Lines.Enqueue(line);

    public void Model(ModelProgress progress)
    {
    }

    public void Work(string what, long done, long total)
    {
    }
}

/// <summary>Stops the work as soon as a model is being trained.</summary>
internal sealed class StopAtFirstReport(CancellationTokenSource stop) : IStudyObserver
{
    public void Note(string line)
    {
    }

    public void Model(ModelProgress progress)
    {
        if (progress.State == ModelState.Training)
        {
            stop.Cancel();
        }
    }

    public void Work(string what, long done, long total)
    {
    }
}
