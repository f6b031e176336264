using System.Collections.Immutable;
using Polymorph.Structures;

namespace Polymorph.Representations.Fingerprints;

/// <summary>The composition fingerprint of the coverage metrics: 6 statistics of 22 elemental properties over the fractions of the elements, 132 numbers.</summary>
/// <remarks>Ward, Agrawal, Choudhary, Wolverton, npj Comput. Mater. 2 (2016) 16028; the tables and their sources are embedded.</remarks>
public static class CompositionFingerprint
{
    private const int Statistics = 6;

    private static readonly double[]?[] Properties = ReadProperties();
    private static readonly (string Label, double Mean, double Deviation)[] Scale =
        [.. EmbeddedTable.Rows("composition-scale.csv").Select(cells => (cells[0], EmbeddedTable.Number(cells[1]), EmbeddedTable.Number(cells[2])))];

    /// <summary>Length of a fingerprint.</summary>
    public static int Length => Scale.Length;

    /// <summary>Names of the features, such as <c>mean Electronegativity</c>.</summary>
    public static ImmutableArray<string> Labels { get; } = [.. Scale.Select(s => s.Label)];

    /// <summary>The fingerprint: for each property minimum, maximum, range, mean, mean absolute deviation, and the value of the most frequent element (of several the smallest).</summary>
    /// <param name="composition">Counts of the elements.</param>
    /// <returns>[132]; NaN where an element has no value of the property.</returns>
    public static double[] Of(Composition composition)
    {
        ArgumentNullException.ThrowIfNull(composition);
        var result = new double[Length];
        int atoms = composition.AtomCount, most = composition.Counts.Values.Max();
        for (int property = 0; property < Length / Statistics; property++)
        {
            double least = double.PositiveInfinity, largest = double.NegativeInfinity, mean = 0, mode = double.PositiveInfinity, deviation = 0;
            foreach (var (element, count) in composition.Counts)
            {
                double value = Value(element, property);
                (least, largest) = (Math.Min(least, value), Math.Max(largest, value));
                mean += value * count / atoms;
                mode = count == most ? Math.Min(mode, value) : mode;
            }

            foreach (var (element, count) in composition.Counts)
            {
                deviation += Math.Abs(Value(element, property) - mean) * count / atoms;
            }

            ReadOnlySpan<double> statistics = [least, largest, largest - least, mean, deviation, mode];
            statistics.CopyTo(result.AsSpan(property * Statistics));
        }

        return result;
    }

    /// <summary>The fingerprint as the coverage metrics compare it: each feature less its mean over its standard deviation in the training sets of the benchmark.</summary>
    /// <param name="composition">Counts of the elements.</param>
    /// <returns>[132], dimensionless; 0 where the feature has no value.</returns>
    public static double[] Scaled(Composition composition)
    {
        double[] result = Of(composition);
        for (int k = 0; k < result.Length; k++)
        {
            double scaled = (result[k] - Scale[k].Mean) / Scale[k].Deviation;
            result[k] = double.IsFinite(scaled) ? scaled : 0;
        }

        return result;
    }

    /// <summary>One of the 22 properties of an element; null when it has none.</summary>
    internal static double? Property(Element element, int property) => Value(element, property) is var value && double.IsNaN(value) ? null : value;

    private static double Value(Element element, int property) => Properties[element.Number]?[property] ?? double.NaN;

    private static double[]?[] ReadProperties()
    {
        var table = new double[]?[Element.Count + 1];
        foreach (string[] cells in EmbeddedTable.Rows("magpie.csv"))
        {
            table[Element.Parse(cells[0]).Number] = [.. cells.Skip(1).Select(EmbeddedTable.Number)];
        }

        return table;
    }
}
