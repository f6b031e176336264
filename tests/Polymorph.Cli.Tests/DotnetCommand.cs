using System.Collections.Concurrent;
using System.Diagnostics;
using Xunit;

namespace Polymorph.Cli.Tests;

/// <summary>Runs the <c>dotnet</c> command, or a program it made, as a user would: without the variables of the test run.</summary>
internal static class DotnetCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Output of a program that must end with exit code 0.</summary>
    /// <param name="program"><c>dotnet</c> or a path.</param>
    /// <param name="folder">Working folder.</param>
    /// <param name="arguments">Its arguments.</param>
    public static string Run(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string name in start.Environment.Keys.Where(n => n.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || n.StartsWith("VSTEST", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        var lines = new ConcurrentQueue<string>();
        using var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => lines.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => lines.Enqueue(line.Data ?? "");
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        // The compiler server outlives the command and holds its streams: wait for the process, not for the end of the streams.
        bool ended = process.WaitForExit(Patience);
        if (ended && program != "dotnet")
        {
            process.WaitForExit();
        }

        string text = string.Join('\n', lines);
        Assert.True(ended && process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} {(ended ? $"ended with {process.ExitCode}" : "hangs")}:\n{text}");
        return text;
    }
}
