using System.Collections.Immutable;

namespace Polymorph.Structures.Formats;

/// <summary>What POSCAR and XDATCAR begin with: comment, scale, three lattice vectors, element symbols (absent in VASP 4, where the comment may hold them), atom counts.</summary>
internal sealed class PoscarHeader
{
    private readonly TextLines _lines;
    private readonly ReadOptions _options;

    private PoscarHeader(TextLines lines, ReadOptions options) => (_lines, _options) = (lines, options);

    /// <summary>The first line.</summary>
    public string Comment { get; private set; } = "";

    /// <summary>Factor per Cartesian axis.</summary>
    public Vector3D Scale { get; private set; }

    /// <summary>The cell, scaled.</summary>
    public Lattice Lattice { get; private set; } = null!;

    /// <summary>Element of every atom.</summary>
    public ImmutableArray<Element> Species { get; private set; }

    /// <summary>Reads the header.</summary>
    public static PoscarHeader Read(TextLines lines, ReadOptions options)
    {
        var header = new PoscarHeader(lines, options);
        header.Read();
        return header;
    }

    /// <summary>The next line.</summary>
    /// <exception cref="InputProblemException">PM2207: there is none.</exception>
    public static string Line(TextLines lines, string what) => lines.Read()
        ?? throw new InputProblemException("PM2207", lines.Number, $"the file ends where {what} should follow", "It has been cut short: copy or compute it again.");

    /// <summary>Three numbers of a line.</summary>
    public static Vector3D ReadNumbers(ref Tokens tokens, string what, TextLines lines, ReadOptions options) => new(
        StructureChecks.Number(tokens.Next(), what, lines.Number, options),
        StructureChecks.Number(tokens.Next(), what, lines.Number, options),
        StructureChecks.Number(tokens.Next(), what, lines.Number, options));

    /// <summary>A vector with the factors of the scale.</summary>
    public static Vector3D Scaled(Vector3D v, Vector3D scale) => new(v.X * scale.X, v.Y * scale.Y, v.Z * scale.Z);

    /// <summary>Words of a line.</summary>
    public static string[] Words(string line) => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);

    private void Read()
    {
        Comment = Line(_lines, "the comment").Trim();
        var scale = ReadScale();
        Span<Vector3D> v = [ReadVector(), ReadVector(), ReadVector()];
        long cellLine = _lines.Number;
        if (scale.X < 0)
        {
            double volume = Math.Abs(v[0].Dot(v[1].Cross(v[2])));
            double factor = Math.Cbrt(-scale.X / Math.Max(volume, double.Epsilon));
            scale = new(factor, factor, factor);
        }

        for (int row = 0; row < 3; row++)
        {
            v[row] = StructureChecks.Within(Scaled(v[row], scale), "a component of the cell", cellLine, _options);
        }

        Lattice = StructureChecks.Lattice(v[0], v[1], v[2], cellLine);
        Scale = scale;
        Species = ReadSpecies(Comment);
    }

    private Vector3D ReadScale()
    {
        var words = Words(Line(_lines, "the scale"));
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
            ? throw new InputProblemException("PM2201", _lines.Number, "the scale should be one number other than zero (negative: the volume of the cell in Å³) or three positive ones", "Write 1.0 when in doubt.")
            : numbers.Count == 1 ? new(numbers[0], numbers[0], numbers[0]) : new(numbers[0], numbers[1], numbers[2]);
    }

    private ImmutableArray<Element> ReadSpecies(string comment)
    {
        var words = Words(Line(_lines, "element symbols or atom counts"));
        string[] symbols;
        if (words.Length > 0 && char.IsAsciiLetter(words[0][0]))
        {
            symbols = words;
            words = Words(Line(_lines, "atom counts"));
        }
        else
        {
            symbols = Words(comment);
        }

        var counts = words.TakeWhile(w => char.IsAsciiDigit(w[0])).ToArray();
        long line = _lines.Number;
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
            if (!NumberText.TryLong(counts[k], out long count) || count < 1 || species.Count + count > _options.MaxAtoms)
            {
                throw new InputProblemException("PM2113", line, $"the count '{StructureChecks.Shown(counts[k])}' of {element} is not between 1 and {_options.MaxAtoms} atoms in all", "Correct it, or raise the limit.");
            }

            // The rows decide how long the list may grow; a count alone must not reserve memory for itself.
            species.AddRange(Enumerable.Repeat(element, (int)count));
        }

        return species.ToImmutable();
    }

    private Vector3D ReadVector()
    {
        var tokens = new Tokens(Line(_lines, "a lattice vector"));
        return ReadNumbers(ref tokens, "a component of the lattice vector", _lines, _options);
    }
}
