using System.Collections.Immutable;

namespace Polymorph.Structures.Formats;

/// <summary>Reads XDATCAR of VASP 5 and 6: the configurations of a run.</summary>
/// <remarks>A header as in POSCAR, then for each configuration a line <c>Direct configuration= 12</c> and fractional positions. Where the cell changes, every configuration has
/// its own header. The number becomes the property <c>configuration</c>. After a bad configuration reading goes on with the next one.
/// Source: VASP wiki, page XDATCAR.</remarks>
internal sealed class XdatcarReader(TextLines lines, string file, string idName, ReadOptions options) : TextFormatReader(lines, file, idName, options)
{
    private const string Begin = "Direct configuration";

    // Lines of a header: comment, scale, three vectors, symbols, counts.
    private const int HeaderLines = 7;

    private PoscarHeader? _header;

    /// <summary>True when a line begins a configuration.</summary>
    public static bool IsBegin(string? line) => line is not null && line.AsSpan().TrimStart().StartsWith(Begin, StringComparison.OrdinalIgnoreCase);

    public override ReadResult? Next()
    {
        while (Lines.Peek() is { } blank && Tokens.IsBlank(blank) && (Entries > 0 || IsBegin(Lines.Peek(1))))
        {
            Lines.Read();
        }

        if (Lines.Peek() is null)
        {
            return null;
        }

        Entries++;
        try
        {
            return Accept(ReadConfiguration());
        }
        catch (InputProblemException problem) when (!problem.EndsFile)
        {
            SkipToConfiguration();
            return Reject(problem);
        }
    }

    private Structure ReadConfiguration()
    {
        if (_header is not null && PoscarHeader.Words(Lines.Peek()!) is [_, _, _, ..] words && words.Take(3).All(w => NumberText.TryDouble(w, out _)))
        {
            Lines.Read();
            throw new InputProblemException("PM2206", Lines.Number, $"there are more positions than the {_header.Species.Length} atoms counted", "Correct the counts.");
        }

        if (!IsBegin(Lines.Peek()))
        {
            _header = null;
            _header = PoscarHeader.Read(Lines, Options);
        }

        string begin = PoscarHeader.Line(Lines, $"'{Begin}='");
        long line = Lines.Number;
        if (!IsBegin(begin))
        {
            throw new InputProblemException("PM2205", line, $"the line before the positions should be '{Begin}=', not '{StructureChecks.Shown(begin.Trim())}'", "Check that one count stands for every element.");
        }

        var header = _header ?? throw new InputProblemException("PM2207", line, "the header of this configuration could not be read", "Mend the problem reported before this one.");
        var positions = ImmutableArray.CreateBuilder<Vector3D>();
        foreach (var _ in header.Species)
        {
            if (IsBegin(Lines.Peek()))
            {
                throw new InputProblemException("PM2207", Lines.Number + 1, $"the configuration has {positions.Count} of {header.Species.Length} positions", "The run has been broken off here; the other configurations are read.");
            }

            var tokens = new Tokens(PoscarHeader.Line(Lines, $"the position of atom {positions.Count + 1} of {header.Species.Length}"));
            positions.Add(StructureChecks.Within(header.Lattice.ToCartesian(PoscarHeader.ReadNumbers(ref tokens, "a coordinate", Lines, Options)), "the position", Lines.Number, Options));
        }

        var properties = ImmutableSortedDictionary<string, object>.Empty.WithComparers(StringComparer.Ordinal);
        var word = begin.AsSpan(begin.IndexOf('=', StringComparison.Ordinal) + 1).Trim();
        return StructureChecks.Structure(header.Species, positions.ToImmutable(), header.Lattice, Periodicity.Full, Id, line, Options,
            NumberText.TryLong(word, out long number) ? properties.Add("configuration", number) : properties);
    }

    private void SkipToConfiguration()
    {
        while (Lines.Peek() is not null && !IsBegin(Lines.Peek()) && !IsBegin(Lines.Peek(HeaderLines)))
        {
            Lines.Read();
        }
    }
}
