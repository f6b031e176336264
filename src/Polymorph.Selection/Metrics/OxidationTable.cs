using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using Polymorph.Foundation;
using Polymorph.Structures;

namespace Polymorph.Selection.Metrics;

/// <summary>What the rule of compositional validity knows of the elements: oxidation states, electronegativities, which are metals.</summary>
public sealed class OxidationTable
{
    private static readonly Lazy<OxidationTable> Original = new(ReadEmbedded);

    private readonly FrozenDictionary<Element, Row> _rows;

    private OxidationTable(string name, Dictionary<Element, Row> rows) => (Name, _rows) = (name, rows.ToFrozenDictionary());

    /// <summary>The original list of 2014, with which the published figures were computed.</summary>
    public static OxidationTable Smact2014 => Original.Value;

    /// <summary>Name of the list, for reports.</summary>
    public string Name { get; }

    /// <summary>Oxidation states of an element; empty when it has none.</summary>
    /// <param name="element">The element.</param>
    public ImmutableArray<int> States(Element element) => _rows.TryGetValue(element, out var row) ? row.States : [];

    /// <summary>Electronegativity on the Pauling scale, or null.</summary>
    /// <param name="element">The element.</param>
    public double? Electronegativity(Element element) => _rows.TryGetValue(element, out var row) ? row.Electronegativity : null;

    /// <summary>Whether the list counts an element among the metals.</summary>
    /// <param name="element">The element.</param>
    public bool IsMetal(Element element) => _rows.TryGetValue(element, out var row) && row.Metal;

    /// <summary>Another list: a CSV file with lines <c>symbol,electronegativity,metal,states</c>, metal 0 or 1, states between spaces, comments behind <c>#</c>.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="PolymorphException">PM5040: the file cannot be read or a line of it is wrong.</exception>
    public static OxidationTable Read(string path)
    {
        try
        {
            using var reader = new StreamReader(path);
            return new OxidationTable(Path.GetFileName(path), Rows(reader, path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PolymorphException("PM5040", "the list of oxidation states cannot be read", path, "Check the path and the permissions.", inner: e);
        }
    }

    /// <summary>Another list, from a text of this form.</summary>
    /// <param name="reader">The text.</param>
    /// <param name="name">Name of the list, for reports and messages.</param>
    /// <exception cref="PolymorphException">PM5040: a line is wrong.</exception>
    public static OxidationTable Read(StreamReader reader, string name)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new OxidationTable(name, Rows(reader, name));
    }

    private static OxidationTable ReadEmbedded()
    {
        const string name = "oxidation-states-2014.csv";
        using var reader = new StreamReader(typeof(OxidationTable).Assembly.GetManifestResourceStream(name)!);
        return new OxidationTable("smact-2014", Rows(reader, name));
    }

    private static Dictionary<Element, Row> Rows(StreamReader reader, string path)
    {
        var rows = new Dictionary<Element, Row>();
        for (int line = 1; reader.ReadLine() is { } text; line++)
        {
            if (text.StartsWith('#') || text.Length == 0 || text.StartsWith("symbol", StringComparison.Ordinal))
            {
                continue;
            }

            string[] cells = text.Split(',');
            var row = cells.Length == 4 ? Parse(cells) : null;
            if (row is null || !Element.TryParse(cells[0].AsSpan().Trim(), out var element))
            {
                throw new PolymorphException("PM5040", "not a line of a list of oxidation states", string.Create(CultureInfo.InvariantCulture, $"{path}:{line}"),
                    "Expected symbol,electronegativity,metal,states such as Fe,1.83,1,2 3.");
            }

            rows[element] = row;
        }

        return rows;
    }

    private static Row? Parse(string[] cells)
    {
        double electronegativity = double.NaN;
        if (cells[1].Trim().Length > 0 && !double.TryParse(cells[1], NumberStyles.Float, CultureInfo.InvariantCulture, out electronegativity) || cells[2].Trim() is not ("0" or "1"))
        {
            return null;
        }

        var states = ImmutableArray.CreateBuilder<int>();
        foreach (string word in cells[3].Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!int.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int state) || Math.Abs(state) > 100)
            {
                return null;
            }

            states.Add(state);
        }

        return new Row(double.IsNaN(electronegativity) ? null : electronegativity, cells[2].Trim() == "1", states.ToImmutable());
    }

    private sealed record Row(double? Electronegativity, bool Metal, ImmutableArray<int> States);
}
