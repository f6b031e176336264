using System.Globalization;
using Polymorph.Representations.Fingerprints;
using Polymorph.Structures;

namespace Polymorph.Representations.CrystalGraphs;

/// <summary>The published features of elements: 92 numbers that are 0 or 1, in blocks of which each has a single 1 (group, period, electronegativity, radius and so on).</summary>
public static class AtomFeatures
{
    /// <summary>Numbers per element.</summary>
    public const int Count = 92;

    /// <summary>Elements that have features: hydrogen to fermium.</summary>
    public const int Elements = 100;

    private static readonly int[][] Places = [.. EmbeddedTable.Rows("atom-features.csv").Select(row =>
        row[1].Split(' ').Select(cell => int.Parse(cell, NumberStyles.None, CultureInfo.InvariantCulture)).ToArray())];

    /// <summary>Places of the ones of an element.</summary>
    /// <param name="element">An element with features.</param>
    public static ReadOnlySpan<int> Of(Element element) => Places[element.Number - 1];

    /// <summary>True when an element has features.</summary>
    /// <param name="element">The element.</param>
    public static bool Has(Element element) => element.Number <= Elements;
}
