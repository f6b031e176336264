using System.Globalization;
using System.Text.Json.Nodes;
using Polymorph.Structures.Inspection;

namespace Polymorph.Cli.Commands;

/// <summary>The content of a set of structures as lines and as JSON.</summary>
internal static class SummaryReport
{
    // A screen has about 40 lines; the JSON has everything.
    private const int Rows = 12;

    private static readonly string[] Kinds = ["molecules", "periodic along one axis", "layers", "crystals"];

    /// <summary>Lines for a person.</summary>
    public static void Write(TextWriter text, StructureSetSummary s)
    {
        var kinds = Kinds.Zip(s.ByPeriodicAxes, (name, count) => (Name: name, Count: count)).Where(k => k.Count > 0);
        Line(text, "structures", $"{s.Structures:N0}{(s.Structures > 0 ? $" ({string.Join(", ", kinds.Select(k => $"{k.Count:N0} {k.Name}"))})" : "")}");
        if (s.Structures > 0)
        {
            Line(text, "atoms", $"{s.Atoms.Smallest:0} to {s.Atoms.Largest:0}, on average {s.Atoms.Mean:0.#}");
            Line(text, "formulas", Several(s.Formulas.OrderByDescending(f => f.Value).ThenBy(f => f.Key, StringComparer.Ordinal).Select(f => f.Value == 1 ? f.Key : $"{f.Key} ({f.Value:N0})"), s.Formulas.Count));
        }

        if (s.Density.Count > 0)
        {
            Line(text, "density", $"{s.Density.Smallest:0.###} to {s.Density.Largest:0.###}, on average {s.Density.Mean:0.###} g/cm3");
        }

        if (s.ShortestDistances.Count > 0)
        {
            Line(text, "shortest", Several(s.ShortestDistances.OrderBy(d => d.Distance).Select(d => $"{d.First}-{d.Second} {d.Distance:0.000}"), s.ShortestDistances.Count) + " angstrom");
        }

        Line(text, "duplicates", s.Duplicates == 0 ? "none" : $"{s.Duplicates:N0}: " + Several(s.FirstDuplicates.Take(4).Select(d => $"{d.Id} = {d.First}"), s.Duplicates));
        Line(text, "bad entries", s.Rejected == 0 ? "none" : $"{s.Rejected:N0} ({string.Join(", ", s.RejectionsByCode.Select(r => $"{r.Key}: {r.Value:N0}"))})");
        foreach (var rejection in s.FirstRejections.Take(Rows))
        {
            text.WriteLine($"  {rejection}");
        }
    }

    /// <summary>Everything, for programs.</summary>
    public static JsonObject ToJson(StructureSetSummary s) => new()
    {
        ["structures"] = s.Structures,
        ["rejected"] = s.Rejected,
        ["duplicates"] = s.Duplicates,
        ["byPeriodicAxes"] = new JsonArray([.. s.ByPeriodicAxes.Select(n => (JsonNode)n)]),
        ["atoms"] = Range(s.Atoms),
        ["densityGramsPerCubicCentimetre"] = Range(s.Density),
        ["formulas"] = new JsonObject(s.Formulas.Select(f => KeyValuePair.Create(f.Key, (JsonNode?)f.Value))),
        ["shortestDistances"] = new JsonArray([.. s.ShortestDistances.Select(d => (JsonNode)new JsonObject
        {
            ["elements"] = new JsonArray(d.First.Symbol, d.Second.Symbol),
            ["angstrom"] = d.Distance,
            ["id"] = d.Id,
        })]),
        ["firstDuplicates"] = new JsonArray([.. s.FirstDuplicates.Select(d => (JsonNode)new JsonObject { ["id"] = d.Id, ["equalTo"] = d.First })]),
        ["rejectedByCode"] = new JsonObject(s.RejectionsByCode.Select(r => KeyValuePair.Create(r.Key, (JsonNode?)r.Value))),
        ["firstRejected"] = new JsonArray([.. s.FirstRejections.Select(r => (JsonNode)new JsonObject
        {
            ["file"] = r.File,
            ["line"] = r.Line,
            ["code"] = r.Code,
            ["reason"] = r.Reason,
            ["nextStep"] = r.NextStep,
        })]),
    };

    /// <summary>A count with its noun.</summary>
    public static string Count(long count, string one, string? many = null) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? one : many ?? one + "s")}");

    private static JsonObject? Range(ValueRange range) => range.Count == 0 ? null : new JsonObject
    {
        ["smallest"] = range.Smallest,
        ["mean"] = range.Mean,
        ["largest"] = range.Largest,
    };

    private static string Several(IEnumerable<string> items, long count)
    {
        var shown = items.Take(Rows).ToList();
        return string.Join(", ", shown) + (count > shown.Count ? $" and {count - shown.Count:N0} more" : "");
    }

    private static void Line(TextWriter text, string name, string value) => text.WriteLine($"{name,-11} {value}");
}
