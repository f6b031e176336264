using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Polymorph.Structures.Formats.JsonEntries;

/// <summary>Writes OPTIMADE JSON Lines: a header, then one structures entry per line.</summary>
/// <remarks>Source: OPTIMADE specification 1.2, "Structures Entries", and its JSON Lines format for serving and storing data. Properties are written with our prefix
/// <c>_polymorph_</c>; those of other providers keep theirs; what OPTIMADE would not allow as a name, and tables of the atoms, lie in fields of their own. Every number comes back as it was.</remarks>
internal static class OptimadeWriter
{
    private const string Header = "{\"x-optimade\":{\"meta\":{\"api_version\":\"1.2.0\"}}}";

    // Text stands as it is: the file is no part of a web page.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(TextWriter writer, Structure structure, long index)
    {
        if (index == 0)
        {
            writer.Write(Header + "\n");
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            string id = structure.Properties.GetValueOrDefault("id") as string ?? structure.Id;
            json.WriteStartObject();
            json.WriteString("id", id.Length > 0 ? id : string.Create(CultureInfo.InvariantCulture, $"{index + 1}"));
            json.WriteString("type", "structures");
            json.WriteStartObject("attributes");
            WriteComposition(json, structure.Composition);
            WriteGeometry(json, structure);
            WriteProperties(json, structure);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        writer.Write(Encoding.UTF8.GetString(buffer.WrittenSpan));
        writer.Write('\n');
    }

    private static void WriteComposition(Utf8JsonWriter json, Composition composition)
    {
        var counts = composition.Counts.OrderBy(c => c.Key.Symbol, StringComparer.Ordinal).ToArray();
        double atoms = composition.AtomCount;
        int divisor = counts.Select(c => c.Value).Aggregate(GreatestCommonDivisor);
        json.WriteStartArray("elements");
        Array.ForEach(counts, c => json.WriteStringValue(c.Key.Symbol));
        json.WriteEndArray();
        json.WriteNumber("nelements", counts.Length);
        json.WriteStartArray("elements_ratios");
        Array.ForEach(counts, c => Number(json, c.Value / atoms));
        json.WriteEndArray();
        json.WriteString("chemical_formula_descriptive", composition.Formula);
        json.WriteString("chemical_formula_hill", composition.Formula);
        json.WriteString("chemical_formula_reduced", string.Concat(counts.Select(c => c.Key.Symbol + Count(c.Value / divisor))));
        json.WriteString("chemical_formula_anonymous", string.Concat(counts.Select(c => c.Value / divisor).OrderDescending().Select((n, i) => Anonymous(i) + Count(n))));
    }

    private static void WriteGeometry(Utf8JsonWriter json, Structure structure)
    {
        var p = structure.Periodicity;
        int[] types = [p.A ? 1 : 0, p.B ? 1 : 0, p.C ? 1 : 0];
        json.WriteStartArray("dimension_types");
        Array.ForEach(types, json.WriteNumberValue);
        json.WriteEndArray();
        json.WriteNumber("nperiodic_dimensions", types.Sum());
        json.WriteStartArray("lattice_vectors");
        for (int row = 0; row < 3; row++)
        {
            Vector(json, structure.Lattice?[row]);
        }

        json.WriteEndArray();
        json.WriteStartArray("cartesian_site_positions");
        foreach (var position in structure.Positions)
        {
            Vector(json, position);
        }

        json.WriteEndArray();
        json.WriteNumber("nsites", structure.AtomCount);
        json.WriteStartArray("species_at_sites");
        foreach (var element in structure.Species)
        {
            json.WriteStringValue(element.Symbol);
        }

        json.WriteEndArray();
        json.WriteStartArray("species");
        foreach (var element in structure.Composition.Counts.Keys)
        {
            json.WriteStartObject();
            json.WriteString("name", element.Symbol);
            json.WriteStartArray("chemical_symbols");
            json.WriteStringValue(element.Symbol);
            json.WriteEndArray();
            json.WriteStartArray("concentration");
            Number(json, 1);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("structure_features");
        json.WriteEndArray();
    }

    private static void WriteProperties(Utf8JsonWriter json, Structure structure)
    {
        var named = structure.Properties.Where(p => p.Key != "id" || p.Value is not string).ToLookup(p => FieldName(p.Key) is not null);
        foreach (var (name, value) in named[true])
        {
            json.WritePropertyName(FieldName(name)!);
            Value(json, value);
        }

        if (named[false].Any())
        {
            json.WriteStartObject(OptimadeEntry.OtherProperties);
            foreach (var (name, value) in named[false])
            {
                json.WritePropertyName(name);
                Value(json, value);
            }

            json.WriteEndObject();
        }

        var tables = structure.AtomProperties.Where(p => p.Value.Columns > 0).ToArray();
        if (tables.Length > 0)
        {
            json.WriteStartObject(OptimadeEntry.SiteProperties);
            foreach (var (name, table) in tables)
            {
                json.WriteStartObject(name);
                json.WriteString("kind", table.Kind.ToString());
                json.WriteNumber("columns", table.Columns);
                json.WriteStartArray("values");
                foreach (object value in table.Values)
                {
                    Value(json, value);
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }
    }

    /// <summary>The field of a property; null for a name that cannot be one. Names have lower-case letters, digits and underscores.</summary>
    private static string? FieldName(string name) =>
        name.Length == 0 || !name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_') || name.StartsWith(OptimadeEntry.Prefix, StringComparison.Ordinal) ? null
            : name is [not '_', ..] ? name is "immutable_id" or "last_modified" ? name : IsReserved(name) ? null : OptimadeEntry.Prefix + name
            : name.IndexOf('_', 1) > 1 ? name : null;

    /// <summary>Names under which our own prefix would collide with the fields that hold the rest.</summary>
    private static bool IsReserved(string name) => OptimadeEntry.Prefix + name is OptimadeEntry.OtherProperties or OptimadeEntry.SiteProperties;

    private static void Value(Utf8JsonWriter json, object value)
    {
        switch (value)
        {
            case double number:
                Number(json, number);
                break;
            case long or int:
                json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case JsonElement element:
                element.WriteTo(json);
                break;
            case Array items:
                json.WriteStartArray();
                foreach (object item in items)
                {
                    Value(json, item);
                }

                json.WriteEndArray();
                break;
            default:
                throw new ArgumentException($"a property of type {value.GetType().Name} cannot be written");
        }
    }

    private static void Vector(Utf8JsonWriter json, Vector3D? vector)
    {
        json.WriteStartArray();
        for (int axis = 0; axis < 3; axis++)
        {
            if (vector is { } v)
            {
                Number(json, v[axis]);
            }
            else
            {
                json.WriteNullValue();
            }
        }

        json.WriteEndArray();
    }

    /// <summary>Every digit, and a point or exponent even where the number is whole. JSON has no word for what is not finite: it becomes a text that our reader takes back.</summary>
    private static void Number(Utf8JsonWriter json, double number)
    {
        if (double.IsFinite(number))
        {
            json.WriteRawValue(NumberText.Write(number), skipInputValidation: true);
        }
        else
        {
            json.WriteStringValue(double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity");
        }
    }

    private static string Count(int n) => n == 1 ? "" : n.ToString(CultureInfo.InvariantCulture);

    /// <summary>A, B, ..., Z, Aa, Ba, ..., as the specification counts.</summary>
    private static string Anonymous(int index) => (char)('A' + index % 26) + (index < 26 ? "" : ((char)('a' + index / 26 - 1)).ToString());

    private static int GreatestCommonDivisor(int a, int b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);
}
