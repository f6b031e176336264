using System.Text.Json;
using Polymorph.Cli.Shell;
using Xunit;

namespace Polymorph.Cli.Tests;

/// <summary>The program, run inside the test's process.</summary>
internal static class ProgramRun
{
    /// <summary>Runs it with the words of a line.</summary>
    public static (int Exit, string Output, string Error) OfLine(string line) => Of(line.Split(' '));

    /// <summary>The objects of an output of one JSON object per line.</summary>
    public static JsonElement[] Lines(string output) => [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)];

    /// <summary>Runs it with these words.</summary>
    public static (int Exit, string Output, string Error) Of(params string[] words)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int exit = new CommandLine(new Terminal(output, error, IsInteractive: false)).Run(words, TestContext.Current.CancellationToken);
        return (exit, output.ToString(), error.ToString());
    }
}
