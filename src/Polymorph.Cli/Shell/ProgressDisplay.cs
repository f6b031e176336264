using Polymorph.Studies.Runs;

namespace Polymorph.Cli.Shell;

/// <summary>Shows the progress of a stage on standard error: a table that redraws itself for a person, plain lines for a file.</summary>
internal static class ProgressDisplay
{
    /// <summary>Runs work under a display.</summary>
    /// <param name="terminal">Where to draw.</param>
    /// <param name="work">The work; it tells the observer how far it is.</param>
    public static T Run<T>(Terminal terminal, Func<IStudyObserver, T> work)
    {
        if (!terminal.IsInteractive)
        {
            return work(new PlainProgress(terminal.Error));
        }

        using var live = new LiveProgress(terminal.Error);
        return live.Run(work);
    }
}
