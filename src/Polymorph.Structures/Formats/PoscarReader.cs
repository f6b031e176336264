using System.Collections.Immutable;
using System.Globalization;

namespace Polymorph.Structures.Formats;

/// <summary>Reads POSCAR and CONTCAR of VASP 4, 5 and 6.</summary>
/// <remarks>Layout: comment; scale (one factor, minus the cell's volume, or a factor per Cartesian axis); three lattice vectors; element symbols
/// (absent in VASP 4, where the comment may hold them); atom counts; "Selective dynamics" (optional); "Direct" or "Cartesian"; positions, with T or F per axis
/// under selective dynamics, kept as the atom property <c>move_mask</c>. Velocities and what follows them are ignored.
/// Source: VASP wiki, page POSCAR.</remarks>
internal sealed class PoscarReader(TextLines lines, string file, string idName, ReadOptions options) : FormatReader(lines, file, idName, options)
{
    public override ReadResult? Next()
    {
        if (Entries > 0 || Lines.Peek() is null)
        {
            return null;
        }

        Entries++;
        try
        {
            return Accept(ReadStructure());
        }
        catch (InputProblemException problem) when (!problem.EndsFile)
        {
            return Reject(problem);
        }
    }

    private Structure ReadStructure()
    {
        string comment = Line("the comment").Trim();
        var scale = ReadScale();
        Span<Vector3D> v = [ReadVector("lattice"), ReadVector("lattice"), ReadVector("lattice")];
        long cellLine = Lines.Number;
        if (scale.X < 0)
        {
            double volume = Math.Abs(v[0].Dot(v[1].Cross(v[2])));
            double factor = Math.Cbrt(-scale.X / Math.Max(volume, double.Epsilon));
            scale = new(factor, factor, factor);
        }

        for (int row = 0; row < 3; row++)
        {
            v[row] = StructureChecks.Within(Scaled(v[row], scale), "a component of the cell", cellLine, Options);
        }

        var lattice = StructureChecks.Lattice(v[0], v[1], v[2], cellLine);
        var species = ReadSpecies(comment);
        string mode = Line("'Direct' or 'Cartesian'").Trim();
        bool selective = mode.StartsWith('S') || mode.StartsWith('s');
        mode = selective ? Line("'Direct' or 'Cartesian'").Trim() : mode;
        bool? cartesian = mode.Length == 0 ? null : mode[0] switch { 'C' or 'c' or 'K' or 'k' => true, 'D' or 'd' => false, _ => null };
        if (cartesian is null)
        {
            throw new InputProblemException("PM2205", Lines.Number, $"the line before the positions should be 'Direct' or 'Cartesian', not '{StructureChecks.Shown(mode)}'",
                "Check that one count stands for every element.");
        }

        var positions = ImmutableArray.CreateBuilder<Vector3D>();
        var mask = new List<object>();
        foreach (var _ in species)
        {
            string row = Line($"the position of atom {positions.Count + 1} of {species.Length}");
            var tokens = new Tokens(row);
            var q = ReadNumbers(ref tokens, "a coordinate");
            positions.Add(StructureChecks.Within(cartesian.Value ? Scaled(q, scale) : lattice.ToCartesian(q), "the position", Lines.Number, Options));
            for (int axis = 0; axis < 3 && selective; axis++)
            {
                mask.Add(ReadFlag(tokens.Next()));
            }
        }

        RefuseFurtherPositions(species.Length);
        var properties = ImmutableSortedDictionary<string, object>.Empty;
        var atomProperties = ImmutableSortedDictionary<string, AtomProperty>.Empty;
        return StructureChecks.Structure(species, positions.ToImmutable(), lattice, Periodicity.Full, Id, 1, Options,
            comment.Length == 0 ? properties : properties.Add("comment", comment),
            selective ? atomProperties.Add("move_mask", new AtomProperty('L', 3, [.. mask])) : atomProperties);
    }

