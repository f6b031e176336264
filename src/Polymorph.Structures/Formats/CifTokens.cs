using System.Text;

namespace Polymorph.Structures.Formats;

/// <summary>What a word of a CIF is.</summary>
internal enum CifKind
{
    /// <summary>The end of the file.</summary>
    End,

    /// <summary><c>data_name</c>; the text is the name.</summary>
    Data,

    /// <summary><c>loop_</c>.</summary>
    Loop,

    /// <summary>A data name, such as <c>_cell_length_a</c>: lower case, points replaced by underscores.</summary>
    Name,

    /// <summary>A value.</summary>
    Value,

    /// <summary>A reserved word with no meaning here: <c>save_</c>, <c>global_</c>, <c>stop_</c>.</summary>
    Other,
}

/// <summary>One word of a CIF.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its text without quotes.</param>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Quoted">True for a value in quotes or semicolons.</param>
internal readonly record struct CifToken(CifKind Kind, string Text, long Line, bool Quoted = false)
{
    /// <summary>True for <c>?</c> and <c>.</c>: the value is unknown or does not apply.</summary>
    public bool IsMissing => !Quoted && Text is "?" or ".";
}

/// <summary>Cuts a CIF into words.</summary>
/// <remarks>Source: Hall, Allen, Brown, Acta Cryst. A47 (1991) 655, and the CIF 1.1 syntax page of the IUCr.</remarks>
internal sealed class CifTokens(TextLines lines)
{
    // Values that matter here are short; an article in a text field need not be kept.
    private const int MaxKept = 1 << 16;

    private string? _line;
    private int _at;
    private CifToken? _pushed;

    /// <summary>Puts a word back, to be read again.</summary>
    public void Push(CifToken token) => _pushed = token;

    /// <summary>The next word.</summary>
    /// <exception cref="InputProblemException">PM2407: a quotation or text field does not end. Reading may go on with the next line.</exception>
    public CifToken Next()
    {
        if (_pushed is { } pushed)
        {
            _pushed = null;
            return pushed;
        }

        while (true)
        {
            if (_line is null)
            {
                (_line, _at) = (lines.Read(), 0);
                if (_line is null)
                {
                    return new CifToken(CifKind.End, "", lines.Number);
                }

                if (_line.StartsWith(';'))
                {
                    return TextField(_line);
                }
            }

            while (_at < _line.Length && Tokens.IsBlank(_line[_at]))
            {
                _at++;
            }

            if (_at < _line.Length && _line[_at] != '#')
            {
                return _line[_at] is '\'' or '"' ? Quoted() : Word();
            }

            _line = null;
        }
    }

    private CifToken TextField(string first)
    {
        long start = lines.Number;
        var text = new StringBuilder(first[1..Math.Min(first.Length, MaxKept)]);
        while (lines.Read() is { } line)
        {
            if (line.StartsWith(';'))
            {
                (_line, _at) = (line, 1);
                return new CifToken(CifKind.Value, text.ToString(), start, Quoted: true);
            }

            if (text.Length + line.Length < MaxKept)
            {
                text.Append('\n').Append(line);
            }
        }

        _line = null;
        throw new InputProblemException("PM2407", start, "the text that begins with a semicolon here never ends", "Close it with a semicolon in the first column; the file may have been cut short.");
    }

    /// <summary>A quotation ends with its quotation mark and a blank: an apostrophe inside a word does not end it.</summary>
    private CifToken Quoted()
    {
        string line = _line!;
        char quote = line[_at];
        int start = _at + 1;
        for (int end = start; end < line.Length; end++)
        {
            if (line[end] == quote && (end + 1 == line.Length || Tokens.IsBlank(line[end + 1])))
            {
                _at = end + 1;
                return new CifToken(CifKind.Value, line[start..end], lines.Number, Quoted: true);
            }
        }

        _line = null;
        throw new InputProblemException("PM2407", lines.Number, $"the quotation that begins at character {start} never ends", "Close it before the end of the line.");
    }

    private CifToken Word()
    {
        string line = _line!;
        int start = _at;
        while (_at < line.Length && !Tokens.IsBlank(line[_at]))
        {
            _at++;
        }

        string word = line[start.._at];
        return word[0] == '_' ? new CifToken(CifKind.Name, word.ToLowerInvariant().Replace('.', '_'), lines.Number)
            : word.StartsWith("data_", StringComparison.OrdinalIgnoreCase) ? new CifToken(CifKind.Data, word[5..], lines.Number)
            : word.Equals("loop_", StringComparison.OrdinalIgnoreCase) ? new CifToken(CifKind.Loop, word, lines.Number)
            : word.StartsWith("save_", StringComparison.OrdinalIgnoreCase) || word.ToLowerInvariant() is "global_" or "stop_" ? new CifToken(CifKind.Other, word, lines.Number)
            : new CifToken(CifKind.Value, word, lines.Number);
    }
}
