using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Polymorph.Structures;

namespace Polymorph.Energies.External.Xtb;

/// <summary>What xtb says: the file with energy and gradient in Turbomole's format, and its complaints.</summary>
internal static partial class XtbOutput
{
    /// <summary>Name of the file with energy and gradient.</summary>
    public const string GradientFile = "gradient";

    // A line of the file has less than 100 characters.
    private const int MostBytesPerAtom = 400;

    /// <summary>Energy and forces, or what is wrong with the file.</summary>
    /// <param name="path">The file: a title, a line with the energy (hartree), a position and then a gradient (hartree/bohr) per atom.</param>
    /// <param name="structure">The molecule it must be about.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Evaluation Read(string path, Structure structure)
    {
        var file = new FileInfo(path);
        int atoms = structure.AtomCount;
        if (!file.Exists || file.Length > MostBytesPerAtom * (atoms + 10L))
        {
            return Evaluation.Failed(file.Exists ? "xtb wrote a gradient of far more than the molecule's atoms" : "xtb ended without writing a gradient");
        }

        string[] lines = File.ReadAllLines(path);
        if (lines.Length != 2 * atoms + 3 || lines[0].Trim() != "$grad" || lines[^1].Trim() != "$end" || Energy().Match(lines[1]) is not { Success: true } energy)
        {
            return Evaluation.Failed("xtb wrote a gradient that cannot be read");
        }

        var forces = ImmutableArray.CreateBuilder<Vector3D>(atoms);
        for (int i = 0; i < atoms; i++)
        {
            // The elements tell that the order of the atoms is ours.
            string[] place = lines[2 + i].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (place.Length != 4 || !place[3].Equals(structure.Species[i].Symbol, StringComparison.OrdinalIgnoreCase) || Row(lines[2 + atoms + i]) is not { } gradient)
            {
                return Evaluation.Failed("xtb wrote a gradient that cannot be read");
            }

            forces.Add(-AtomicUnits.HartreePerBohr * gradient);
        }

        return Evaluation.Of(Number(energy.Groups[1].Value) * AtomicUnits.Hartree, forces.MoveToImmutable());
    }

    /// <summary>Why a run failed, as a clause.</summary>
    /// <param name="process">The run, ended.</param>
    public static string Reason(ChildProcess process)
    {
        // xtb prints its calls from the outermost to the innermost, which knows the cause: "-1- scf: ...did not converge".
        string? cause = Cause().Matches(process.Output).LastOrDefault()?.Groups[1].Value.Trim();
        return cause is null
            ? string.Create(CultureInfo.InvariantCulture, $"xtb ended with exit code {process.ExitCode}{LastWords.Quote(process)}")
            : $"xtb failed: {cause}";
    }

    private static Vector3D? Row(string line) =>
        line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is { Length: 3 } cells ? new(Number(cells[0]), Number(cells[1]), Number(cells[2])) : null;

    // What is no number becomes NaN, which makes the evaluation a failure. Fortran may write D for the exponent.
    private static double Number(string text) =>
        double.TryParse(text.Replace('D', 'E'), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : double.NaN;

    [GeneratedRegex(@"SCF energy =\s*(\S+)")]
    private static partial Regex Energy();

    [GeneratedRegex(@"^-\d+- (.+)$", RegexOptions.Multiline)]
    private static partial Regex Cause();
}
