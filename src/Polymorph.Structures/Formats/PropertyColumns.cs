using System.Collections.Immutable;

namespace Polymorph.Structures.Formats;

/// <summary>The columns of an extended XYZ file, as its <c>Properties=</c> entry names them.</summary>
/// <remarks>Grammar: name:kind:count, repeated; kinds R (real), I (integer), S (text), L (logical).
/// Source: github.com/libAtoms/extxyz.</remarks>
internal sealed class PropertyColumns
{
    private const int MaxColumns = 10_000;

    private readonly List<Column> _columns = [];

    private PropertyColumns()
    {
    }

    /// <summary>Symbol and position: what plain XYZ has.</summary>
    public static PropertyColumns Plain { get; } = Parse("species:S:1:pos:R:3", 0);

    /// <summary>Number of columns per row.</summary>
    public int Width { get; private set; }

    /// <summary>Index of the element's column, and whether it holds atomic numbers.</summary>
    public (int Column, bool IsNumber) Species { get; private set; }

    /// <summary>Index of the first of the three position columns.</summary>
    public int Position { get; private set; }

    /// <summary>The columns that are neither element nor position.</summary>
    public IReadOnlyList<Column> Others => _columns;

    public static PropertyColumns Parse(string text, long line)
    {
        var parts = text.Split(':');
        var result = new PropertyColumns { Species = (-1, false), Position = -1 };
        (int Column, bool IsNumber) numbers = (-1, true);
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < parts.Length; i += 3)
        {
            if (i + 2 >= parts.Length)
            {
                throw Bad(text, "it should consist of name:kind:count groups", line);
            }

            var (name, kind) = (parts[i], parts[i + 1]);
            if (!IsName(name) || !names.Add(name))
            {
                throw Bad(text, $"the name '{StructureChecks.Shown(name)}' is empty, has an odd character or occurs twice", line);
            }

            if (kind is not ("R" or "I" or "S" or "L"))
            {
                throw Bad(text, $"the kind '{StructureChecks.Shown(kind)}' is none of R, I, S, L", line);
            }

            if (!NumberText.TryLong(parts[i + 2], out long count) || count < 1 || result.Width + count > MaxColumns)
            {
                throw Bad(text, $"'{StructureChecks.Shown(parts[i + 2])}' is no number of columns", line);
            }

            if (name is "species" && (kind, count) == ("S", 1))
            {
                result.Species = (result.Width, false);
            }
            else if (name is "pos" && (kind, count) == ("R", 3))
            {
                result.Position = result.Width;
            }
            else if (name is "species" or "pos")
            {
                throw Bad(text, $"{name}:{kind}:{count} has the wrong kind or number of columns", line);
            }
            else if (name is "Z" && (kind, count) == ("I", 1))
            {
                numbers = (result.Width, true);
                result._columns.Add(new Column(name, kind[0], result.Width, (int)count));
            }
            else
            {
                result._columns.Add(new Column(name, kind[0], result.Width, (int)count));
            }

            result.Width += (int)count;
        }

        if (result.Species.Column < 0 && numbers.Column >= 0)
        {
            result.Species = numbers;
            result._columns.RemoveAll(c => c.Name == "Z");
        }

        return result.Species.Column >= 0 && result.Position >= 0 ? result
            : throw Bad(text, "it needs species:S:1 (or Z:I:1) and pos:R:3", line);
    }

    /// <summary>True when a column may have this name.</summary>
    public static bool IsName(string name) =>
        name.Length > 0 && !name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is ':' or '"' or '\'' or '\\');

    private static InputProblemException Bad(string text, string why, long line) =>
        new("PM2110", line, $"the entry Properties={StructureChecks.Shown(text)} is malformed: {why}", "An example: Properties=species:S:1:pos:R:3:forces:R:3");

    /// <summary>A named group of columns.</summary>
    internal sealed record Column(string Name, char Kind, int First, int Count)
    {
        public AtomProperty ToProperty(ImmutableArray<object> values) => new(Kind, Count, values);
    }
}
