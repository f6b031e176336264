using System.Collections.Immutable;
using System.Globalization;
using Polymorph.Foundation;
using Polymorph.Structures;

namespace Polymorph.Representations.CrystalImages;

/// <summary>How many rows of a crystal image belong to an element.</summary>
/// <param name="Element">The element.</param>
/// <param name="Cap">Most atoms of it in a cell, 1 to 200.</param>
public readonly record struct ElementCap(Element Element, int Cap);

/// <summary>The rows of a crystal image: two for the cell, then one block per element with as many rows as a cell may have atoms of it.</summary>
/// <remarks>Source: Kim, Noh, Gu, Aspuru-Guzik, Jung, ACS Cent. Sci. 6 (2020) 1412, doi 10.1021/acscentsci.0c00426, and its published code. Image: [Rows × 3], row-major.
/// Row 0: lengths over <see cref="LengthScale"/>; row 1: angles over <see cref="AngleScale"/>; then the atoms, fractional coordinates scaled into [1/6, 5/6).</remarks>
public sealed record CrystalImageLayout
{
    /// <summary>Rows before the first atom.</summary>
    public const int CellRows = 2;

    /// <summary>Most rows of one element.</summary>
    public const int LargestCap = 200;

    /// <summary>Most elements.</summary>
    public const int MostElements = 16;

