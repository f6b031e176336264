using System.Globalization;

namespace Polymorph.Structures;

/// <summary>A chemical element, identified by its atomic number, 1 to 118.</summary>
/// <remarks>Masses and radii come from the embedded <c>elements.csv</c>, which names its sources.</remarks>
public readonly record struct Element : IComparable<Element>
{
    /// <summary>Number of elements: hydrogen to oganesson.</summary>
    public const int Count = 118;

    private static readonly Row[] Table = ReadTable();
    private static readonly Dictionary<string, Element> BySymbol =
        Table.Skip(1).Select((row, i) => (row.Symbol, Element: new Element(i + 1))).ToDictionary(e => e.Symbol, e => e.Element, StringComparer.Ordinal);

    private readonly byte _number;

    /// <summary>The element with this atomic number.</summary>
    /// <param name="number">Atomic number, 1 to 118.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is outside 1..118.</exception>
    public Element(int number)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, Count);
        _number = (byte)number;
    }

    /// <summary>All elements in the order of their atomic numbers.</summary>
    public static IEnumerable<Element> All => Enumerable.Range(1, Count).Select(z => new Element(z));

    /// <summary>Atomic number, 1 to 118.</summary>
    public int Number => _number;

    /// <summary>IUPAC symbol, such as <c>Si</c>.</summary>
    public string Symbol => Table[_number].Symbol;

    /// <summary>English name.</summary>
    public string Name => Table[_number].Name;

    /// <summary>Standard atomic weight, or the mass of the longest-lived isotope; amu.</summary>
    public double Mass => Table[_number].Mass;

    /// <summary>Single-bond covalent radius, Å.</summary>
    public double CovalentRadius => Table[_number].CovalentRadius;

    /// <summary>Finds an element by its symbol; case matters (<c>Co</c> is not <c>CO</c>).</summary>
    /// <param name="symbol">IUPAC symbol.</param>
    /// <param name="element">The element found.</param>
    /// <returns>False when no element has this symbol.</returns>
    public static bool TryParse(ReadOnlySpan<char> symbol, out Element element) =>
        BySymbol.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(symbol, out element);

    /// <summary>Finds an element by its symbol.</summary>
    /// <param name="symbol">IUPAC symbol.</param>
    /// <exception cref="FormatException">No element has this symbol.</exception>
    public static Element Parse(string symbol) =>
        TryParse(symbol, out var element) ? element : throw new FormatException($"'{symbol}' is not a chemical element.");

    /// <summary>Order by atomic number.</summary>
    /// <param name="other">The element to compare with.</param>
    public int CompareTo(Element other) => _number.CompareTo(other._number);

    /// <summary>The symbol.</summary>
    public override string ToString() => _number == 0 ? "?" : Symbol;

    /// <summary>Order by atomic number.</summary>
    public static bool operator <(Element a, Element b) => a._number < b._number;

    /// <summary>Order by atomic number.</summary>
    public static bool operator >(Element a, Element b) => a._number > b._number;

    /// <summary>Order by atomic number.</summary>
    public static bool operator <=(Element a, Element b) => a._number <= b._number;

    /// <summary>Order by atomic number.</summary>
    public static bool operator >=(Element a, Element b) => a._number >= b._number;

    private static Row[] ReadTable()
    {
        using var stream = typeof(Element).Assembly.GetManifestResourceStream("elements.csv")!;
        using var reader = new StreamReader(stream);
        var rows = new Row[Count + 1];
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#') || line.StartsWith("number", StringComparison.Ordinal))
            {
                continue;
            }

            var cells = line.Split(',');
            rows[int.Parse(cells[0], CultureInfo.InvariantCulture)] = new Row(
                cells[1], cells[2], double.Parse(cells[3], CultureInfo.InvariantCulture), double.Parse(cells[4], CultureInfo.InvariantCulture));
        }

        return rows;
    }

    private readonly record struct Row(string Symbol, string Name, double Mass, double CovalentRadius);
}
