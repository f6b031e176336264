using System.Collections.Immutable;
using System.ComponentModel;
using System.Globalization;
using System.Text;
using Polymorph.Structures;

namespace Polymorph.Energies.External.Xtb;

/// <summary>Runs xtb on one molecule after the other, in a folder of its own.</summary>
internal sealed class XtbEvaluator(XtbEngine engine, string program, ScratchFolder folder) : IEvaluator
{
    private const string Input = "coord";

    // Beyond this displacement of an atom old charges are no better a start than none; Å.
    private const double SamePlace = 0.5;

    // Whatever an earlier run left: xtb appends to some of these.
    private static readonly string[] Results = [XtbOutput.GradientFile, "energy", "charges", "wbo", ".sccnotconverged", "xtbtopo.mol", $"{Input}.engrad"];
    private Structure? _chargesOf;

    /// <inheritdoc/>
    public Evaluation Evaluate(Structure structure, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        if (engine.Refusal(structure) is { } refusal)
        {
            return Evaluation.Failed(refusal);
        }

        try
        {
            bool again = engine.Options.ReuseCharges && AreNear(_chargesOf, structure);
            var result = Run(structure, again, cancellation);
            if (again && result.Failure is not null)
            {
                result = Run(structure, reuse: false, cancellation);
            }

            _chargesOf = result.Failure is null ? structure : null;
            return result;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or Win32Exception)
        {
            return Evaluation.Failed($"xtb could not be run: {e.Message}");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => folder.Dispose();

    private static bool AreNear(Structure? before, Structure now) =>
        before is not null && before.Species.SequenceEqual(now.Species)
        && before.Positions.Zip(now.Positions).All(pair => (pair.First - pair.Second).LengthSquared < SamePlace * SamePlace);

    private static string Coordinates(Structure structure)
    {
        var text = new StringBuilder("$coord\n");
        foreach (var (element, position) in structure.Species.Zip(structure.Positions))
        {
            var r = AtomicUnits.ToBohr(position);
            text.Append(CultureInfo.InvariantCulture, $"{r.X:F14} {r.Y:F14} {r.Z:F14} {element.Symbol}\n");
        }

        return text.Append("$end\n").ToString();
    }

    private Evaluation Run(Structure structure, bool reuse, CancellationToken cancellation)
    {
        foreach (string name in reuse ? Results : [.. Results, "xtbrestart"])
        {
            File.Delete(folder.PathOf(name));
        }

        File.WriteAllText(folder.PathOf(Input), Coordinates(structure));
        var options = engine.Options;
        int unpaired = structure.Species.Sum(e => e.Number) % 2;
        using var process = ChildProcess.Start(program,
        [
            Input, "--grad",
            "--gfn", ((int)options.Hamiltonian).ToString(CultureInfo.InvariantCulture),
            "--chrg", "0",
            "--uhf", unpaired.ToString(CultureInfo.InvariantCulture),
            "--acc", options.Accuracy.ToString("G4", CultureInfo.InvariantCulture),
        ], folder.Location);
        if (!process.Wait(options.TimeLimit, cancellation))
        {
            process.Kill();
            return Evaluation.Failed(string.Create(CultureInfo.InvariantCulture, $"xtb did not end within {options.TimeLimit.TotalSeconds:G4} s"));
        }

        process.ReadToEnd();
        return process.ExitCode == 0 && !File.Exists(folder.PathOf(".sccnotconverged"))
            ? XtbOutput.Read(folder.PathOf(XtbOutput.GradientFile), structure)
            : Evaluation.Failed(XtbOutput.Reason(process));
    }
}
