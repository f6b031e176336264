using System.Diagnostics;
using Xunit;

namespace Polymorph.Cli.Tests;

/// <summary>The program as a process of its own, so that it can be killed.</summary>
internal static class PolymorphProcess
{
    /// <summary>Starts it; its output is read and thrown away, or it would wait for a reader.</summary>
    /// <param name="words">Verb and arguments.</param>
    /// <param name="environment">Variables to set.</param>
    public static Process Start(IEnumerable<string> words, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "polymorph.dll"), .. words]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>Waits for its end and gives the exit code.</summary>
    /// <param name="process">The process.</param>
    public static int Finish(Process process)
    {
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(3)), "the command hangs");
        return process.ExitCode;
    }

    /// <summary>Length of a file, bytes; 0 while there is none.</summary>
    /// <param name="path">The file.</param>
    public static long Length(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;
}
