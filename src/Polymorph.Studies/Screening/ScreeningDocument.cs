using System.Text.Json.Nodes;
using Polymorph.Studies.Recipes;
using Polymorph.Studies.Runs;

namespace Polymorph.Studies.Screening;

/// <summary>The funnel with everything that it depends on: program, data with hashes, every threshold.</summary>
internal static class ScreeningDocument
{
    /// <summary>The document.</summary>
    public static JsonObject Of(ScreeningRequest request, ScreeningRecipe recipe, ScreeningContext context, IReadOnlyList<ScreeningStep> steps, IReadOnlyList<FunnelRow> rows, int unread) => new()
    {
        ["schema"] = "polymorph.screening/1",
        ["title"] = recipe.Title,
        ["version"] = request.Version,
        ["recipe"] = FileHash.Document(request.Recipe),
        ["candidates"] = new JsonObject { ["read"] = context.Candidates.Count, ["unread"] = unread, ["files"] = new JsonArray([.. request.Files.Select(f => (JsonNode)FileHash.Document(CandidateFiles.SourceOf(f)))]) },
        ["corrections"] = recipe.IsCorrected ? "MP2020" : null,
        ["references"] = new JsonObject
        {
            ["phases"] = context.References.Phases.Count,
            ["experimental"] = context.References.Phases.Count(p => p.IsExperimental),
            ["dropped"] = new JsonArray([.. context.References.Dropped.Select(d => (JsonNode)new JsonObject { ["id"] = d.Id, ["reason"] = d.Reason })]),
            ["methods"] = new JsonArray([.. context.References.Methods.Select(m => (JsonNode?)(m.Length == 0 ? null : m))]),
            ["files"] = new JsonArray([.. recipe.References.SelectMany(r => r.Files).Select(f => (JsonNode)FileHash.Document(f))]),
        },
        ["steps"] = new JsonArray([.. steps.Zip(rows, (step, row) => (JsonNode)Step(step, row))]),
        ["survivors"] = rows.Count == 0 ? context.Candidates.Count : rows[^1].Out,
    };

    private static JsonObject Step(ScreeningStep step, FunnelRow row)
    {
        var settings = step.Settings;
        return new JsonObject
        {
            ["name"] = settings.Name,
            ["quantity"] = settings.Quantity,
            ["method"] = step.Method,
            ["minimum"] = settings.Bounds.Minimum,
            ["maximum"] = settings.Bounds.Maximum,
            ["unit"] = step.Kind.Unit,
            ["uncertainty"] = settings.Uncertainty,
            ["missing"] = settings.Missing.ToString().ToLowerInvariant(),
            ["settings"] = Values(settings, step.Kind),
            ["in"] = row.In,
            ["out"] = row.Out,
            ["pass"] = row.Count(StepVerdict.Pass),
            ["fail"] = row.Count(StepVerdict.Fail),
            ["borderline"] = row.Count(StepVerdict.Borderline),
            ["unknown"] = row.Count(StepVerdict.Unknown),
            ["losses"] = new JsonObject(row.Losses.Select(l => KeyValuePair.Create(l.Key, (JsonNode?)l.Value))),
        };
    }

    // What the recipe says beyond the keys above; of files only the name, so that a moved folder gives the same bytes.
    private static JsonObject Values(StepSettings settings, StepKind kind) => new(kind.Keys.Where(settings.Values.Has).Select(k =>
        KeyValuePair.Create(k.Name, (JsonNode?)string.Join(", ", settings.Values.All(k).Select(v => v.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal) && k.Kind is RecipeKind.Path or RecipeKind.Text ? Path.GetFileName(v) : v)))));
}
