using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Polymorph.Structures.Formats;

/// <summary>The typed meaning of a value in an extended XYZ comment line, and its way back into text.</summary>
/// <remarks>Types: double, long, bool, string, arrays of them, and <see cref="JsonElement"/> for nested JSON. Text that would be taken for something
/// else is written as a JSON string, so that every value comes back as it was.</remarks>
internal static class CommentValue
{
    private const string JsonMark = "_JSON ";

    /// <summary>The value of a text: long before double before logical before string; several words of one kind make an array.</summary>
    public static object Parse(string text, Enclosure enclosure)
    {
        if (enclosure == Enclosure.Missing)
        {
            return true;
        }

        if (text.StartsWith(JsonMark, StringComparison.Ordinal) && FromJson(text[JsonMark.Length..]) is { } json)
        {
            return json;
        }

        if (enclosure == Enclosure.Brackets && FromJson(text) is { } array)
        {
            return array;
        }

        var words = (enclosure == Enclosure.Brackets ? text[1..^1] : text).Split([' ', '\t', ','], StringSplitOptions.RemoveEmptyEntries);
        return words.Length switch
        {
            0 => text,
            1 when enclosure != Enclosure.Brackets => words[0].Length == text.Trim().Length ? Scalar(words[0]) ?? text : text,
            _ => Array(words) ?? text,
        };
    }

    /// <summary>The text of a value as it stands after <c>key=</c>.</summary>
    /// <exception cref="ArgumentException">The value's type is none of those above.</exception>
    public static string Write(object value) => value switch
    {
        double number => NumberText.Write(number),
        long number => number.ToString(CultureInfo.InvariantCulture),
        int number => number.ToString(CultureInfo.InvariantCulture),
        bool flag => flag ? "T" : "F",
        string text => WriteText(text),
        double[] numbers => WriteArray(numbers, NumberText.Write),
        long[] numbers => WriteArray(numbers, n => n.ToString(CultureInfo.InvariantCulture)),
        int[] numbers => WriteArray(numbers, n => n.ToString(CultureInfo.InvariantCulture)),
        bool[] flags => WriteArray(flags, f => f ? "T" : "F", f => f ? "true" : "false"),
        string[] texts => Quote(JsonMark + ToJson(writer =>
        {
            writer.WriteStartArray();
            foreach (string text in texts)
            {
                writer.WriteStringValue(text);
            }

            writer.WriteEndArray();
        })),
        JsonElement json => Quote(JsonMark + ToJson(json.WriteTo)),
        _ => throw new ArgumentException($"a property of type {value.GetType().Name} cannot be written"),
    };

    /// <summary>A key or text in quotes where it needs them.</summary>
    public static string QuoteIfNeeded(string text) =>
        text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || "_-+./:@#()*^".Contains(c, StringComparison.Ordinal)) ? text : Quote(text);

    private static object? Scalar(string word)
    {
        // Text such as 007 is a label: as a number it would lose its zeros.
        bool label = word.Length > 1 && word.All(char.IsAsciiDigit) && (word[0] == '0' || !NumberText.TryLong(word, out _));
        return label ? null
            : NumberText.TryLong(word, out long whole) ? whole
            : NumberText.TryDouble(word, out double real) ? real
            : Logical(word) is { } flag ? flag
            : null;
    }

    public static bool? Logical(ReadOnlySpan<char> word) => word switch
    {
        "T" or "True" or "TRUE" or "true" => true,
        "F" or "False" or "FALSE" or "false" => false,
        _ => null,
    };

    private static object? Array(string[] words)
    {
        var scalars = new object?[words.Length];
        for (int i = 0; i < words.Length; i++)
        {
            scalars[i] = Scalar(words[i]);
            if (scalars[i] is null)
            {
                return null;
            }
        }

        return Uniform(scalars);
    }

    /// <summary>An array of one element type; whole numbers join real ones. Null when the kinds do not mix.</summary>
    private static object? Uniform(object?[] items) =>
        items.All(i => i is long) ? System.Array.ConvertAll(items, i => (long)i!)
        : items.All(i => i is long or double) ? System.Array.ConvertAll(items, i => i is long n ? n : (double)i!)
        : items.All(i => i is bool) ? System.Array.ConvertAll(items, i => (bool)i!)
        : items.All(i => i is string) ? System.Array.ConvertAll(items, i => (string)i!)
        : null;

    /// <summary>A JSON value: long, double, bool, string, an array of one of them, or the JSON itself.</summary>
    /// <exception cref="InvalidOperationException">A JSON string has half a surrogate pair.</exception>
    public static object OfJson(JsonElement root) => root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > 0
        ? Uniform([.. root.EnumerateArray().Select(JsonScalar)]) ?? root.Clone()
        : JsonScalar(root) ?? root.Clone();

    private static object? FromJson(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return OfJson(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            // InvalidOperationException: a JSON string with half a surrogate pair.
            return null;
        }
    }

    private static object? JsonScalar(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => json.GetString(),
        JsonValueKind.Number when json.TryGetInt64(out long whole) && json.GetRawText().AsSpan().IndexOfAny('.', 'e', 'E') < 0 => whole,
        JsonValueKind.Number when json.TryGetDouble(out double real) && double.IsFinite(real) => real,
        _ => null,
    };

    private static string WriteText(string text)
    {
        bool plain = !text.Any(char.IsControl) && !text.StartsWith(JsonMark, StringComparison.Ordinal) && Parse(text, Enclosure.Quotes) is string;
        return plain ? QuoteIfNeeded(text) : Quote(JsonMark + ToJson(writer => writer.WriteStringValue(text)));
    }

    private static string WriteArray<T>(T[] items, Func<T, string> word, Func<T, string>? json = null) =>
        items.Length > 1 ? Quote(string.Join(' ', items.Select(word))) : Quote($"{JsonMark}[{string.Join(',', items.Select(json ?? word))}]");

    private static string Quote(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static string ToJson(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            write(writer);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
