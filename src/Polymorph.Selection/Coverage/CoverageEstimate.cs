namespace Polymorph.Selection.Coverage;

/// <summary>How much of what a source can give has been seen, from how often each distinct thing came: Good-Turing coverage and Chao's lower bound of the number of things.</summary>
/// <remarks>Both hold for a sample drawn independently from one source. Representatives chosen to differ are no such sample: for them the coverage is too low and the
/// number of unseen things too high, which is the safe side for a search that stops by them.</remarks>
/// <param name="Counts">The sample.</param>
/// <param name="Coverage">Share of the source's probability that belongs to things seen, 0 to 1; 0 for an empty sample.</param>
/// <param name="Total">Chao1: estimated number of distinct things, seen and unseen.</param>
/// <param name="Variance">Variance of <paramref name="Total"/>.</param>
/// <param name="TotalFrom">Lower end of the 95 % interval of the total.</param>
/// <param name="TotalTo">Upper end.</param>
public sealed record CoverageEstimate(AbundanceCounts Counts, double Coverage, double Total, double Variance, double TotalFrom, double TotalTo)
{
    // The 97.5 % quantile of the normal distribution.
    private const double Quantile = 1.959963984540054;

    /// <summary>Estimated number of things not seen.</summary>
    public double Unseen => Total - Counts.Observed;

    /// <summary>Lower end of the 95 % interval of the number of things not seen.</summary>
    public double UnseenFrom => TotalFrom - Counts.Observed;

    /// <summary>Upper end.</summary>
    public double UnseenTo => TotalTo - Counts.Observed;

    /// <summary>The estimate while a part of the sample is known but not looked at: its draws belong to nothing seen, and each of its things may be one more.</summary>
    /// <param name="draws">Draws of the part.</param>
    /// <param name="things">Distinct things of the part; those that turn out to be seen already make the number of unseen things too high.</param>
    public CoverageEstimate WithPending(long draws, long things)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(draws);
        ArgumentOutOfRangeException.ThrowIfNegative(things);
        return draws == 0 ? this : this with { Coverage = Coverage * Counts.Sample / (Counts.Sample + draws), Total = Total + things, TotalTo = TotalTo + things };
    }

    /// <summary>The estimates of a sample.</summary>
    /// <param name="counts">The sample.</param>
    /// <remarks>Coverage: I. J. Good, Biometrika 40 (1953) 237, in the form of A. Chao, L. Jost, Ecology 93 (2012) 2533, eq. 4a. Total: A. Chao, Scand. J. Stat. 11 (1984) 265,
    /// with the factor (n − 1)/n and, without doubletons, its bias-corrected form; variance and log-normal interval: A. Chao, Biometrics 43 (1987) 783,
    /// as listed by N. J. Gotelli, R. K. Colwell, in Biological Diversity (Oxford 2011), chapter 4.</remarks>
    public static CoverageEstimate Of(AbundanceCounts counts)
    {
        double n = counts.Sample, seen = counts.Observed, f1 = counts.Singletons, f2 = counts.Doubletons;
        if (counts.Sample == 0)
        {
            return new(counts, 0, 0, 0, 0, double.PositiveInfinity);
        }

        if (counts.Sample == 1)
        {
            // One draw says nothing about the rest.
            return new(counts, 0, 1, 0, 1, double.PositiveInfinity);
        }

        double a = (n - 1) / n;
        if (counts.Singletons == 0)
        {
            // Nothing was met once: the estimate is what was seen, and the interval that of a Poisson sample.
            double missed = Math.Exp(-n / seen), spread = Quantile * Math.Sqrt(seen * missed) / (1 - missed);
            double variance = seen * missed * (1 - missed);
            return new(counts, 1, seen, variance, Math.Max(seen, seen / (1 - missed) - spread), seen / (1 - missed) + spread);
        }

        double total, square, coverage;
        if (counts.Doubletons > 0)
        {
            double r = f1 / f2;
            total = seen + a * f1 * r / 2;
            square = f2 * (a / 2 * r * r + a * a * r * r * r + a * a / 4 * r * r * r * r);
            coverage = 1 - f1 / n * ((n - 1) * f1 / ((n - 1) * f1 + 2 * f2));
        }
        else
        {
            total = seen + a * f1 * (f1 - 1) / 2;
            square = a * f1 * (f1 - 1) / 2 + a * a * f1 * (2 * f1 - 1) * (2 * f1 - 1) / 4 - (total > 0 ? a * a * f1 * f1 * f1 * f1 / (4 * total) : 0);

            // As the program iNEXT: with f2 = 0 the bias-corrected ratio (n−1)(f1−1)/((n−1)(f1−1)+2); one thing met once alone says nothing about the rest.
            coverage = counts.Singletons > 1 ? 1 - f1 / n * ((n - 1) * (f1 - 1) / ((n - 1) * (f1 - 1) + 2)) : 1 - f1 / n;
        }

        square = Math.Max(0, square);
        double unseen = total - seen;
        if (unseen <= 0)
        {
            // One singleton and no doubleton: the bound says nothing; its own spread is the interval.
            return new(counts, Math.Clamp(coverage, 0, 1), seen, square, seen, seen + Quantile * Math.Sqrt(square));
        }

        double k = Math.Exp(Quantile * Math.Sqrt(Math.Log(1 + square / (unseen * unseen))));
        return new(counts, Math.Clamp(coverage, 0, 1), total, square, seen + unseen / k, seen + unseen * k);
    }
}
