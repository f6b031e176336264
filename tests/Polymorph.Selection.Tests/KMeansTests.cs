using System.Text.Json;
using Polymorph.Foundation;
using Polymorph.Learning;
using Polymorph.Selection.Kernels;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Selection.Tests;

public sealed class KMeansTests
{
    /// Labels, centres and picks of scikit-learn, started from the first eight points.
    [Fact]
    public void TheGoldenClusteringIsReproduced()
    {
        var golden = ReferenceData.Json("golden/logan/structural.json");
        double[] points = Numbers(golden.GetProperty("projected"));
        var result = KMeans.ClusterFrom(points, 2, points.AsSpan(0, 16));
        Assert.Equal(golden.GetProperty("labels").EnumerateArray().Select(e => e.GetInt32()), result.Labels.ToArray());
        Assert.Equal(golden.GetProperty("picked").EnumerateArray().Select(e => e.GetInt32()), result.NearestPoints(points));
        Assert.Equal(golden.GetProperty("iterations").GetInt32(), result.Iterations);
        // The file has 15 digits; sums of 53 numbers of order 1.
        Assert.Equal(golden.GetProperty("inertia").GetDouble(), result.Inertia, 1e-12);
        Assert.All(Numbers(golden.GetProperty("centres")).Zip(result.Centres.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-13));
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(2, 1003)]
    [InlineData(3, 250)]
    [InlineData(7, 64)]
    public void TheKernelEqualsItsReference(int dimensions, int count)
    {
        double[] columns = Normal(dimensions * count, 1), centres = Normal(dimensions * 9, 2);
        centres.AsSpan(0, dimensions).CopyTo(centres.AsSpan(4 * dimensions)); // a tie: the first wins
        int[] labels = new int[count], expectedLabels = new int[count];
        double[] distances = new double[count], expectedDistances = new double[count];
        NearestCentre.Reference(columns, count, 0, count, centres, dimensions, expectedLabels, expectedDistances);
        NearestCentre.Simd(columns, count, 0, count, centres, dimensions, labels, distances);
        Assert.Equal(expectedLabels, labels);
        Assert.Equal(expectedDistances, distances);
        Assert.DoesNotContain(4, labels);
    }

    [Fact]
    public void ThreadsDoNotChangeABit()
    {
        double[] points = Normal(2 * 50_000, 3);
        var one = KMeans.Cluster(points, 2, new KMeansOptions { Clusters = 17, Seed = 4, Threads = 1 });
        var many = KMeans.Cluster(points, 2, new KMeansOptions { Clusters = 17, Seed = 4, Threads = 5 });
        Assert.Equal(one.Centres.ToArray(), many.Centres.ToArray());
        Assert.Equal(one.Labels.ToArray(), many.Labels.ToArray());
        Assert.Equal(one.Inertia, many.Inertia);
    }

    /// Sixteen tight heaps on a grid, far apart: the only sensible answer is one centre per heap.
    [Fact]
    public void SeparatedHeapsAreFound()
    {
        double[] points = Normal(2 * 16 * 100, 5);
        for (int i = 0; i < points.Length; i++)
        {
            int heap = i / 2 % 16;
            points[i] = 0.01 * points[i] + 10 * (i % 2 == 0 ? heap % 4 : heap / 4);
        }

        var result = KMeans.Cluster(points, 2, new KMeansOptions { Clusters = 16, Starts = 3 });
        Assert.All(result.Sizes(), size => Assert.Equal(100, size));
        // Expected inertia: 1600 points in two dimensions of variance 1e-4, one degree of freedom per heap and dimension lost; 5 standard errors.
        Assert.Equal(2 * 1584 * 1e-4, result.Inertia, 5 * 1e-4 * Math.Sqrt(2.0 * 2 * 1584));
        var picks = result.NearestPoints(points);
        Assert.Equal(16, picks.Select(p => p % 16).Distinct().Count());
    }

    [Fact]
    public void MoreStartsAreNeverWorse()
    {
        double[] points = Normal(2 * 2000, 6);
        double one = KMeans.Cluster(points, 2, new KMeansOptions { Clusters = 30 }).Inertia;
        double eight = KMeans.Cluster(points, 2, new KMeansOptions { Clusters = 30, Starts = 8 }).Inertia;
        Assert.True(eight <= one);
    }

    /// The middle start centre gets no point; it must move to the farthest one.
    [Fact]
    public void EmptyClustersMoveToTheFarthestPoint()
    {
        double[] points = [0, 1, 2, 100, 101, 140];
        var result = KMeans.ClusterFrom(points, 1, [1, -1e6, 101]);
        Assert.Equal([1.0, 140.0, 100.5], result.Centres.ToArray());
    }

    [Fact]
    public void EqualPointsGiveFewerClusters()
    {
        double[] points = [1, 1, 1, 1, 2, 2, 2, 2];
        var result = KMeans.Cluster(points, 2, new KMeansOptions { Clusters = 4 });
        Assert.Equal((2, 0.0), (result.Count, result.Inertia));
    }

    [Fact]
    public void ImpossibleRequestsAreRefused()
    {
        Assert.Equal("PM5002", Assert.Throws<PolymorphException>(() => KMeans.Cluster([1, 2, 3, 4], 2, new KMeansOptions { Clusters = 3 })).Code);
        Assert.Equal("PM5002", Assert.Throws<PolymorphException>(() => KMeans.Cluster([1, double.NaN], 1, new KMeansOptions { Clusters = 1 })).Code);
        Assert.Throws<ArgumentOutOfRangeException>(() => new KMeansOptions { Clusters = 0 });
    }

    private static double[] Numbers(JsonElement array) =>
        [.. array.EnumerateArray().SelectMany(row => row.EnumerateArray()).Select(e => e.GetDouble())];

    private static double[] Normal(int count, ulong seed)
    {
        var random = new CounterRandom(seed, 0).Sequence(0);
        double[] result = new double[count];
        foreach (ref double x in result.AsSpan())
        {
            x = random.NextNormal();
        }

        return result;
    }
}
