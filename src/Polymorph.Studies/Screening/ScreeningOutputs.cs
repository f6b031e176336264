using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Polymorph.Foundation;
using Polymorph.Screening.Hull;
using Polymorph.Structures;
using Polymorph.Structures.Formats;
using Polymorph.Structures.Formats.Tables;
using Polymorph.Studies.Relaxations;

namespace Polymorph.Studies.Screening;

/// <summary>Writes the results of a screening. Candidates stand by energy above the hull, then by name; the same input gives the same bytes.</summary>
internal static class ScreeningOutputs
{
    /// <summary>Name of the funnel's file.</summary>
    public const string FunnelJson = "funnel.json";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes everything.</summary>
    public static void Write(string folder, ScreeningOutcome outcome, ScreeningRecipe recipe, ScreeningContext context, IReadOnlyList<ScreeningStep> steps)
    {
        string At(string name) => Path.Combine(folder, name);
        List<ScreeningCandidate> sorted = [.. context.Candidates.OrderBy(c => c.Standing?.EnergyAboveHullEVPerAtom ?? double.PositiveInfinity).ThenBy(c => c.Id, StringComparer.Ordinal)];
        AtomicFile.WriteText(At("candidates.jsonl"), string.Concat(sorted.Select(c => Line(c, steps).ToJsonString(RelaxedLine.OneLine) + "\n")));
        AtomicFile.WriteText(At("candidates.csv"), Table(sorted, steps));
        AtomicFile.WriteText(At("funnel.csv"), Funnel(steps, outcome.Rows));
        var survivors = sorted.Where(c => c.Rejection is null && c.Structure is not null).ToList();
        if (survivors.Count > 0)
        {
            StructureWriter.Write(At("survivors.extxyz"), survivors.Select(Survivor), StructureFormat.ExtendedXyz);
        }
        else
        {
            AtomicFile.WriteText(At("survivors.extxyz"), "");
        }

        ScreeningPictures.Write(folder, outcome, recipe, context, sorted);
        AtomicFile.WriteText(At(FunnelJson), outcome.Document.ToJsonString(Indented) + "\n");
    }

    /// <summary>A candidate with all that is known of it.</summary>
    private static JsonObject Line(ScreeningCandidate c, IReadOnlyList<ScreeningStep> steps)
    {
        var line = new JsonObject
        {
            ["id"] = c.Id,
            ["formula"] = c.Composition.Formula,
            ["reducedFormula"] = c.Composition.ReducedFormula,
            ["atoms"] = c.Composition.Total,
            ["source"] = Path.GetFileName(c.Source),
            ["state"] = c.State,
            ["rejectedBy"] = c.Rejection?.Step,
            ["reason"] = c.Rejection?.Reason,
            ["number"] = c.Rejection?.Value.Number,
            ["energyEV"] = c.EnergyEV,
            ["corrections"] = new JsonArray([.. c.Corrections.Select(t => (JsonNode)new JsonObject { ["name"] = t.Name, ["valueEV"] = t.ValueEV, ["uncertaintyEV"] = t.UncertaintyEV })]),
            ["correctedEnergyEV"] = c.Corrections.IsEmpty ? null : c.Entry?.EnergyEV,
            ["method"] = c.Method,
        };
        foreach (var (name, value) in c.Fields.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            line[name] = value?.DeepClone();
        }

        line["steps"] = new JsonArray([.. c.Results.Zip(steps, (r, step) => (JsonNode)new JsonObject
        {
            ["name"] = r.Step,
            ["quantity"] = r.Quantity,
            ["verdict"] = r.VerdictText,
            ["value"] = r.Value.Number,
            ["uncertainty"] = step.Settings.Uncertainty ?? (r.Value.Uncertainty > 0 ? r.Value.Uncertainty : null),
            ["reason"] = r.Reason.Length > 0 ? r.Reason : null,
            ["detail"] = r.Value.Detail.Length > 0 ? r.Value.Detail : null,
        })]);
        return line;
    }

    private static string Table(List<ScreeningCandidate> candidates, IReadOnlyList<ScreeningStep> steps)
    {
        var text = new StringBuilder();
        Row(text, ["id", "formula", "reduced_formula", "atoms", "state", "rejected_by", "reason", "number", "energy_eV", "corrections_eV", "method", "formation_energy_eV_per_atom", "energy_above_hull_eV_per_atom", "decomposition",
            .. steps.SelectMany(s => new[] { s.Settings.Name, $"{s.Settings.Name} verdict" })]);
        foreach (var c in candidates)
        {
            Row(text, [c.Id, c.Composition.Formula, c.Composition.ReducedFormula, Number(c.Composition.Total), c.State, c.Rejection?.Step ?? "", c.Rejection?.Reason ?? "", Number(c.Rejection?.Value.Number), Number(c.EnergyEV), c.Corrections.IsEmpty ? "" : Number(c.Corrections.Sum(t => t.ValueEV)), c.Method ?? "",
                Number(c.Standing?.FormationEnergyEVPerAtom), Number(c.Standing?.EnergyAboveHullEVPerAtom), c.Standing is { } standing ? ReactionText.Of(standing) : "",
                .. steps.SelectMany((_, i) => i < c.Results.Count ? new[] { Number(c.Results[i].Value.Number), c.Results[i].VerdictText } : ["", ""])]);
        }

        return text.ToString();
    }

    private static string Funnel(IReadOnlyList<ScreeningStep> steps, IReadOnlyList<FunnelRow> rows)
    {
        var text = new StringBuilder();
        Row(text, ["step", "quantity", "method", "minimum", "maximum", "unit", "in", "out", "pass", "fail", "borderline", "unknown", "losses"]);
        foreach (var (step, row) in steps.Zip(rows))
        {
            var bounds = step.Settings.Bounds;
            Row(text, [row.Step, row.Quantity, step.Method, Number(bounds.Minimum), Number(bounds.Maximum), step.Kind.Unit, Number(row.In), Number(row.Out),
                .. new[] { StepVerdict.Pass, StepVerdict.Fail, StepVerdict.Borderline, StepVerdict.Unknown }.Select(v => Number(row.Count(v))),
                string.Join("; ", row.Losses.Select(l => string.Create(CultureInfo.InvariantCulture, $"{l.Value} {l.Key}")))]);
        }

        return text.ToString();
    }

    private static Structure Survivor(ScreeningCandidate c)
    {
        var structure = c.Structure!.WithId(c.Id).WithProperty("id", c.Id).WithProperty("screening_state", c.State);
        structure = c.EnergyEV is { } energy ? structure.WithProperty("energy", energy) : structure;
        structure = c.Corrections.IsEmpty ? structure : structure.WithProperty("energy_corrected", c.Entry!.EnergyEV);
        structure = c.Method is { } method ? structure.WithProperty("method", method) : structure;
        return c.Standing is { } standing ? structure.WithProperty("energy_above_hull", standing.EnergyAboveHullEVPerAtom) : structure;
    }

    private static void Row(StringBuilder text, IEnumerable<string> fields) => text.AppendJoin(',', fields.Select(CsvField.Write)).Append('\n');

    private static string Number(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";
}
