namespace Polymorph.Structures.Formats.Tables;

/// <summary>One field of a CSV file.</summary>
public static class CsvField
{
    /// <summary>The field as it is written: in quotation marks, which are doubled within, where it holds commas, quotation marks or line breaks (RFC 4180).</summary>
    /// <param name="text">The text.</param>
    public static string Write(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
