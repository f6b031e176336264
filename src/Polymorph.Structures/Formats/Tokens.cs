using System.Text;

namespace Polymorph.Structures.Formats;

/// <summary>Cuts a line into words separated by blanks, without allocating.</summary>
internal ref struct Tokens(ReadOnlySpan<char> line)
{
    private ReadOnlySpan<char> _rest = line;

    /// <summary>The next word; empty at the end.</summary>
    public ReadOnlySpan<char> Next()
    {
        int start = 0;
        while (start < _rest.Length && IsBlank(_rest[start]))
        {
            start++;
        }

        int end = start;
        while (end < _rest.Length && !IsBlank(_rest[end]))
        {
            end++;
        }

        var word = _rest[start..end];
        _rest = _rest[end..];
        return word;
    }

    /// <summary>The next word, which may stand in double quotes with backslash escapes; null at the end or when the quotes are not closed.</summary>
    public string? NextText()
    {
        var ahead = this;
        var word = ahead.Next();
        if (word.IsEmpty || word[0] != '"')
        {
            this = ahead;
            return word.IsEmpty ? null : word.ToString();
        }

        var value = new StringBuilder();
        int at = _rest.IndexOf('"') + 1;
        for (; at < _rest.Length; at++)
        {
            if (_rest[at] == '"')
            {
                _rest = _rest[(at + 1)..];
                return value.ToString();
            }

            at += _rest[at] == '\\' && at + 1 < _rest.Length ? 1 : 0;
            value.Append(_rest[at]);
        }

        return null;
    }

    public static bool IsBlank(char c) => c is ' ' or '\t' or '\v' or '\f' or '\u001a' or '\u00a0';

    public static bool IsBlank(ReadOnlySpan<char> line)
    {
        foreach (char c in line)
        {
            if (!IsBlank(c))
            {
                return false;
            }
        }

        return true;
    }
}
