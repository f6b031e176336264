using System.Globalization;
using System.Text.Json;
using Polymorph.Cli.Shell;
using Polymorph.Foundation;
using Polymorph.Representations.Curves;
using Polymorph.Structures;
using Polymorph.Structures.Formats;
using Polymorph.Structures.Formats.Tables;

namespace Polymorph.Cli.Commands;

/// <summary>The curve of one frame, as a line for programs and as rows of a table, or why there is none.</summary>
/// <param name="Json">One JSON object; empty where it is not wanted.</param>
/// <param name="Rows">Rows <c>id,label,x,y</c>; empty where they are not wanted.</param>
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
            var (json, rows) = Curve(structure, settings);
            return new(settings.WantsJson ? Line(structure.Id, structure.Composition.Formula, json) : "", settings.WantsRows ? [.. rows] : [], null);
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

    /// <summary>The curve, and what writes it in either form when that is wanted.</summary>
    private static (Action<Utf8JsonWriter> Json, IEnumerable<string> Rows) Curve(Structure structure, CurveSettings settings)
    {
        string id = structure.Id;
        var (json, rows) = settings.Kind switch
        {
            CurveKind.Xrd => Pattern(id, PowderPattern.Of(structure, settings.Pattern), settings.Pattern),
            CurveKind.Rdf => Radial(id, RadialDistribution.Of(structure, settings.Range, settings.Step ?? 0.05)),
            CurveKind.Coordination => Coordination(id, BondGeometry.Of(structure, settings.Rule)),
            CurveKind.Bonds => Distributions(id, BondGeometry.Of(structure, settings.Rule).Lengths(settings.Step ?? 0.02)),
            _ => Distributions(id, BondGeometry.Of(structure, settings.Rule).Angles(settings.Step ?? 2)),
        };
        return (writer =>
        {
            writer.WriteString("kind", settings.Kind.ToString().ToLowerInvariant());
            json(writer);
        }, rows);
    }

    private static (Action<Utf8JsonWriter> Json, IEnumerable<string> Rows) Pattern(string id, IReadOnlyList<PowderPeak> peaks, PowderPatternOptions options)
    {
        return (json =>
        {
            json.WriteNumber("wavelengthA", options.Wavelength);
            json.Numbers("twoThetaDegrees", peaks.Select(p => p.TwoTheta));
            json.Numbers("intensity", peaks.Select(p => p.Intensity));
            json.Numbers("spacingA", peaks.Select(p => p.Spacing));
            json.Vectors("hkl", peaks.Select(p => new Vector3D(p.H, p.K, p.L)));
            json.Numbers("reflections", peaks.Select(p => (double)p.Reflections));
        }, peaks.Select(p => Row(id, string.Create(CultureInfo.InvariantCulture, $"{p.H} {p.K} {p.L}"), p.TwoTheta, p.Intensity)));
    }

    private static (Action<Utf8JsonWriter> Json, IEnumerable<string> Rows) Radial(string id, RadialDistribution g)
    {
        return (json =>
        {
            json.WriteNumber("stepA", g.Step);
            json.Numbers("radiusA", Enumerable.Range(0, g.Total.Length).Select(g.Radius));
            json.Numbers("total", g.Total);
            json.WriteStartObject("pairs");
            foreach (var (label, values) in g.Pairs)
            {
                json.Numbers(label, values);
            }

            json.WriteEndObject();
        }, Rows("total", g.Total).Concat(g.Pairs.SelectMany(pair => Rows(pair.Key, pair.Value))));

        IEnumerable<string> Rows(string label, IEnumerable<double> values) => values.Select((value, i) => Row(id, label, g.Radius(i), value));
    }

    private static (Action<Utf8JsonWriter> Json, IEnumerable<string> Rows) Coordination(string id, BondGeometry bonds)
    {
        var counts = bonds.CoordinationCounts();
        return (json =>
        {
            json.Numbers("numbers", bonds.Coordination.Select(n => (double)n));
            json.WriteStartObject("atoms");
            foreach (var (element, atomsOf) in counts)
            {
                json.WriteStartObject(element.Symbol);
                foreach (var (number, atoms) in atomsOf)
                {
                    json.WriteNumber(number.ToString(CultureInfo.InvariantCulture), atoms);
                }

                json.WriteEndObject();
            }

            json.WriteEndObject();
        }, counts.SelectMany(element => element.Value.Select(n => Row(id, element.Key.Symbol, n.Key, n.Value))));
    }

    private static (Action<Utf8JsonWriter> Json, IEnumerable<string> Rows) Distributions(string id, IReadOnlyList<Distribution> distributions)
    {
        return (json =>
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
            }

            json.WriteEndObject();
        }, distributions.SelectMany(d => d.Bins.Select((count, i) => Row(id, d.Label, d.Start + (i + 0.5) * d.Step, count))));
    }

    private static string Row(string id, string label, double x, double y) =>
        string.Create(CultureInfo.InvariantCulture, $"{CsvField.Write(id)},{label},{Math.Round(x, 10)},{Math.Round(y, 10)}");
}
