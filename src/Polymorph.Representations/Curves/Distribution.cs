using System.Collections.Immutable;

namespace Polymorph.Representations.Curves;

/// <summary>Values of one kind, such as the lengths of all bonds between two elements, counted in bins.</summary>
/// <param name="Label">The kind: <c>O-Si</c>, <c>O-Si-O</c>.</param>
/// <param name="Count">How many values.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="Deviation">Their standard deviation (over all values, not a sample's).</param>
/// <param name="Smallest">The smallest.</param>
/// <param name="Largest">The largest.</param>
/// <param name="Start">Lower edge of the first bin.</param>
/// <param name="Step">Width of a bin.</param>
/// <param name="Bins">Values in each bin.</param>
public sealed record Distribution(string Label, int Count, double Mean, double Deviation, double Smallest, double Largest, double Start, double Step, ImmutableArray<int> Bins)
{
    /// <summary>Counts values.</summary>
    /// <param name="label">Their kind.</param>
    /// <param name="values">At least one, finite.</param>
    /// <param name="step">Width of a bin; edges are its multiples.</param>
    internal static Distribution Of(string label, List<double> values, double step)
    {
        double smallest = values.Min(), largest = values.Max(), mean = values.Average();
        int first = (int)Math.Floor(smallest / step), last = (int)Math.Floor(largest / step);
        var bins = new int[last - first + 1];
        foreach (double value in values)
        {
            bins[(int)Math.Floor(value / step) - first]++;
        }

        double variance = values.Average(v => (v - mean) * (v - mean));
        return new(label, values.Count, mean, Math.Sqrt(variance), smallest, largest, first * step, step, [.. bins]);
    }
}
