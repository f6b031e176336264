using System.Collections.Immutable;

namespace Polymorph.Structures.Formats;

/// <summary>What the comment line of a frame says: columns, cell, periodicity, named values.</summary>
internal sealed record XyzHeader(bool Extended, PropertyColumns Columns, Lattice? Lattice, Periodicity Periodicity, ImmutableSortedDictionary<string, object> Properties)
{
    /// <summary>Reads the comment line.</summary>
    public static XyzHeader Parse(string comment, long line, ReadOptions options)
    {
        if (!IsExtended(comment))
        {
            if (Qm9Comment.Parse(comment) is { } molecule)
            {
                return new XyzHeader(false, Qm9Comment.Columns, null, Periodicity.None, molecule);
            }

            var properties = ImmutableSortedDictionary<string, object>.Empty;
            string text = comment.Trim();
            return new XyzHeader(false, PropertyColumns.Plain, null, Periodicity.None, text.Length == 0 ? properties : properties.Add("comment", text));
        }

        var columns = PropertyColumns.Plain;
        double[]? cell = null;
        Periodicity? periodicity = null;
        var values = ImmutableSortedDictionary.CreateBuilder<string, object>(StringComparer.Ordinal);
        var entries = new CommentLine(comment, line);
        while (entries.Next(out string key, out string value, out var enclosure))
        {
            if (key.Equals("Properties", StringComparison.OrdinalIgnoreCase))
            {
                columns = PropertyColumns.Parse(value, line);
            }
            else if (key.Equals("Lattice", StringComparison.OrdinalIgnoreCase))
            {
                cell = ParseCell(value, line, options);
            }
            else if (key.Equals("pbc", StringComparison.OrdinalIgnoreCase))
            {
                periodicity = ParsePeriodicity(value, line);
            }
            else if (key.Length > 0)
            {
                values[key] = CommentValue.Parse(value, enclosure);
            }
        }

        // Programs write a cell of zeros for a molecule.
        bool none = cell is null || (Array.TrueForAll(cell, c => c == 0) && periodicity is not { Any: true });
        if (none && periodicity is { Any: true })
        {
            throw new InputProblemException("PM2114", line, "the frame is periodic (pbc) but has no cell", "Add Lattice=\"ax ay az bx by bz cx cy cz\", or write pbc=\"F F F\".");
        }

        var lattice = none ? null : StructureChecks.Lattice(new(cell![0], cell[1], cell[2]), new(cell[3], cell[4], cell[5]), new(cell[6], cell[7], cell[8]), line);
        return new XyzHeader(true, columns, lattice, periodicity ?? (none ? Periodicity.None : Periodicity.Full), values.ToImmutable());
    }

    /// <summary>True when a line has an element and three numbers where this frame's rows have them.</summary>
    public bool LooksLikeRow(string? line)
    {
        if (line is null)
        {
            return false;
        }

        var words = line.Split([' ', '\t'], Columns.Width + 1, StringSplitOptions.RemoveEmptyEntries);
        return words.Length >= Columns.Width && IsElement(words[Columns.Species.Column]) && Enumerable.Range(Columns.Position, 3).All(c => NumberText.TryDouble(words[c].Trim(), out _));
    }

    /// <summary>True when a line begins with an element and three numbers.</summary>
    public static bool LooksLikePlainRow(string? line) =>
        line?.Split([' ', '\t'], 5, StringSplitOptions.RemoveEmptyEntries) is [var element, var x, var y, var z, ..]
        && IsElement(element) && NumberText.TryDouble(x, out _) && NumberText.TryDouble(y, out _) && NumberText.TryDouble(z, out _);

    private static bool IsElement(string word) =>
        Element.TryParse(word, out _) || (NumberText.TryLong(word, out long number) && number is >= 1 and <= Element.Count);

    public static bool IsExtended(string comment) => Has(comment, "Properties") || Has(comment, "Lattice") || Has(comment, "pbc");

    private static bool Has(string comment, string key)
    {
        for (int at = comment.IndexOf(key, StringComparison.OrdinalIgnoreCase); at >= 0; at = comment.IndexOf(key, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            if ((at == 0 || Tokens.IsBlank(comment[at - 1])) && comment.AsSpan(at + key.Length).TrimStart().StartsWith('='))
            {
                return true;
            }
        }

        return false;
    }

    private static double[] ParseCell(string value, long line, ReadOptions options)
    {
        var words = value.Split([' ', '\t', ',', '[', ']'], StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 9
            ? Array.ConvertAll(words, w => StructureChecks.Number(w, "a component of the cell", line, options))
            : throw new InputProblemException("PM2112", line, $"the entry Lattice has {words.Length} numbers instead of 9", "Write the three vectors one after the other: Lattice=\"ax ay az bx by bz cx cy cz\".");
    }

    private static Periodicity ParsePeriodicity(string value, long line)
    {
        var flags = value.Split([' ', '\t', ',', '[', ']'], StringSplitOptions.RemoveEmptyEntries)
            .Select(w => CommentValue.Logical(w) ?? w switch { "1" => true, "0" => false, _ => (bool?)null }).ToArray();
        return flags switch
        {
            [{ } a, { } b, { } c] => new Periodicity(a, b, c),
            [{ } all] => new Periodicity(all, all, all),
            _ => throw new InputProblemException("PM2117", line, $"the entry pbc should have three logical values, not '{StructureChecks.Shown(value)}'", "An example for a layer: pbc=\"T T F\"."),
        };
    }
}
