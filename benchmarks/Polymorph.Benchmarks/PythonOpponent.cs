using System.Diagnostics;
using System.Text.Json;

namespace Polymorph.Benchmarks;

/// <summary>Runs a script of <c>benchmarks/opponents</c> that prints one JSON object.</summary>
internal static class PythonOpponent
{
    /// <summary>Its answer, or null where Python or a module is missing.</summary>
    /// <param name="script">Name of the script.</param>
    /// <param name="arguments">Its arguments.</param>
    public static JsonElement? Run(string script, params string[] arguments)
    {
        const string python = "/usr/bin/python3";
        if (Find(script) is { } path && File.Exists(python))
        {
            var start = new ProcessStartInfo(python, [path, .. arguments]) { RedirectStandardOutput = true };
            start.Environment["OMP_NUM_THREADS"] = "1";
            using var process = Process.Start(start)!;
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode == 0)
            {
                using var document = JsonDocument.Parse(output);
                return document.RootElement.Clone();
            }
        }

        Console.Error.WriteLine($"The opponent {script} did not run: it needs {python} with the modules it imports.");
        return null;
    }

    private static string? Find(string script)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "benchmarks", "opponents", script);
            if (File.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}
