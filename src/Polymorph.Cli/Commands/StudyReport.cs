using System.Globalization;
using System.Text.Json.Nodes;
using Polymorph.Cli.Shell;
using Polymorph.Foundation;
using Polymorph.Selection;
using Polymorph.Studies.Relaxations;
using Polymorph.Studies.Stages;

namespace Polymorph.Cli.Commands;

/// <summary>Prints what stages gave, for people and for programs.</summary>
internal static class StudyReport
{
    /// <summary>The selection as text.</summary>
    public static void Write(TextWriter output, SelectionOutcome selection, string file)
    {
        output.Write(selection.Funnel.ToString());
        output.WriteLine();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{selection.Structures.Count} structures are kept in {file}."));
        output.WriteLine($"Why each of the others was dropped: {selection.LossesFile}");
        output.WriteLine(selection.Coverage is { } coverage
            ? string.Create(CultureInfo.InvariantCulture, $"{coverage.Counts.Observed:N0} different structures in {coverage.Counts.Sample:N0} sound ones; about {coverage.Unseen:N0} more are unseen (95 %: {coverage.UnseenFrom:N0} to {coverage.UnseenTo:N0}), and the next is new with a chance of {1 - coverage.Coverage:P1}.")
            : "How many different structures are unseen is not estimated: repeats were not looked for (--duplicates, or --screen molecules).");
    }

    /// <summary>The comparison as text; its last line reads <c>N of M isomers found</c>.</summary>
    public static void Write(TextWriter output, Comparison comparison)
    {
        if (comparison.Selected is { } selected)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{selected.Found} of {selected.Known.Count} isomers are among the {selected.Generated} selected structures."));
        }

        if (comparison.Relaxed is { } relaxed)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{relaxed.Found} of {relaxed.Known.Count} isomers are among the {relaxed.Generated} relaxed structures."));
        }

        output.Write(comparison.Generated.ToString());
    }

    /// <summary>Known crystals found, or what is nearest in energy; its last line reads <c>N of M known structures found</c>.</summary>
    public static void Write(TextWriter output, CrystalComparison comparison)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"method {comparison.Method}; equal: within {1000 * MinimaCensus.EnergyTolerance:0.#} meV/atom and {MinimaCensus.DistanceTolerance:0.##} angstrom in every sorted distance"));
        output.WriteLine($"{"known",-32}  {"formula",-10}  {"eV/atom",10}  {"found",-5}  {"by or nearest",-24}  {"meV/atom",9}  lower");
        foreach (var t in comparison.Targets)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{t.Target,-32}  {t.Formula,-10}  {t.EnergyPerAtom,10:F4}  {(t.IsFound ? "yes" : "no"),-5}  {(t.IsFound ? t.Matches[0] : t.Nearest ?? "-"),-24}  {1000 * t.NearestDifference,9:F2}  {t.Lower}"));
        }

        foreach (var t in comparison.Targets.Where(t => t.Matched is not null))
        {
            string found = t.Matched!.Value is [var best, ..] and var all ? string.Create(CultureInfo.InvariantCulture, $"{all.Length} minima match, the nearest {best.Id} (rms {best.Rms:F4})") : "no minimum matches";
            string shown = t.Shown.IsEmpty ? "" : $"; in the training: {string.Join(", ", t.Shown)}";
            string near = t.NearestShown is { } n ? string.Create(CultureInfo.InvariantCulture, $"; nearest in the training: {n.Frame} ({(n.Rms is { } rms ? $"rms {rms:F4}" : $"no match, fingerprints {n.FingerprintDistance:F3} apart")})") : "";
            output.WriteLine($"matcher: {t.Target}: {found}{shown}{near}");
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{comparison.Matched} of {comparison.Targets.Length} by the structure matcher; {comparison.ShownMinima.Length} of {comparison.Relaxed} minima are structures of the training"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{comparison.Found} of {comparison.Targets.Length} known structures found among {comparison.Relaxed} minima"));
    }

    /// <summary>Everything as text.</summary>
    public static void Write(TextWriter output, StudyOutcome outcome, string file)
    {
        Write(output, outcome.Selection, file);
        if (outcome.Relaxation is { } relaxation)
        {
            output.WriteLine();
            RelaxationReport.Write(output, relaxation);
        }

        if (outcome.Crystals is { } crystals)
        {
            output.WriteLine();
            Write(output, crystals);
        }

        if (outcome.Comparison is { } comparison)
        {
            output.WriteLine();
            Write(output, comparison);
        }
    }

    /// <summary>Everything as JSON.</summary>
    public static JsonObject Json(string run, StudyOutcome outcome) => new()
    {
        ["run"] = run,
        ["trained"] = outcome.Training.Finished,
        ["diverged"] = outcome.Training.Diverged,
        ["funnel"] = SelectStage.FunnelJson(outcome.Selection.Funnel),
        ["coverage"] = SelectStage.CoverageJson(outcome.Selection.Coverage),
        ["selected"] = Selected(outcome.Selection),
        ["relaxation"] = outcome.Relaxation is { } relaxation ? RelaxationJson.Of(relaxation) : null,
        ["comparison"] = outcome.Comparison is { } comparison ? CompareStage.Json(comparison) : outcome.Crystals is { } crystals ? CrystalCompareStage.Json(crystals) : null,
    };

    /// <summary>The structures kept, without their coordinates.</summary>
    public static JsonArray Selected(SelectionOutcome selection) => new([.. selection.Structures.Select(s => (JsonNode)new JsonObject
    {
        ["id"] = s.Id,
        ["formula"] = s.Composition.Formula,
        ["smiles"] = s.Properties.GetValueOrDefault("smiles") as string,
    })]);

    /// <summary>How the command ends: the first stage that is not wholly done decides.</summary>
    public static ExitCode Exit(StudyOutcome outcome) => Exit(outcome.Training) is var training and not ExitCode.Done ? training : outcome.Relaxation?.Exit ?? ExitCode.Done;

    /// <summary>How the command ends.</summary>
    public static ExitCode Exit(TrainResult training) =>
        training.Diverged == 0 ? ExitCode.Done : training.Finished > 0 ? ExitCode.PartlyConverged : ExitCode.NothingSurvived;
}
