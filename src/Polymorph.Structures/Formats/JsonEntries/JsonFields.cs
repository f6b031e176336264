using System.Buffers;
using System.Text.Json;

namespace Polymorph.Structures.Formats.JsonEntries;

/// <summary>Takes numbers, vectors and texts out of a JSON entry and says what is wrong with those that are not there.</summary>
internal static class JsonFields
{
    // Nested values beyond this length are left out: they are no properties of a structure any more.
    private const int LongestNested = 1 << 16;

    /// <summary>A field of an object, or null when it is absent, null, or this is no object.</summary>
    public static JsonElement? Field(this JsonElement entry, string name) =>
        entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty(name, out var value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined) ? value : null;

    /// <summary>A field that must be a list.</summary>
    public static JsonElement List(this JsonElement entry, string name, long line) => entry.Field(name) is { ValueKind: JsonValueKind.Array } list ? list
        : throw new InputProblemException("PM2603", line, $"the entry has no list '{name}'", "Export or fetch it with this field.");

    /// <summary>A finite number.</summary>
    public static double Number(JsonElement value, string what, long line)
    {
        bool number = value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double real) || IsNotFinite(value, out real);
        return !number ? throw new InputProblemException("PM2603", line, $"{what} should be a number, not {Shown(value)}")
            : double.IsFinite(real) ? real
            : throw new InputProblemException("PM2105", line, $"{what} is {Shown(value)}, not a finite number", "The program that wrote the file has failed here; compute this structure again.");
    }

    /// <summary>A list of three finite numbers.</summary>
    public static Vector3D Vector(JsonElement value, string what, long line)
    {
        Span<double> v = [0, 0, 0];
        int count = 0;
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray())
            {
                v[count] = Number(item, what, line);
                if (++count == 3)
                {
                    break;
                }
            }
        }

        return count == 3 && value.GetArrayLength() == 3 ? new Vector3D(v[0], v[1], v[2])
            : throw new InputProblemException("PM2603", line, $"{what} should be a list of three numbers, not {Shown(value)}");
    }

    /// <summary>The rows of a list, which must have this many.</summary>
    public static JsonElement[] Rows(JsonElement value, int count, string what, long line) => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == count
        ? [.. value.EnumerateArray()]
        : throw new InputProblemException("PM2603", line, $"{what} should be a list of {count}, not {Shown(value)}");

    /// <summary>A text, or null when the value is none.</summary>
    public static string? Text(JsonElement? value) => value is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>Three logical values; null when the value is something else.</summary>
    public static Periodicity? Periodicity(JsonElement? value)
    {
        if (value is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() != 3)
        {
            return null;
        }

        var flags = list.EnumerateArray().Select(f => f.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Number => f.TryGetInt64(out long n) && n is 0 or 1 ? n == 1 : null,
            _ => (bool?)null,
        }).ToArray();
        return flags is [{ } a, { } b, { } c] ? new Periodicity(a, b, c) : null;
    }

    /// <summary>A value as a structure's property holds it: number, logical, text, a list of one kind, or nested JSON; null when there is nothing to keep.</summary>
    public static object? Property(JsonElement value)
    {
        if (value.Field("__ndarray__") is { ValueKind: JsonValueKind.Array } array && array.GetArrayLength() == 3 && array[0].ValueKind == JsonValueKind.Array && array[0].GetArrayLength() == 1)
        {
            // ASE's form of a list: shape, type, values.
            value = array[2];
        }

        return value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined ? null
            : IsNotFinite(value, out double real) ? real
            : CommentValue.OfJson(value) is not JsonElement nested ? CommentValue.OfJson(value)
            : nested.GetRawText().Length <= LongestNested && nested.ValueKind is JsonValueKind.Array or JsonValueKind.Object && !IsEmpty(nested) ? nested : null;
    }

    /// <summary>Puts the words NaN, Infinity and -Infinity, which Python writes though JSON has no such numbers, in quotation marks.</summary>
    public static ReadOnlyMemory<byte> WithQuotedNonNumbers(ReadOnlyMemory<byte> json)
    {
        var bytes = json.Span;
        if (bytes.IndexOf("NaN"u8) < 0 && bytes.IndexOf("Infinity"u8) < 0)
        {
            return json;
        }

        var result = new ArrayBufferWriter<byte>(bytes.Length + 64);
        bool quoted = false;
        for (int i = 0; i < bytes.Length;)
        {
            int word = quoted ? 0 : bytes[i..] switch
            {
                var r when r.StartsWith("NaN"u8) => 3,
                var r when r.StartsWith("Infinity"u8) => 8,
                var r when r.StartsWith("-Infinity"u8) => 9,
                _ => 0,
            };
            if (word > 0)
            {
                result.Write("\""u8);
                result.Write(bytes.Slice(i, word));
                result.Write("\""u8);
                i += word;
                continue;
            }

            int step = quoted && bytes[i] == '\\' && i + 1 < bytes.Length ? 2 : 1;
            quoted ^= step == 1 && bytes[i] == '"';
            result.Write(bytes.Slice(i, step));
            i += step;
        }

        return result.WrittenMemory;
    }

    /// <summary>A value in a message.</summary>
    public static string Shown(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => $"a list of {value.GetArrayLength()}",
        JsonValueKind.Object => "an object",
        JsonValueKind.String => $"the text '{StructureChecks.Shown(value.GetString())}'",
        JsonValueKind.Undefined => "nothing",
        _ => StructureChecks.Shown(value.GetRawText()),
    };

    private static bool IsEmpty(JsonElement nested) => nested.ValueKind == JsonValueKind.Array ? nested.GetArrayLength() == 0 : !nested.EnumerateObject().Any();

    private static bool IsNotFinite(JsonElement value, out double real)
    {
        double? number = value.ValueKind != JsonValueKind.String ? null : value.GetRawText() switch
        {
            "\"NaN\"" => double.NaN,
            "\"Infinity\"" => double.PositiveInfinity,
            "\"-Infinity\"" => double.NegativeInfinity,
            _ => null,
        };
        real = number ?? 0;
        return number is not null;
    }
}
