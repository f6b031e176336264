using System.Diagnostics;
using System.Globalization;
using System.Text;
using Polymorph.Foundation;
using Polymorph.Structures;

namespace Polymorph.Selection;

/// <summary>Names any molecule by Open Babel's canonical SMILES, bond orders included: for what <see cref="SaturatedMoleculeNamer"/> leaves open.</summary>
/// <remarks>O'Boyle et al., J. Cheminform. 3 (2011) 33. The program <c>obabel</c> runs once per call. Its names are not comparable with those of other namers.</remarks>
public sealed class OpenBabelNamer : IMoleculeNamer
{
    private const int SecondsPerThousand = 120;

    private readonly string _program;

    /// <summary>A namer that runs the given program.</summary>
    /// <param name="program">Name or path of <c>obabel</c>.</param>
    public OpenBabelNamer(string program = "obabel") => _program = program;

    /// <summary>True when the program can be run.</summary>
    public bool IsAvailable
    {
        get
        {
            try
            {
                return Run(["-V"], TimeSpan.FromSeconds(10)).Contains("Open Babel", StringComparison.Ordinal);
            }
            catch (PolymorphException)
            {
                return false;
            }
        }
    }

    /// <inheritdoc/>
    /// <exception cref="PolymorphException">PM6001: the program is missing, failed, or took too long.</exception>
    public IReadOnlyList<string?> Names(IReadOnlyList<Structure> molecules)
    {
        ArgumentNullException.ThrowIfNull(molecules);
        var names = new string?[molecules.Count];
        var folder = Directory.CreateTempSubdirectory("polymorph-obabel-");
        try
        {
            // Of standard input it reads one frame only, so the molecules go through a file; titles tell which were left out.
            string path = Path.Combine(folder.FullName, "molecules.xyz");
            AtomicFile.WriteText(path, Frames(molecules));
            string output = Run(["-ixyz", path, "-ocan"], TimeSpan.FromSeconds(30 + SecondsPerThousand * (molecules.Count / 1000.0)));
            foreach (string line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                string[] cells = line.Split('\t', StringSplitOptions.TrimEntries);
                if (cells.Length == 2 && cells[0].Length > 0 && int.TryParse(cells[1], NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < names.Length)
                {
                    names[index] = cells[0];
                }
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        return names;
    }

    private static string Frames(IReadOnlyList<Structure> molecules)
    {
        var text = new StringBuilder();
        for (int m = 0; m < molecules.Count; m++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{molecules[m].AtomCount}\n{m}\n");
            foreach (var (element, r) in molecules[m].Species.Zip(molecules[m].Positions))
            {
                text.Append(CultureInfo.InvariantCulture, $"{element.Symbol} {r.X:F8} {r.Y:F8} {r.Z:F8}\n");
            }
        }

        return text.ToString();
    }

    private string Run(string[] arguments, TimeSpan limit)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(_program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(limit))
            {
                process.Kill(entireProcessTree: true);
                throw Failed($"did not end within {limit.TotalSeconds:F0} s");
            }

            process.WaitForExit();
            return process.ExitCode == 0 ? output.Result : throw Failed($"ended with exit code {process.ExitCode}: {error.Result.Trim()}");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw Failed($"cannot be run: {e.Message}");
        }
    }

    private PolymorphException Failed(string reason) =>
        new("PM6001", $"Open Babel {reason}", _program, "Install it (Debian: apt-get install openbabel) or compare saturated molecules only.", ExitCode.EngineFailed);
}
