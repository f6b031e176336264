using System.Collections.Immutable;

namespace Polymorph.Structures.Formats;

/// <summary>Collects the rows of one frame.</summary>
internal sealed class XyzRows
{
    private readonly XyzHeader? _header;
    private readonly ReadOptions _options;
    private readonly ImmutableArray<Element>.Builder _species = ImmutableArray.CreateBuilder<Element>();
    private readonly ImmutableArray<Vector3D>.Builder _positions = ImmutableArray.CreateBuilder<Vector3D>();
    private readonly List<object>[] _others;
    private readonly int[] _columnOf;
    private long _text;

    /// <summary>Prepares the columns.</summary>
    /// <param name="header">The frame's header; null when it is bad and no row will come.</param>
    /// <param name="options">Limits.</param>
    public XyzRows(XyzHeader? header, ReadOptions options)
    {
        (_header, _options) = (header, options);
        var columns = header?.Columns ?? PropertyColumns.Plain;
        _others = [.. columns.Others.Select(_ => new List<object>())];
        _columnOf = new int[columns.Width];
        Array.Fill(_columnOf, -1);
        for (int k = 0; k < columns.Others.Count; k++)
        {
            Array.Fill(_columnOf, k, columns.Others[k].First, columns.Others[k].Count);
        }
    }

    /// <summary>Takes the row of one atom.</summary>
    public void Add(string row, long line)
    {
        var columns = _header!.Columns;
        var tokens = new Tokens(row);
        Span<double> position = [0, 0, 0];
        for (int column = 0; column < columns.Width; column++)
        {
            int other = _columnOf[column];
            if (other >= 0 && columns.Others[other].Kind == 'S')
            {
                string text = tokens.NextText() ?? throw TooShort(column, line);
                _text += text.Length;
                _others[other].Add(_text <= _options.MaxText ? text : throw new InputProblemException("PM2113", line, $"the columns hold more text than {_options.MaxText} characters", "Leave out columns of text."));
                continue;
            }

            var word = tokens.Next();
            if (word.IsEmpty)
            {
                throw TooShort(column, line);
            }

            if (other >= 0)
            {
                _others[other].Add(Value(word, columns.Others[other], line));
            }
            else if (column == columns.Species.Column)
            {
                _species.Add(ToElement(word, line));
            }
            else
            {
                int axis = column - columns.Position;
                position[axis] = StructureChecks.Number(word, axis switch { 0 => "x", 1 => "y", _ => "z" }, line, _options);
            }
        }

        if (_header.Extended && !tokens.Next().IsEmpty)
        {
            throw new InputProblemException("PM2118", line, $"the row has more than the {columns.Width} columns that Properties lists", "List every column in Properties=.");
        }

        _positions.Add(new Vector3D(position[0], position[1], position[2]));
    }

    /// <summary>The finished structure.</summary>
    public Structure ToStructure(string id, long line)
    {
        var atomProperties = ImmutableSortedDictionary.CreateBuilder<string, AtomProperty>(StringComparer.Ordinal);
        for (int k = 0; k < _others.Length; k++)
        {
            var column = _header!.Columns.Others[k];
            atomProperties[column.Name] = column.ToProperty([.. _others[k]]);
        }

        return StructureChecks.Structure(_species.ToImmutable(), _positions.ToImmutable(), _header!.Lattice, _header.Periodicity, id, line, _options,
            _header.Properties, atomProperties.ToImmutable());
    }

    private static Element ToElement(ReadOnlySpan<char> word, long line) =>
        char.IsAsciiDigit(word[0]) && NumberText.TryLong(word, out long number) && number is >= 1 and <= Element.Count
            ? new Element((int)number)
            : StructureChecks.Element(word, line);

    private static object Value(ReadOnlySpan<char> word, PropertyColumns.Column column, long line) => column.Kind switch
    {
        'R' when NumberText.TryDouble(word, out double real) => real,
        'I' when NumberText.TryLong(word, out long whole) => whole,
        'L' when CommentValue.Logical(word) is { } flag => flag,
        _ => throw new InputProblemException("PM2104", line, $"'{StructureChecks.Shown(word)}' in column '{StructureChecks.Shown(column.Name)}' is not {column.Kind switch { 'R' => "a number", 'I' => "a whole number", _ => "T or F" }}"),
    };

    private InputProblemException TooShort(int came, long line) =>
        new("PM2119", line, $"the row has {came} columns instead of {_header!.Columns.Width}", "Check the row, and the entry Properties= if the frame has one.");
}
