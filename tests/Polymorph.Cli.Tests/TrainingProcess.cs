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
    /// <returns>How often it was killed before it had ended.</returns>
    public static int KillOften(string run, int times, int mostMilliseconds, Func<int, bool> waitForCheckpoint, Func<Process> start)
    {
        var random = new CounterRandom(2024, 1).Sequence(0);
        int kills = 0;
        for (int attempt = 0; attempt < times; attempt++)
        {
            using var process = start();
            int before = Checkpoints(run);
            while (waitForCheckpoint(attempt) && !process.HasExited && Checkpoints(run) == before)
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
    public static void InterruptInTraining(Process process, string run, Action? before = null)
    {
        while (!process.HasExited && !Events(run).Contains("model.begin", StringComparison.Ordinal))
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
