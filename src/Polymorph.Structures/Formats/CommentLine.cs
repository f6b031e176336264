using System.Text;

namespace Polymorph.Structures.Formats;

/// <summary>How a value was enclosed.</summary>
internal enum Enclosure
{
    /// <summary>Not at all.</summary>
    Bare,

    /// <summary>In single or double quotes, with backslash escapes.</summary>
    Quotes,

    /// <summary>In braces: an array, old style.</summary>
    Braces,

    /// <summary>In square brackets: an array, new style, perhaps nested. The brackets are part of the text.</summary>
    Brackets,

    /// <summary>There was a key alone, which means true.</summary>
    Missing,
}

/// <summary>Cuts the comment line of extended XYZ into its <c>key=value</c> entries.</summary>
internal ref struct CommentLine(string text, long line)
{
    private readonly string _text = text;
    private readonly long _line = line;
    private int _at;

    /// <summary>The next entry; false at the end.</summary>
    public bool Next(out string key, out string value, out Enclosure enclosure)
    {
        (key, value, enclosure) = ("", "", Enclosure.Missing);
        SkipBlanks();
        if (_at == _text.Length)
        {
            return false;
        }

        key = Part(stopAtEquals: true, out _);
        SkipBlanks();
        if (_at < _text.Length && _text[_at] == '=')
        {
            _at++;
            SkipBlanks();
            value = Part(stopAtEquals: false, out enclosure);
        }

        return true;
    }

    private void SkipBlanks()
    {
        while (_at < _text.Length && Tokens.IsBlank(_text[_at]))
        {
            _at++;
        }
    }

    private string Part(bool stopAtEquals, out Enclosure enclosure)
    {
        enclosure = Enclosure.Bare;
        char first = _at < _text.Length ? _text[_at] : ' ';
        if (first is '"' or '\'')
        {
            enclosure = Enclosure.Quotes;
            return Quoted(first);
        }

        if (first is '{' or '[' && !stopAtEquals)
        {
            enclosure = first == '{' ? Enclosure.Braces : Enclosure.Brackets;
            return Bracketed(first, first == '{' ? '}' : ']');
        }

        int start = _at;
        while (_at < _text.Length && !Tokens.IsBlank(_text[_at]) && !(stopAtEquals && _text[_at] == '='))
        {
            _at++;
        }

        return _text[start.._at];
    }

    private string Quoted(char quote)
    {
        int start = _at++;
        var value = new StringBuilder();
        while (_at < _text.Length)
        {
            char c = _text[_at++];
            if (c == quote)
            {
                return value.ToString();
            }

            value.Append(c == '\\' && _at < _text.Length ? _text[_at++] : c);
        }

        throw Unclosed(start, "quotation mark");
    }

    private string Bracketed(char open, char close)
    {
        int start = _at;
        int depth = 0;
        bool quoted = false;
        for (; _at < _text.Length; _at++)
        {
            char c = _text[_at];
            if (quoted)
            {
                _at += c == '\\' ? 1 : 0;
                quoted = c != '"';
            }
            else if (c == '"')
            {
                quoted = true;
            }
            else if (c == open)
            {
                depth++;
            }
            else if (c == close && --depth == 0)
            {
                _at++;
                return open == '{' ? _text[(start + 1)..(_at - 1)] : _text[start.._at];
            }
        }

        _at = _text.Length;
        throw Unclosed(start, "bracket");
    }

    private readonly InputProblemException Unclosed(int start, string what) =>
        new("PM2111", _line, $"the {what} that opens at character {start + 1} of the comment line is never closed", "Close it, or write a backslash before it when it belongs to the text.");
}
