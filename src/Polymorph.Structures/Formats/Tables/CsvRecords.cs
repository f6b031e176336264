using System.Text;

namespace Polymorph.Structures.Formats.Tables;

/// <summary>Cuts CSV into records: fields separated by commas, in quotation marks where they hold commas, line breaks or (doubled) quotation marks.</summary>
/// <remarks>Source: RFC 4180. Holds one record at a time.</remarks>
internal sealed class CsvRecords(TextLines lines, ReadOptions options)
{
    /// <summary>Line of the record that <see cref="Next"/> gave last, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>Line on which each field of that record begins.</summary>
    public IReadOnlyList<long> FieldLines => _fieldLines;

    private readonly List<long> _fieldLines = [];

    /// <summary>The fields of the next record that is not blank; null at the end.</summary>
    /// <exception cref="InputProblemException">PM2632: the file ends within quotation marks; PM2113: the record is too long.</exception>
    public List<string>? Next()
    {
        string? text;
        do
        {
            text = lines.Read();
            Line = lines.Number;
        }
        while (text is not null && Tokens.IsBlank(text));
        if (text is null)
        {
            return null;
        }

        var fields = new List<string>();
        _fieldLines.Clear();
        var field = new StringBuilder();
        long length = 0;
        for (int at = 0; ;)
        {
            _fieldLines.Add(lines.Number);
            if (at < text.Length && text[at] == '"')
            {
                (text, at) = Quoted(text, at + 1, field, ref length);
            }

            int end = text.IndexOf(',', at);
            field.Append(text, at, (end < 0 ? text.Length : end) - at);
            fields.Add(field.ToString());
            field.Clear();
            if (end < 0)
            {
                return fields;
            }

            at = end + 1;
        }
    }

    private (string Text, int At) Quoted(string text, int at, StringBuilder field, ref long length)
    {
        while (true)
        {
            int quote = text.IndexOf('"', at);
            if (quote >= 0)
            {
                field.Append(text, at, quote - at);
                at = quote + 1;
                if (at == text.Length || text[at] != '"')
                {
                    return (text, at);
                }

                field.Append('"');
                at++;
                continue;
            }

            field.Append(text, at, text.Length - at).Append('\n');
            length += text.Length;
            if (length > options.MaxEntryBytes)
            {
                throw new InputProblemException("PM2113", Line, $"the record has more than {options.MaxEntryBytes} characters", "Look for a quotation mark that is not closed.", endsFile: true);
            }

            text = lines.Read() ?? throw new InputProblemException("PM2632", Line, "the file ends within quotation marks", "The file has been cut short: copy it again; the records before it have been read.", endsFile: true);
            at = 0;
        }
    }
}
