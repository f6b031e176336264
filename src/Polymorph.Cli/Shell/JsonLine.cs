using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Polymorph.Structures;

namespace Polymorph.Cli.Shell;

/// <summary>One JSON object in one line, for verbs that answer a line per structure, and the arrays such lines hold.</summary>
internal static class JsonLine
{
    private static readonly JsonWriterOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>An object.</summary>
    /// <param name="write">Writes its members.</param>
    public static string Of(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, OneLine))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }

    /// <summary>An object that is already there.</summary>
    /// <param name="document">The object.</param>
    public static string Of(JsonObject document) => Of(json =>
    {
        foreach (var (name, value) in document)
        {
            json.WritePropertyName(name);
            if (value is null)
            {
                json.WriteNullValue();
            }
            else
            {
                value.WriteTo(json);
            }
        }
    });

    /// <summary>A number, or null.</summary>
    public static void NumberOrNull(this Utf8JsonWriter json, string name, double? value)
    {
        json.WritePropertyName(name);
        if (value is { } number)
        {
            json.WriteNumberValue(number);
        }
        else
        {
            json.WriteNullValue();
        }
    }

    /// <summary>An array of numbers.</summary>
    public static void Numbers(this Utf8JsonWriter json, string name, IEnumerable<double> values)
    {
        json.WriteStartArray(name);
        foreach (double value in values)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
    }

    /// <summary>An array of words.</summary>
    public static void Strings(this Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    /// <summary>An array of three numbers.</summary>
    public static void Vector(this Utf8JsonWriter json, string name, Vector3D v) => json.Numbers(name, [v.X, v.Y, v.Z]);

    /// <summary>An array of arrays of three numbers.</summary>
    public static void Vectors(this Utf8JsonWriter json, string name, IEnumerable<Vector3D> vectors)
    {
        json.WriteStartArray(name);
        foreach (var v in vectors)
        {
            json.WriteStartArray();
            json.WriteNumberValue(v.X);
            json.WriteNumberValue(v.Y);
            json.WriteNumberValue(v.Z);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }
}
