using System.Collections.Concurrent;
using System.Diagnostics;
using Xunit;

namespace Polymorph.Testing;

/// <summary>Runs the independent programs that tests compare with (Python with NumPy or ASE, Open Babel).</summary>
/// <remarks>A missing program skips the test; where <c>CI=true</c> it fails, because <c>.ci/run</c> installs them.</remarks>
public static class ExternalProgram
{
    // Starting Python to look for a module takes longer than most scripts: once per module is enough.
    private static readonly ConcurrentDictionary<string, bool> Modules = new();

    /// <summary>Standard output of a program that must end with exit code 0.</summary>
    /// <param name="program">For example <c>/usr/bin/python3</c>.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="input">Text for its standard input.</param>
    public static string Run(string program, IEnumerable<string> arguments, string input = "")
    {
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            MissingOnlyOutsideCi($"'{program}' is not installed: {e.Message}");
            throw;
        }

        using (process)
        {
            var error = process.StandardError.ReadToEndAsync();
            process.StandardInput.Write(input);
            process.StandardInput.Close();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}: {error.Result}");
            return output;
        }
    }

    /// <summary>Skips the test (in CI: fails it) when a program is not on the search path.</summary>
    /// <param name="program">Its name.</param>
    public static void Installed(string program)
    {
        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program))))
        {
            MissingOnlyOutsideCi($"'{program}' is not installed");
        }
    }

    /// <summary>Python 3 running a script with the given modules; the test is skipped (in CI: fails) when one is missing.</summary>
    /// <param name="script">Source text.</param>
    /// <param name="modules">Modules the script imports, such as <c>numpy</c> or <c>ase</c>.</param>
    /// <param name="arguments">Arguments, <c>sys.argv[1:]</c>.</param>
    public static string Python(string script, IEnumerable<string> modules, params string[] arguments)
    {
        const string python = "/usr/bin/python3";
        foreach (string module in modules)
        {
            if (!Modules.GetOrAdd(module, name => Imports(python, name)))
            {
                MissingOnlyOutsideCi($"needs {python} with the module '{module}'");
            }
        }

        return Run(python, ["-c", script, .. arguments]);
    }

    private static bool Imports(string python, string module)
    {
        using var probe = File.Exists(python) ? Process.Start(new ProcessStartInfo(python, ["-c", $"import {module}"]) { RedirectStandardError = true }) : null;
        probe?.WaitForExit();
        return probe is { ExitCode: 0 };
    }

    private static void MissingOnlyOutsideCi(string reason)
    {
        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.Fail(reason);
        }

        Assert.Skip(reason);
    }
}
