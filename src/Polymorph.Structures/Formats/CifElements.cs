namespace Polymorph.Structures.Formats;

/// <summary>Elements of CIF sites, from type symbols (<c>Fe3+</c>, <c>Cval</c>) or labels (<c>O2A</c>).</summary>
internal static class CifElements
{
    /// <summary>The element of a type symbol; capitals do not matter, D and T are hydrogen.</summary>
    public static Element FromType(string type, long line)
    {
        var letters = Letters(type);
        return Proper(letters) ?? Proper(letters[..Math.Min(2, letters.Length)]) ?? throw Unknown(type, line);
    }

    /// <summary>The element of a label. CA1 may be calcium or a carbon atom A1: the formula decides, and if it cannot, the file is refused.</summary>
    public static Element FromLabel(string label, string? formula, long line)
    {
        var letters = Letters(label);
        if (letters.IsEmpty)
        {
            throw Unknown(label, line);
        }

        var one = Proper(letters[..1]);
        var two = letters.Length > 1 ? Proper(letters[..2]) : null;
        bool capitals = letters.Length > 1 && char.IsAsciiLetterUpper(letters[1]);
        if (one is null || two is null)
        {
            // "Wat" is the water of old mineral files, not tungsten.
            return (letters.Length > 2 && !capitals && two is null ? null : two ?? one) ?? throw Unknown(label, line);
        }

        if (!capitals)
        {
            return two.Value;
        }

        var present = Elements(formula);
        return (present.Contains(one.Value), present.Contains(two.Value)) switch
        {
            (true, false) => one.Value,
            (false, true) => two.Value,
            _ => throw new InputProblemException("PM2419", line, $"the label {StructureChecks.Shown(label)} may mean {one} or {two}", "Add the column _atom_site_type_symbol."),
        };
    }

    private static ReadOnlySpan<char> Letters(string text)
    {
        int end = 0;
        while (end < text.Length && char.IsAsciiLetter(text[end]))
        {
            end++;
        }

        return text.AsSpan(0, end);
    }

    private static Element? Proper(ReadOnlySpan<char> letters) => letters switch
    {
        "D" or "T" or "d" or "t" => new Element(1),
        { Length: 1 } when Element.TryParse([char.ToUpperInvariant(letters[0])], out var one) => one,
        { Length: 2 } when Element.TryParse([char.ToUpperInvariant(letters[0]), char.ToLowerInvariant(letters[1])], out var two) => two,
        _ => null,
    };

    private static HashSet<Element> Elements(string? formula)
    {
        var found = new HashSet<Element>();
        foreach (string word in formula?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [])
        {
            if (Proper(Letters(word)) is { } element)
            {
                found.Add(element);
            }
        }

        return found;
    }

    private static InputProblemException Unknown(string text, long line) =>
        new("PM2103", line, $"'{StructureChecks.Shown(text)}' names no chemical element", "Add or correct the column _atom_site_type_symbol.");
}