    private static readonly ImmutableSortedDictionary<string, string> Named = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal,
        [KeyValuePair.Create("mg-mn-o", "Mg=8,Mn=8,O=12"), KeyValuePair.Create("v-o", "V=8,O=20")]);

    private readonly ImmutableArray<int> _firstRows;

    /// <summary>A layout.</summary>
    /// <param name="blocks">Elements in the order of their blocks, at least one, each once.</param>
    /// <exception cref="PolymorphException">PM2901: no element, too many, one twice, or a cap out of range.</exception>
    public CrystalImageLayout(IEnumerable<ElementCap> blocks)
    {
        Blocks = [.. blocks];
        if (Blocks.Length is 0 or > MostElements)
        {
            throw Wrong($"{Blocks.Length} elements are given, from 1 to {MostElements} are possible");
        }

        foreach (var (element, cap) in Blocks)
        {
            if (cap is < 1 or > LargestCap)
            {
                throw Wrong(string.Create(CultureInfo.InvariantCulture, $"the cap {cap} of {element} is not between 1 and {LargestCap}"));
            }

            if (Blocks.Count(b => b.Element == element) > 1)
            {
                throw Wrong($"{element} is given twice");
            }
        }

        var first = ImmutableArray.CreateBuilder<int>(Blocks.Length + 1);
        int row = CellRows;
        first.Add(row);
        foreach (var (_, cap) in Blocks)
        {
            first.Add(row += cap);
        }

        _firstRows = first.MoveToImmutable();
        Caps = [.. Blocks.Select(b => b.Cap)];
    }

    /// <summary>The published layout: Mg 8, Mn 8, O 12.</summary>
    public static CrystalImageLayout MgMnO { get; } = Parse("mg-mn-o");

    /// <summary>Names of layouts that <see cref="Parse"/> knows.</summary>
    /// <remarks>The paper's caps for its V-O model are not published. Ours, V 8 and O 20, hold every oxide of up to eight V atoms with oxidation states up to +5 (O/V = 2.5).</remarks>
    public static IEnumerable<string> Presets => Named.Keys;

    /// <summary>Elements and their caps, in the order of their blocks.</summary>
    public ImmutableArray<ElementCap> Blocks { get; }

    /// <summary>The caps alone.</summary>
    public ImmutableArray<int> Caps { get; }

    /// <summary>Divisor of the lengths, Å.</summary>
    public double LengthScale { get; init => field = Positive(value, "length scale"); } = 30;

    /// <summary>Divisor of the angles, degrees.</summary>
    public double AngleScale { get; init => field = Positive(value, "angle scale"); } = 180;

    /// <summary>Rows of an image.</summary>
    public int Rows => _firstRows[^1];

    /// <summary>Rows for atoms.</summary>
    public int AtomRows => Rows - CellRows;

    /// <summary>Numbers in an image: three per row.</summary>
    public int Length => 3 * Rows;

    /// <summary>First row of a block.</summary>
    /// <param name="block">0 to the number of elements; the last one past the end.</param>
    public int FirstRow(int block) => _firstRows[block];

    /// <summary>The block of an element, or -1.</summary>
    /// <param name="element">The element.</param>
    public int BlockOf(Element element)
    {
        for (int block = 0; block < Blocks.Length; block++)
        {
            if (Blocks[block].Element == element)
            {
                return block;
            }
        }

        return -1;
    }

    /// <summary>Atoms of each element of a structure, in the order of the blocks.</summary>
    /// <param name="composition">Its composition.</param>
    /// <exception cref="PolymorphException">PM2903: an element without cap; PM2904: more atoms than the cap, or an element is missing.</exception>
    public ImmutableArray<int> CountsOf(Composition composition)
    {
        ArgumentNullException.ThrowIfNull(composition);
        foreach (var element in composition.Counts.Keys.Where(e => BlockOf(e) < 0))
        {
            throw new PolymorphException("PM2903", $"{element} has no rows in the image; its elements are {string.Join(", ", Blocks.Select(b => b.Element))}", composition.Formula,
                $"Give it a cap, as in {ToString()},{element}=8, or leave the structure out.");
        }

        ImmutableArray<int> counts = [.. Blocks.Select(b => composition.Counts.GetValueOrDefault(b.Element))];
        for (int block = 0; block < counts.Length; block++)
        {
            var (element, cap) = Blocks[block];
            if (counts[block] < 1 || counts[block] > cap)
            {
                throw new PolymorphException("PM2904", string.Create(CultureInfo.InvariantCulture, $"{counts[block]} atoms of {element}, and the image holds from 1 to {cap}"), composition.Formula,
                    "Raise the cap, use a smaller cell, or leave the structure out.");
            }
        }

        return counts;
    }

    /// <summary>The composition with these counts.</summary>
    /// <param name="counts">Atoms of each element, in the order of the blocks.</param>
    public Composition CompositionOf(ReadOnlySpan<int> counts)
    {
        var species = new List<Element>();
        for (int block = 0; block < Blocks.Length; block++)
        {
            species.AddRange(Enumerable.Repeat(Blocks[block].Element, counts[block]));
        }

        return new Composition(species);
    }

    /// <summary>The smallest caps that hold every composition, elements in alphabetical order.</summary>
    /// <param name="compositions">At least one.</param>
    /// <exception cref="PolymorphException">PM2901: too many elements or atoms.</exception>
    public static CrystalImageLayout Smallest(IEnumerable<Composition> compositions) =>
        new(compositions.SelectMany(c => c.Counts).GroupBy(c => c.Key).OrderBy(g => g.Key.Symbol, StringComparer.Ordinal).Select(g => new ElementCap(g.Key, g.Max(c => c.Value))));

    /// <summary>Reads a layout: a preset's name, or elements with caps such as <c>Mg=8,Mn=8,O=12</c>.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="PolymorphException">PM2901: neither.</exception>
    public static CrystalImageLayout Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string list = Named.GetValueOrDefault(text, text);
        var blocks = new List<ElementCap>();
        foreach (string part in list.Split(',', StringSplitOptions.TrimEntries))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            blocks.Add(equals > 0 && Element.TryParse(part.AsSpan(0, equals).Trim(), out var element)
                && int.TryParse(part.AsSpan(equals + 1), NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out int cap)
                ? new ElementCap(element, cap)
                : throw Wrong($"'{part}' is not an element with a cap"));
        }

        return new CrystalImageLayout(blocks);
    }

    /// <summary>Elements with caps, as <see cref="Parse"/> reads them.</summary>
    public override string ToString() => string.Join(',', Blocks.Select(b => string.Create(CultureInfo.InvariantCulture, $"{b.Element}={b.Cap}")));

    /// <inheritdoc/>
    public bool Equals(CrystalImageLayout? other) =>
        other is not null && Blocks.SequenceEqual(other.Blocks) && LengthScale == other.LengthScale && AngleScale == other.AngleScale;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(ToString(), LengthScale, AngleScale);

    private static double Positive(double value, string name) =>
        value > 0 && double.IsFinite(value) ? value : throw Wrong(string.Create(CultureInfo.InvariantCulture, $"the {name} {value} is not positive"));

    private static PolymorphException Wrong(string reason) =>
        new("PM2901", reason, null, $"Write elements with caps such as Mg=8,Mn=8,O=12, or one of {string.Join(", ", Named.Keys)}.", ExitCode.Usage);
}
