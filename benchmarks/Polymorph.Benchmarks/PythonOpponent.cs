using System.Diagnostics;
using Polymorph.Structures;

namespace Polymorph.Benchmarks;

/// <summary>Starts the opponents, <c>benchmarks/opponents/*.py</c> or others, with the system's Python and one thread, and hands them our structures.</summary>
internal static class PythonOpponent
{
    private const string Python = "/usr/bin/python3";

    /// <summary>A script of <c>benchmarks/opponents</c> ready to start with its streams redirected; null where it or Python is missing.</summary>
    /// <param name="script">File name of the script, or a whole path.</param>
    /// <param name="arguments">Its arguments.</param>
    public static ProcessStartInfo? Command(string script, params string[] arguments)
    {
        string? path = Path.IsPathRooted(script) ? script : StudyData.Above(Path.Combine("benchmarks", "opponents", script));
        if (path is null || !File.Exists(Python))
        {
            return null;
        }

        var start = new ProcessStartInfo(Python, [path, .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["OMP_NUM_THREADS"] = start.Environment["MKL_NUM_THREADS"] = "1";
        return start;
    }

    /// <summary>What a script prints; null, with a line that says so, where it did not run.</summary>
    /// <param name="script">File name of the script, or a whole path.</param>
    /// <param name="needs">The Python packages it needs, for the line.</param>
    /// <param name="input">What it reads from its standard input.</param>
    /// <param name="arguments">Its arguments.</param>
    public static string? Output(string script, string needs, string input, params string[] arguments)
    {
        if (Command(script, arguments) is { } command)
        {
            using var process = Process.Start(command)!;
            process.StandardInput.Write(input);
            process.StandardInput.Close();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode == 0)
            {
                return output;
            }
        }

        Console.Error.WriteLine($"The opponent did not run: it needs {Python} with {needs}.");
        return null;
    }

    /// <summary>Whether Python imports a module.</summary>
    public static bool Has(string module)
    {
        if (!File.Exists(Python))
        {
            return false;
        }

        using var probe = Process.Start(Python, ["-c", $"import {module}"]);
        probe.WaitForExit();
        return probe.ExitCode == 0;
    }

    /// <summary>A crystal as the scripts read it.</summary>
    public static object Crystal(Structure s) => new { lattice = Rows(s.Lattice!), z = s.Species.Select(e => e.Number), x = s.FractionalPositions.Select(Row) };

    /// <summary>The lattice vectors as rows, Å.</summary>
    public static double[][] Rows(Lattice lattice) => [Row(lattice.A), Row(lattice.B), Row(lattice.C)];

    /// <summary>A vector as an array.</summary>
    public static double[] Row(Vector3D v) => [v.X, v.Y, v.Z];
}
