namespace Polymorph.Selection.Metrics;

/// <summary>How many of how many: a share with its 95 % interval.</summary>
/// <param name="Count">Those that have the property.</param>
/// <param name="Total">All that were looked at.</param>
/// <remarks>E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209: the interval holds for shares of 0 and 1 and for small samples.</remarks>
public readonly record struct Rate(long Count, long Total)
{
    // The 97.5 % quantile of the normal distribution.
    private const double Quantile = 1.959963984540054;

    /// <summary>The share, 0 to 1; NaN when nothing was looked at.</summary>
    public double Value => (double)Count / Total;

    /// <summary>Lower end of the interval.</summary>
    public double Lower => Interval(-1);

    /// <summary>Upper end of the interval.</summary>
    public double Upper => Interval(1);

    /// <summary>Counts the things that have a property.</summary>
    /// <param name="things">All things.</param>
    /// <param name="has">The property.</param>
    public static Rate Of<T>(IReadOnlyCollection<T> things, Func<T, bool> has)
    {
        ArgumentNullException.ThrowIfNull(things);
        return new Rate(things.Count(has), things.Count);
    }

    private double Interval(int side)
    {
        if (Total == 0)
        {
            return side < 0 ? 0 : 1;
        }

        double n = Total, p = Value, z2 = Quantile * Quantile;
        double bound = (p + z2 / (2 * n) + side * Quantile * Math.Sqrt(p * (1 - p) / n + z2 / (4 * n * n))) / (1 + z2 / n);

        // The interval of a share of 0 begins at 0 and that of 1 ends at 1; rounding would miss that.
        return side < 0 && Count == 0 ? 0 : side > 0 && Count == Total ? 1 : bound;
    }
}
