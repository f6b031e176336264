using System.Globalization;
using System.Text.Json;
using Polymorph.Cli.Shell;
using Polymorph.Foundation;
using Polymorph.Representations.Curves;
using Polymorph.Structures;
using Polymorph.Structures.Formats;

namespace Polymorph.Cli.Commands;

/// <summary>The curve of one frame, as a line for programs and as rows of a table, or why there is none.</summary>
/// <param name="Json">One JSON object.</param>
/// <param name="Rows">Rows <c>id,label,x,y</c>.</param>
/// <param name="Failure">Code, reason and way out, or null.</param>
internal sealed record CurveFrame(string Json, IReadOnlyList<string> Rows, string? Failure)
{
    /// <summary>The curve of one entry of a file.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="settings">Which curve.</param>
    public static CurveFrame Of(ReadResult entry, CurveSettings settings)
    {
        if (entry.Structure is not { } structure)
        {
            return Failed(entry.Rejection!.Place, null, entry.Rejection.ToString());
        }

        try
        {
            var rows = new List<string>();
            string json = Line(structure.Id, structure.Composition.Formula, writer => Write(writer, rows, structure, settings));
            return new(json, rows, null);
        }
        catch (PolymorphException e) when (e.ExitCode == ExitCode.InputData)
        {
            return Failed(structure.Id, structure.Composition.Formula, PolymorphException.OneLine(e.Code, null, e.Reason, e.NextStep));
        }
    }

    private static CurveFrame Failed(string id, string? formula, string reason) => new(Line(id, formula, json => json.WriteString("error", reason)), [], $"{id}: {reason}");

    private static string Line(string id, string? formula, Action<Utf8JsonWriter> write) => JsonLine.Of(json =>
    {
        json.WriteString("id", id);
        json.WriteString("formula", formula);
        write(json);
    });

    private static void Write(Utf8JsonWriter json, List<string> rows, Structure structure, CurveSettings settings)
    {
        string id = structure.Id;
        json.WriteString("kind", settings.Kind.ToString().ToLowerInvariant());
        switch (settings.Kind)
        {
            case CurveKind.Xrd:
                WritePattern(json, rows, id, PowderPattern.Of(structure, settings.Pattern), settings.Pattern);
                break;
            case CurveKind.Rdf:
                WriteRadial(json, rows, id, RadialDistribution.Of(structure, settings.Range, settings.Step ?? 0.05));
                break;
            case CurveKind.Coordination:
                WriteCoordination(json, rows, id, BondGeometry.Of(structure, settings.Rule));
                break;
            case CurveKind.Bonds:
                WriteDistributions(json, rows, id, BondGeometry.Of(structure, settings.Rule).Lengths(settings.Step ?? 0.02));
                break;
            default:
                WriteDistributions(json, rows, id, BondGeometry.Of(structure, settings.Rule).Angles(settings.Step ?? 2));
                break;
        }
    }

    private static void WritePattern(Utf8JsonWriter json, List<string> rows, string id, IReadOnlyList<PowderPeak> peaks, PowderPatternOptions options)
    {
        json.WriteNumber("wavelengthA", options.Wavelength);
        json.Numbers("twoThetaDegrees", peaks.Select(p => p.TwoTheta));
        json.Numbers("intensity", peaks.Select(p => p.Intensity));
        json.Numbers("spacingA", peaks.Select(p => p.Spacing));
        json.WriteStartArray("hkl");
        foreach (var peak in peaks)
        {
            json.WriteStartArray();
            json.WriteNumberValue(peak.H);
            json.WriteNumberValue(peak.K);
            json.WriteNumberValue(peak.L);
            json.WriteEndArray();
            rows.Add(Row(id, string.Create(CultureInfo.InvariantCulture, $"{peak.H} {peak.K} {peak.L}"), peak.TwoTheta, peak.Intensity));
        }

        json.WriteEndArray();
        json.Numbers("reflections", peaks.Select(p => (double)p.Reflections));
    }

    private static void WriteRadial(Utf8JsonWriter json, List<string> rows, string id, RadialDistribution g)
    {
        json.WriteNumber("stepA", g.Step);
        json.Numbers("radiusA", Enumerable.Range(0, g.Total.Length).Select(g.Radius));
        json.Numbers("total", g.Total);
        rows.AddRange(g.Total.Select((value, i) => Row(id, "total", g.Radius(i), value)));
        json.WriteStartObject("pairs");
        foreach (var (label, values) in g.Pairs)
        {
            json.Numbers(label, values);
            rows.AddRange(values.Select((value, i) => Row(id, label, g.Radius(i), value)));
        }

        json.WriteEndObject();
    }

    private static void WriteCoordination(Utf8JsonWriter json, List<string> rows, string id, BondGeometry bonds)
    {
        json.Numbers("numbers", bonds.Coordination.Select(n => (double)n));
        json.WriteStartObject("atoms");
        foreach (var (element, counts) in bonds.CoordinationCounts())
        {
            json.WriteStartObject(element.Symbol);
            foreach (var (number, atoms) in counts)
            {
                json.WriteNumber(number.ToString(CultureInfo.InvariantCulture), atoms);
                rows.Add(Row(id, element.Symbol, number, atoms));
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteDistributions(Utf8JsonWriter json, List<string> rows, string id, IEnumerable<Distribution> distributions)
    {
        json.WriteStartObject("distributions");
        foreach (var d in distributions)
        {
            json.WriteStartObject(d.Label);
            json.WriteNumber("count", d.Count);
            json.WriteNumber("mean", d.Mean);
            json.WriteNumber("deviation", d.Deviation);
            json.WriteNumber("smallest", d.Smallest);
            json.WriteNumber("largest", d.Largest);
            json.WriteNumber("start", d.Start);
            json.WriteNumber("step", d.Step);
            json.Numbers("bins", d.Bins.Select(b => (double)b));
            json.WriteEndObject();
            rows.AddRange(d.Bins.Select((count, i) => Row(id, d.Label, d.Start + (i + 0.5) * d.Step, count)));
        }

        json.WriteEndObject();
    }

    private static string Row(string id, string label, double x, double y) =>
        string.Create(CultureInfo.InvariantCulture, $"{(id.AsSpan().IndexOfAny(",\"\n\r") >= 0 ? $"\"{id.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : id)},{label},{Math.Round(x, 10)},{Math.Round(y, 10)}");
}
