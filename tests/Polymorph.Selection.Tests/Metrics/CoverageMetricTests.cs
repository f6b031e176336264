using System.Text.Json;
using Polymorph.Selection.Kernels;
using Polymorph.Selection.Metrics;
using Polymorph.Structures;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Selection.Tests.Metrics;

/// COV and the distances of properties against the reference case of 30 generated and 30 known crystals.
public sealed class CoverageMetricTests
{
    private static readonly Lazy<(Structure[] Generated, Structure[] References, JsonElement Result)> Golden = new(() =>
    {
        var coverage = ReferenceData.Json("golden/matching/fingerprints.json").GetProperty("coverage");
        return ([.. coverage.GetProperty("gen").EnumerateArray().Select(ReferenceCrystal.OfParameters)], [.. coverage.GetProperty("ref").EnumerateArray().Select(ReferenceCrystal.OfParameters)], coverage.GetProperty("result"));
    });

    [Theory, InlineData(1), InlineData(3)]
    public void TheReferenceCaseComesOut(int threads)
    {
        var (generated, references, result) = Golden.Value;
        var metric = CoverageMetric.Of([.. generated.Select(GoldenCrystals.Fingerprints)], 0, [.. references.Select(GoldenCrystals.Fingerprints)], CoverageCutoffs.Mp20, threads, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(Number("cov_recall"), metric.Recall.Value, 1e-12);
        Assert.Equal(Number("cov_precision"), metric.Precision.Value, 1e-12);

        // Features agree to 1e-3 at worst; a mean of 30 distances to less.
        Assert.Equal(Number("amsd_recall"), metric.StructureRecall, 1e-3);
        Assert.Equal(Number("amsd_precision"), metric.StructurePrecision, 1e-3);
        Assert.Equal(Number("amcd_recall"), metric.CompositionRecall, 1e-6);
        Assert.Equal(Number("amcd_precision"), metric.CompositionPrecision, 1e-6);

        double Number(string name) => result.GetProperty(name).GetDouble();
    }

    [Fact]
    public void WhatHasNoFingerprintCountsAgainstThePrecisionOnly()
    {
        var (generated, references, _) = Golden.Value;
        List<FingerprintPair> pairs = [.. generated.Select(GoldenCrystals.Fingerprints)], known = [.. references.Select(GoldenCrystals.Fingerprints)];
        var whole = CoverageMetric.Of(pairs, 0, known, CoverageCutoffs.Mp20, 1, cancellation: TestContext.Current.CancellationToken);
        var more = CoverageMetric.Of([new FingerprintPair(null, pairs[0].Composition), .. pairs], 4, known, CoverageCutoffs.Mp20, 1, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(whole.Recall, more.Recall);
        Assert.Equal(new Rate(whole.Precision.Count, 35), more.Precision);
        Assert.Equal(-1, more.NearestReference[0]);
        Assert.Equal(whole.NearestReference, more.NearestReference.Skip(1));
        var none = CoverageMetric.Of([], 3, known, CoverageCutoffs.Mp20, 1, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal((0, 30), (none.Recall.Count, none.Recall.Total));
        Assert.Equal((0, 3), (none.Precision.Count, none.Precision.Total));
    }

    [Fact]
    public void DistancesOfPropertiesComeOut()
    {
        var (generated, references, result) = Golden.Value;
        Assert.Equal(result.GetProperty("wdist_density").GetDouble(), EmpiricalDistance.Wasserstein(generated.Select(CrystalProperties.Density), references.Select(CrystalProperties.Density)), 1e-4);   // atomic weights of another year
        Assert.Equal(result.GetProperty("wdist_num_elements").GetDouble(), EmpiricalDistance.Wasserstein(generated.Select(CrystalProperties.ElementCount), references.Select(CrystalProperties.ElementCount)), 1e-12);

    }

    [Fact]
    public void DiversityComesOut()
    {
        var (generated, _, result) = Golden.Value;
        FingerprintPair[] pairs = [.. generated.Select(GoldenCrystals.Fingerprints)];
        Assert.Equal(result.GetProperty("struct_diversity").GetDouble(), EmpiricalDistance.MeanPairwise([.. pairs.Select(p => p.Structure!)]), 1e-3);   // as AMSD
        Assert.Equal(result.GetProperty("comp_diversity").GetDouble(), EmpiricalDistance.MeanPairwise([.. pairs.Select(p => p.Composition)]), 1e-5);
        Assert.True(double.IsNaN(EmpiricalDistance.MeanPairwise([pairs[0].Composition])));
    }

    /// For equal sizes the distance is the mean difference of the sorted samples; for any sizes that of the samples repeated to a common size.
    [Theory, InlineData(5, 5), InlineData(4, 6), InlineData(1, 7)]
    public void TheEarthMoversDistanceIsThatOfRepeatedSamples(int m, int n)
    {
        double[] x = [.. Enumerable.Range(0, m).Select(i => Math.Sin(3 * i + 1))], y = [.. Enumerable.Range(0, n).Select(i => Math.Cos(2 * i) + 0.3)];
        var expected = Enumerable.Range(0, m * n).Average(i => Math.Abs(x.Order().ElementAt(i / n) - y.Order().ElementAt(i / m)));
        Assert.Equal(expected, EmpiricalDistance.Wasserstein(x, y), 1e-12);
        Assert.Equal(0, EmpiricalDistance.Wasserstein(x, [.. x, .. x]), 1e-12);
    }

    [Fact]
    public void SharesOfClassesAreCompared()
    {
        Assert.Equal(0.5, EmpiricalDistance.TotalVariation(["a", "a", "b", "b"], ["a", "a", "c", "c"]), 1e-12);
        Assert.Equal(1, EmpiricalDistance.TotalVariation([1], [2, 3]), 1e-12);
        Assert.True(double.IsNaN(EmpiricalDistance.TotalVariation([], [2])));
    }

    /// Intervals of Wilson 1927: 1 of 10, computed with scipy.stats.binomtest(1, 10).proportion_ci(method='wilson').
    [Fact]
    public void RatesHaveWilsonIntervals()
    {
        var rate = new Rate(1, 10);
        Assert.Equal(0.01787621, rate.Lower, 1e-7);
        Assert.Equal(0.40415003, rate.Upper, 1e-7);
        Assert.Equal((0.0, 1.0), (new Rate(0, 5).Lower, new Rate(5, 5).Upper));
        Assert.Equal((0.0, 1.0), (new Rate(0, 0).Lower, new Rate(0, 0).Upper));
    }

    [Theory, InlineData(8, 1), InlineData(64, 40), InlineData(136, 91)]
    public void TheFastSearchFindsTheNearestRow(int width, int rows)
    {
        double[] table = [.. Enumerable.Range(0, width * rows).Select(i => Math.Sin(i * 1.37))];
        for (int trial = 0; trial < 20; trial++)
        {
            double[] point = [.. Enumerable.Range(0, width).Select(i => Math.Sin(i * 0.71 + trial))];
            var (expected, came) = (NearestRow.Reference(table, point), NearestRow.Simd(table, point));
            Assert.Equal(expected.Row, came.Row);
            Assert.Equal(expected.Squared, came.Squared, 1e-10);   // the columns are added in another order
            for (int row = 0; row < rows; row++)
            {
                var values = table.AsSpan(row * width, width);
                double exact = NearestRow.Reference(values, point).Squared;
                Assert.Equal(exact, NearestRow.SquaredDistance(values, point, double.PositiveInfinity), 1e-10);
                Assert.InRange(NearestRow.SquaredDistance(values, point, exact / 2), exact / 2, exact + 1e-10);
            }
        }
    }
}
