using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

using Polymorph.Cli.Commands;
using Polymorph.Foundation;

namespace Polymorph.Cli.Shell;

/// <summary>The whole command line: finds the verb, checks the words, runs it, and turns what goes wrong into one message and an exit code.</summary>
internal sealed class CommandLine
{
    private readonly Terminal _terminal;
    private Verb? _verb;
    private readonly RootCommand _root;

    /// <summary>Builds the command line with all verbs of the product.</summary>
    /// <param name="terminal">Where to write.</param>
    public CommandLine(Terminal terminal)
        : this(terminal, Verbs.All())
    {
    }

    /// <summary>Builds the command line with the given verbs.</summary>
    /// <param name="terminal">Where to write.</param>
    /// <param name="verbs">The verbs, in the order of the help page.</param>
    public CommandLine(Terminal terminal, IEnumerable<Command> verbs)
    {
        _terminal = terminal;
        _root = new RootCommand("Proposes new crystals and molecules from a handful of known ones.");
        foreach (var verb in verbs)
        {
            _root.Add(verb);
        }

        foreach (var help in _root.Options.OfType<HelpOption>())
        {
            help.Action = new HelpWithExamples((HelpAction)help.Action!);
        }
    }

    /// <summary>Runs one command line.</summary>
    /// <param name="words">The words after the program's name.</param>
    /// <param name="cancellation">Cancelled by Ctrl-C.</param>
    /// <returns>The process's exit code.</returns>
    public int Run(IReadOnlyList<string> words, CancellationToken cancellation)
    {
        try
        {
            return RunVerb(words.Count == 0 ? ["--help"] : words, cancellation);
        }
        catch (PolymorphException e)
        {
            ErrorReport.Write(_terminal.Error, e);
            return (int)e.ExitCode;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            _terminal.Error.WriteLine(_verb is { IsResumable: true }
                ? "Stopped. What was finished is saved; the same command continues."
                : "Stopped. What was printed stands; the file that was being made is not written.");
            return (int)ExitCode.Stopped;
        }
#pragma warning disable CA1031 // The outermost frame: whatever arrives here is a defect, and the user gets a message and a log instead of a stack trace.
        catch (Exception e)
#pragma warning restore CA1031
        {
            ErrorReport.WriteDefect(_terminal.Error, e, words);
            return (int)ExitCode.EngineFailed;
        }
    }

    private int RunVerb(IReadOnlyList<string> words, CancellationToken cancellation)
    {
        // Response files (@name) are off: a structure may be called that.
        var parsed = _root.Parse(words, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is not ParseErrorAction && parsed.CommandResult.Command is not Verb || parsed.Action is HelpWithExamples)
        {
            return parsed.Invoke(new InvocationConfiguration { Output = _terminal.Output, Error = _terminal.Error, EnableDefaultExceptionHandler = false });
        }

        WordCheck.ThrowIfWrong(parsed);
        _verb = (Verb)parsed.CommandResult.Command;
        return (int)_verb.Run(new Invocation(parsed, _verb.Json, _terminal, cancellation));
    }
}
