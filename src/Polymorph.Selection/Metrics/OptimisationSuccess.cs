namespace Polymorph.Selection.Metrics;

/// <summary>Success of an optimisation of a property: SR5, SR10, SR15, the shares of the starts whose best structure lies at or below a low percentile of the training structures.</summary>
/// <param name="Five">At or below the 5 % percentile.</param>
/// <param name="Ten">At or below the 10 % percentile.</param>
/// <param name="Fifteen">At or below the 15 % percentile.</param>
/// <remarks>Xie et al., arXiv 2110.06197, section 5.3: smaller is better, and a start is as good as the best structure that came of it.</remarks>
public sealed record OptimisationSuccess(Rate Five, Rate Ten, Rate Fifteen)
{
    /// <summary>Counts the starts that succeeded.</summary>
    /// <param name="structures">Which start each structure came of, and its property; null where it has none, which is no success.</param>
    /// <param name="percentiles">The three percentiles of the training structures.</param>
    /// <returns>Null when no structure has a property.</returns>
    public static OptimisationSuccess? Of(IEnumerable<(string Start, double? Property)> structures, (double Five, double Ten, double Fifteen) percentiles)
    {
        ArgumentNullException.ThrowIfNull(structures);
        double?[] best = [.. structures.GroupBy(s => s.Start, StringComparer.Ordinal).Select(start => start.Min(s => s.Property))];
        return Array.TrueForAll(best, b => b is null) ? null
            : new OptimisationSuccess(Rate.Of(best, b => b <= percentiles.Five), Rate.Of(best, b => b <= percentiles.Ten), Rate.Of(best, b => b <= percentiles.Fifteen));
    }
}
