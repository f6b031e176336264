using System.Collections.Immutable;

namespace Polymorph.Structures.Formats;

/// <summary>Reads XYZ and extended XYZ, frame by frame.</summary>
/// <remarks>A frame is a line with the number of atoms, a comment, and one row per atom. The comment is that of extended XYZ when it has an entry
/// <c>Properties</c>, <c>Lattice</c> or <c>pbc</c>; otherwise it is kept as the property <c>comment</c>, rows are symbol (or atomic number) and
/// position, and what follows in a row is ignored, as plain XYZ gives it no meaning. Files of the QM9 data set are recognised by their comment. After a bad frame reading goes on with the next line
/// that looks like the start of a frame.</remarks>
internal sealed class XyzReader(TextLines lines, string file, string idName, ReadOptions options) : TextFormatReader(lines, file, idName, options)
{
    private long _frameLine;

    public override ReadResult? Next()
    {
        while (Lines.Peek() is { } blank && Tokens.IsBlank(blank))
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
            return Accept(ReadFrame(), _frameLine);
        }
        catch (InputProblemException problem) when (!problem.EndsFile)
        {
            return Reject(problem);
        }
    }

    private Structure ReadFrame()
    {
        int count = ReadCount();
        long frameLine = _frameLine = Lines.Number;
        string comment = Lines.Read() ?? throw Truncated(frameLine, count, 0);
        InputProblemException? problem = null;
        XyzHeader? header = null;
        try
        {
            header = XyzHeader.Parse(comment, Lines.Number, Options);
            long values = (long)count * header.Columns.Width;
            problem = values <= Options.MaxValues ? null
                : new InputProblemException("PM2113", frameLine, $"{count} atoms with {header.Columns.Width} columns are {values} values; the limit is {Options.MaxValues}", "Leave out columns that are not needed.");
        }
        catch (InputProblemException p)
        {
            problem = p;
        }

        // Rows of a bad frame are read to its end, so that the next frame is found where the count says.
        var rows = new XyzRows(header, Options);
        for (int i = 0; i < count; i++)
        {
            if (Lines.Peek() is not { } row || Tokens.IsBlank(row) || IsCount(row, out _))
            {
                throw problem ?? Truncated(frameLine, count, i);
            }

            Lines.Read();
            if (problem is null)
            {
                try
                {
                    rows.Add(row, Lines.Number);
                }
                catch (InputProblemException p)
                {
                    problem = p;
                }
            }
        }

        var further = ReadQm9Lines(comment);
        if (problem is null && header!.LooksLikeRow(Lines.Peek()))
        {
            problem = new InputProblemException("PM2115", frameLine, $"the frame has more rows than the {count} atoms that its first line says",
                "Correct the number of atoms.");
            SkipToFrame();
        }

        var structure = problem is null ? rows.ToStructure(Id, frameLine) : throw problem;
        return further is null ? structure
            : new Structure(structure.Species, structure.Positions, id: structure.Id, properties: structure.Properties.AddRange(further), atomProperties: structure.AtomProperties);
    }

    private int ReadCount()
    {
        string line = Lines.Read()!;
        long number = Lines.Number;
        InputProblemException? problem = null;
        if (!IsCount(line, out long count))
        {
            problem = new InputProblemException("PM2101", number, $"a frame should begin with the number of its atoms, not with '{StructureChecks.Shown(line.Trim())}'",
                "If this is not an xyz file, name its format.");
        }
        else if (count < 1)
        {
            problem = new InputProblemException("PM2102", number, $"the frame has {count} atoms", "Remove it: a structure needs at least one atom.");
        }
        else if (count > Options.MaxAtoms)
        {
            problem = new InputProblemException("PM2113", number, $"the frame claims {count} atoms; the limit is {Options.MaxAtoms}", "Check the first line of the frame, or raise the limit.");
        }

        if (problem is not null)
        {
            SkipToFrame();
            throw problem;
        }

        return (int)count;
    }

    /// <summary>Goes on to what is most likely the start of a frame: a number alone, then a comment of extended XYZ, or any comment and a row.</summary>
    private void SkipToFrame()
    {
        while (Lines.Peek() is { } line && !(IsCount(line, out _) && Lines.Peek(1) is { } comment
            && (XyzHeader.IsExtended(comment) || (XyzHeader.LooksLikePlainRow(Lines.Peek(2)) && !XyzHeader.LooksLikePlainRow(comment)))))
        {
            Lines.Read();
        }
    }

    /// <summary>Frames of the QM9 data set end with frequencies, SMILES and InChI.</summary>
    private IEnumerable<KeyValuePair<string, object>>? ReadQm9Lines(string comment) =>
        Qm9Comment.IsOne(comment) && Lines.Peek(2) is { } third && third.StartsWith("InChI", StringComparison.Ordinal)
            ? Qm9Comment.ParseEnd(Lines.Read()!, Lines.Read()!, Lines.Read()!)
            : null;

    private static bool IsCount(string line, out long count)
    {
        var tokens = new Tokens(line);
        return NumberText.TryLong(tokens.Next(), out count) & tokens.Next().IsEmpty;
    }

    private InputProblemException Truncated(long line, int expected, int came) =>
        new("PM2116", line, $"the frame breaks off after {came} of {expected} atoms", Lines.Peek() is null
            ? "The file has been cut short: copy or compute it again." : "Correct the number of atoms.");
}
