using System.Diagnostics;
using System.Globalization;
using Polymorph.Learning;

namespace Polymorph.Cli.Tests;

/// <summary>The program as a process of its own, to be killed or interrupted while it trains.</summary>
internal static class TrainingProcess
{
    /// <summary>The program's file.</summary>
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "polymorph.dll");

    /// <summary>Starts it.</summary>
    public static Process Start(params string[] words) =>
        Process.Start(new ProcessStartInfo("dotnet", [Program, .. words]) { RedirectStandardOutput = true, RedirectStandardError = true })!;

    /// <summary>Starts it again and again and kills it at random moments, where asked not before it has saved something.</summary>
    /// <param name="run">The run folder.</param>
    /// <param name="times">How often.</param>
    /// <param name="mostMilliseconds">Longest time between what it saved and its end.</param>
    /// <param name="waitForCheckpoint">Whether to wait, for each time.</param>
    /// <param name="start">Starts it.</param>
    /// <param name="progress">A number that changes when it saves; by default the checkpoints in its log.</param>
    /// <returns>How often it was killed before it had ended.</returns>
    public static int KillOften(string run, int times, int mostMilliseconds, Func<int, bool> waitForCheckpoint, Func<Process> start, Func<long>? progress = null)
    {
        progress ??= () => Checkpoints(run);
        var random = new CounterRandom(2024, 1).Sequence(0);
        int kills = 0;
        for (int attempt = 0; attempt < times; attempt++)
        {
            using var process = start();
            long before = progress();
            while (waitForCheckpoint(attempt) && !process.HasExited && progress() == before)
            {
                Thread.Sleep(5);
            }

            Thread.Sleep(random.NextIndex(mostMilliseconds));
            if (!process.HasExited)
            {
                process.Kill();
                kills++;
            }

            process.WaitForExit();
        }

        return kills;
    }

    /// <summary>Interrupts it once its training has begun, as Ctrl-C does.</summary>
    public static void InterruptInTraining(Process process, string run, Action? before = null, Func<bool>? begun = null)
    {
        begun ??= () => Events(run).Contains("model.begin", StringComparison.Ordinal);
        while (!process.HasExited && !begun())
        {
            Thread.Sleep(10);
        }

        before?.Invoke();
        Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]).WaitForExit();
    }

    /// <summary>The log of a run that may be at work.</summary>
    public static string Events(string run)
    {
        string path = Path.Combine(run, "events.jsonl");
        if (!File.Exists(path))
        {
            return "";
        }

        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }

    private static int Checkpoints(string run) => Events(run).Split("\"event\":\"checkpoint\"").Length;
}
