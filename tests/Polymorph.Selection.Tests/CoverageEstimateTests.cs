using Polymorph.Foundation;
using Polymorph.Learning;
using Polymorph.Selection.Coverage;
using Xunit;

namespace Polymorph.Selection.Tests;

public sealed class CoverageEstimateTests
{
    /// The spiders of Ellison et al. 2010 in the paper of the program iNEXT (Hsieh, Ma, Chao, Methods Ecol. Evol. 7 (2016) 1451):
    /// girdled trees n 168, 26 species, f1 12, f2 4; logged trees n 252, 37 species, f1 14, f2 4. Its tables round to three digits (coverage to four).
    [Theory]
    [InlineData(168, 26, 12, 4, 43.893, 14.306, 30.511, 96.971, 0.9289)]
    [InlineData(252, 37, 14, 4, 61.403, 18.532, 43.502, 128.583, 0.9446)]
    public void ThePublishedExampleIsReproduced(long n, long species, long once, long twice, double total, double error, double from, double to, double coverage)
    {
        var e = CoverageEstimate.Of(new AbundanceCounts(n, species, once, twice));
        Assert.Equal(total, e.Total, 6e-4);
        Assert.Equal(error, Math.Sqrt(e.Variance), 6e-4);
        Assert.Equal(from, e.TotalFrom, 6e-4);
        Assert.Equal(to, e.TotalTo, 6e-4);
        Assert.Equal(coverage, e.Coverage, 6e-5);
    }

    /// Closed forms at the edges.
    [Fact]
    public void TheEdgesAreClosedForms()
    {
        var nothing = CoverageEstimate.Of(AbundanceCounts.Of([]));
        Assert.Equal((0, 0, 0), (nothing.Coverage, nothing.Total, nothing.Counts.Observed));
        Assert.True(double.IsPositiveInfinity(nothing.UnseenTo));

        var allSeenOften = CoverageEstimate.Of(AbundanceCounts.Of([9, 8, 7]));
        Assert.Equal((1, 3, 0), (allSeenOften.Coverage, allSeenOften.Total, allSeenOften.Unseen));

        // Without doubletons: S + (n−1)/n f1(f1−1)/2 with n = 4, f1 = 4.
        var allOnce = CoverageEstimate.Of(AbundanceCounts.Of([1, 1, 1, 1]));
        Assert.Equal(4 + 0.75 * 6, allOnce.Total, 1e-12);
        Assert.Equal(1 - 9.0 / 11, allOnce.Coverage, 1e-12);
        Assert.True(allOnce.UnseenFrom > 0 && allOnce.UnseenTo > allOnce.Unseen);

        // One draw: no coverage, and no upper bound.
        var one = CoverageEstimate.Of(AbundanceCounts.Of([1]));
        Assert.Equal((0, 1, 1, double.PositiveInfinity), (one.Coverage, one.Total, one.TotalFrom, one.TotalTo));
        Assert.Equal(new AbundanceCounts(6, 3, 1, 1), AbundanceCounts.Of([0, 1, 2, 3]));
        Assert.Equal("PM5020", Assert.Throws<PolymorphException>(() => AbundanceCounts.Of([-1])).Code);
    }

    /// Samples of a source with 40 equally likely things: Chao1's expectation lies between what was seen and 40, its interval holds 40 mostly,
    /// and the coverage is that of the probability itself, which is known here.
    [Fact]
    public void TheEstimatesHoldForASourceThatIsKnown()
    {
        const int things = 40, draws = 60, trials = 400;
        int inside = 0;
        double total = 0, coverage = 0, trueCoverage = 0, seen = 0;
        for (int trial = 0; trial < trials; trial++)
        {
            var sequence = new CounterRandom(7, 1).Sequence((uint)trial);
            var counts = new long[things];
            for (int i = 0; i < draws; i++)
            {
                counts[sequence.NextIndex(things)]++;
            }

            var e = CoverageEstimate.Of(AbundanceCounts.Of(counts));
            total += e.Total / trials;
            seen += (double)e.Counts.Observed / trials;
            coverage += e.Coverage / trials;
            trueCoverage += (double)e.Counts.Observed / things / trials;
            inside += e.TotalFrom <= things && things <= e.TotalTo ? 1 : 0;
        }

        // The mean of 400 estimates of coverage has an error of about 0.003.
        Assert.Equal(trueCoverage, coverage, 0.01);
        Assert.InRange(total, seen + 3, things + 2);
        Assert.InRange(inside, (int)(0.85 * trials), trials);
    }
}
