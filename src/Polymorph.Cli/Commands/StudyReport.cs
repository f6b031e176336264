using System.Globalization;
using System.Text.Json.Nodes;
using Polymorph.Cli.Shell;
using Polymorph.Foundation;
using Polymorph.Selection;
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
    }

    /// <summary>The comparison as text; its last line reads <c>N of M isomers found</c>.</summary>
    public static void Write(TextWriter output, Comparison comparison)
    {
        if (comparison.Selected is { } selected)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{selected.Found} of {selected.Known.Count} isomers are among the {selected.Generated} selected structures."));
        }

        output.Write(comparison.Generated.ToString());
    }

    /// <summary>Everything as text.</summary>
    public static void Write(TextWriter output, StudyOutcome outcome, string file)
    {
        Write(output, outcome.Selection, file);
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
        ["selected"] = Selected(outcome.Selection),
        ["comparison"] = outcome.Comparison is { } comparison ? CompareStage.Json(comparison) : null,
    };

    /// <summary>The structures kept, without their coordinates.</summary>
    public static JsonArray Selected(SelectionOutcome selection) => new([.. selection.Structures.Select(s => (JsonNode)new JsonObject
    {
        ["id"] = s.Id,
        ["formula"] = s.Composition.Formula,
        ["smiles"] = s.Properties.GetValueOrDefault("smiles") as string,
    })]);

    /// <summary>How the command ends.</summary>
    public static ExitCode Exit(TrainResult training) =>
        training.Diverged == 0 ? ExitCode.Done : training.Finished > 0 ? ExitCode.PartlyConverged : ExitCode.NothingSurvived;
}