    private Vector3D ReadScale()
    {
        var words = Words(Line("the scale"));
        var numbers = new List<double>();
        foreach (string word in words)
        {
            if (numbers.Count == 3 || !NumberText.TryDouble(word, out double value))
            {
                break;
            }

            numbers.Add(value);
        }

        bool valid = numbers.Count is 1 or 3 && numbers.TrueForAll(n => double.IsFinite(n) && n != 0) && (numbers.Count == 1 || numbers.TrueForAll(n => n > 0));
        return !valid
            ? throw new InputProblemException("PM2201", Lines.Number, "the scale should be one number other than zero (negative: the volume of the cell in Å³) or three positive ones", "Write 1.0 when in doubt.")
            : numbers.Count == 1 ? new(numbers[0], numbers[0], numbers[0]) : new(numbers[0], numbers[1], numbers[2]);
    }

    private ImmutableArray<Element> ReadSpecies(string comment)
    {
        var words = Words(Line("element symbols or atom counts"));
        string[] symbols;
        if (words.Length > 0 && char.IsAsciiLetter(words[0][0]))
        {
            symbols = words;
            words = Words(Line("atom counts"));
        }
        else
        {
            symbols = Words(comment);
        }

        var counts = words.TakeWhile(w => char.IsAsciiDigit(w[0])).ToArray();
        long line = Lines.Number;
        if (counts.Length == 0)
        {
            throw new InputProblemException("PM2203", line, "there should be an atom count for every element", "Line 6 lists the elements, line 7 how many atoms of each.");
        }

        if (ReferenceEquals(symbols, words) || symbols.Length < counts.Length || (symbols.Length > counts.Length && !symbols.Skip(counts.Length).All(s => s.StartsWith('!'))))
        {
            throw new InputProblemException("PM2202", line, $"{counts.Length} atom counts, but {symbols.Length} element symbols",
                "Write the symbols in a line of their own before the counts, as VASP 5 does (or, as in VASP 4, in the first line).");
        }

        var species = ImmutableArray.CreateBuilder<Element>();
        for (int k = 0; k < counts.Length; k++)
        {
            // VASP 6 writes names of pseudopotentials: Fe_pv, O/9a1ad7c3.
            var symbol = symbols[k].AsSpan();
            int end = symbol.IndexOfAny('_', '/');
            var element = StructureChecks.Element(end > 0 ? symbol[..end] : symbol, line);
            if (!NumberText.TryLong(counts[k], out long count) || count < 1 || species.Count + count > Options.MaxAtoms)
            {
                throw new InputProblemException("PM2113", line, $"the count '{StructureChecks.Shown(counts[k])}' of {element} is not between 1 and {Options.MaxAtoms} atoms in all", "Correct it, or raise the limit.");
            }

            // The rows decide how long the list may grow; a count alone must not reserve memory for itself.
            species.AddRange(Enumerable.Repeat(element, (int)count));
        }

        return species.ToImmutable();
    }

    private bool ReadFlag(ReadOnlySpan<char> word) => CommentValue.Logical(word.Trim('.'))
        ?? throw new InputProblemException("PM2204", Lines.Number, $"selective dynamics needs T or F per axis, not '{StructureChecks.Shown(word)}'", "Write three flags after every position, or remove the line 'Selective dynamics'.");

    /// <summary>Velocities follow after a blank line or a line with a word; numbers straight after the positions are positions that no count covers.</summary>
    private void RefuseFurtherPositions(int count)
    {
        if (Lines.Peek() is { } next && Words(next) is [_, _, _, ..] words && words.Take(3).All(w => NumberText.TryDouble(w, out _)))
        {
            throw new InputProblemException("PM2206", Lines.Number + 1, $"there are more positions than the {count} atoms counted", "Correct the counts.");
        }
    }

    private Vector3D ReadVector(string what)
    {
        var tokens = new Tokens(Line($"a {what} vector"));
        return ReadNumbers(ref tokens, $"a component of the {what} vector");
    }

    private Vector3D ReadNumbers(ref Tokens tokens, string what) => new(
        StructureChecks.Number(tokens.Next(), what, Lines.Number, Options),
        StructureChecks.Number(tokens.Next(), what, Lines.Number, Options),
        StructureChecks.Number(tokens.Next(), what, Lines.Number, Options));

    private string Line(string what) => Lines.Read()
        ?? throw new InputProblemException("PM2207", Lines.Number, $"the file ends where {what} should follow", "It has been cut short: copy or compute it again.");

    private static Vector3D Scaled(Vector3D v, Vector3D scale) => new(v.X * scale.X, v.Y * scale.Y, v.Z * scale.Z);

    private static string[] Words(string line) => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
}
