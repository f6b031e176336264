using System.Collections.Immutable;

namespace Polymorph.Structures.Formats;

/// <summary>Reads POSCAR and CONTCAR of VASP 4, 5 and 6.</summary>
/// <remarks>Layout: comment; scale (one factor, minus the cell's volume, or a factor per Cartesian axis); three lattice vectors; element symbols
/// (absent in VASP 4, where the comment may hold them); atom counts; "Selective dynamics" (optional); "Direct" or "Cartesian"; positions, with T or F per axis
/// under selective dynamics, kept as the atom property <c>move_mask</c>. Velocities and what follows them are ignored.
/// Source: VASP wiki, page POSCAR.</remarks>
internal sealed class PoscarReader(TextLines lines, string file, string idName, ReadOptions options) : TextFormatReader(lines, file, idName, options)
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
        var header = PoscarHeader.Read(Lines, Options);
        var (comment, scale, lattice) = (header.Comment, header.Scale, header.Lattice);
        var species = header.Species;
        string mode = PoscarHeader.Line(Lines, "'Direct' or 'Cartesian'").Trim();
        bool selective = mode.StartsWith('S') || mode.StartsWith('s');
        mode = selective ? PoscarHeader.Line(Lines, "'Direct' or 'Cartesian'").Trim() : mode;
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
            string row = PoscarHeader.Line(Lines, $"the position of atom {positions.Count + 1} of {species.Length}");
            var tokens = new Tokens(row);
            var q = PoscarHeader.ReadNumbers(ref tokens, "a coordinate", Lines, Options);
            positions.Add(StructureChecks.Within(cartesian.Value ? PoscarHeader.Scaled(q, scale) : lattice.ToCartesian(q), "the position", Lines.Number, Options));
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

    private bool ReadFlag(ReadOnlySpan<char> word) => CommentValue.Logical(word.Trim('.'))
        ?? throw new InputProblemException("PM2204", Lines.Number, $"selective dynamics needs T or F per axis, not '{StructureChecks.Shown(word)}'", "Write three flags after every position, or remove the line 'Selective dynamics'.");

    /// <summary>Velocities follow after a blank line or a line with a word; numbers straight after the positions are positions that no count covers.</summary>
    private void RefuseFurtherPositions(int count)
    {
        if (Lines.Peek() is { } next && PoscarHeader.Words(next) is [_, _, _, ..] words && words.Take(3).All(w => NumberText.TryDouble(w, out _)))
        {
            throw new InputProblemException("PM2206", Lines.Number + 1, $"there are more positions than the {count} atoms counted", "Correct the counts.");
        }
    }
}
