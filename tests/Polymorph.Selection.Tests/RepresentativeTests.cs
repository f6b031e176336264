using Polymorph.Learning;
using Xunit;

namespace Polymorph.Selection.Tests;

public sealed class RepresentativeTests
{
    private static readonly ulong[] OneTopology = new ulong[400];

    /// Four clouds far from each other: every method picks one of each, and everything in a cloud is stood for by its own.
    [Theory]
    [InlineData(RepresentativeMethod.KMeans)]
    [InlineData(RepresentativeMethod.KMedoids)]
    [InlineData(RepresentativeMethod.Farthest)]
    [InlineData(RepresentativeMethod.Topology)]
    public void CloudsHaveOneRepresentativeEach(RepresentativeMethod method)
    {
        double[] points = Clouds(out int[] cloud);
        foreach (ulong[] topologies in new[] { OneTopology, [.. cloud.Select(c => (ulong)c)] })
        {
            var chosen = RepresentativeChoice.Of(method, points, 2, new KMeansOptions { Clusters = 4 }, () => topologies);
            Assert.Equal([0, 1, 2, 3], chosen.Picks.Select(p => cloud[p]).Order());
            Assert.All(Enumerable.Range(0, 400), i => Assert.Equal(cloud[i], cloud[chosen.StandsFor[i]]));
            Assert.All(chosen.Picks, p => Assert.Equal(p, chosen.StandsFor[p]));
        }
    }

    /// Gonzalez: the radius of the choice is at most twice the best one, here found by trying all pairs.
    [Fact]
    public void FarthestPointsCoverWithinTwiceTheBestRadius()
    {
        for (uint trial = 0; trial < 20; trial++)
        {
            double[] points = Normal(24, trial);
            double Radius(IEnumerable<int> picks) => Enumerable.Range(0, 24).Max(i => picks.Min(p => Distance(points, i, p)));
            double best = (from a in Enumerable.Range(0, 24) from b in Enumerable.Range(0, a) select Radius([a, b])).Min();
            var chosen = FarthestPoints.Choose(points, 2, 2);
            Assert.InRange(Radius(chosen.Picks), best, 2 * best);
            Assert.All(Enumerable.Range(0, 24), i => Assert.Equal(chosen.Picks.Min(p => Distance(points, i, p)), Distance(points, i, chosen.StandsFor[i]), 1e-12));
        }
    }

    /// The definition of a medoid: no other member of its cluster has a smaller sum of distances, and no point is nearer to another medoid.
    [Fact]
    public void MedoidsAreTheBestMembersOfTheirClusters()
    {
        double[] points = Normal(300, 1);
        var chosen = KMedoids.Choose(points, 2, new KMeansOptions { Clusters = 7 });
        Assert.Equal(7, chosen.Picks.Length);
        foreach (var cluster in Enumerable.Range(0, 300).GroupBy(i => chosen.StandsFor[i]))
        {
            double Sum(int candidate) => cluster.Sum(i => Distance(points, i, candidate));
            Assert.All(cluster, candidate => Assert.True(Sum(cluster.Key) <= Sum(candidate) + 1e-12));
        }

        Assert.All(Enumerable.Range(0, 300), i => Assert.Equal(chosen.Picks.Min(p => Distance(points, i, p)), Distance(points, i, chosen.StandsFor[i]), 1e-12));
    }

    /// 60, 30, 9 and 1 points of four topologies. Three wanted: the rarest has none. Ten wanted: d'Hondt gives 6, 3, 1 and the sure one to the rarest costs the first a seat: 5, 3, 1, 1.
    [Theory]
    [InlineData(3, new[] { 1, 1, 1, 0 })]
    [InlineData(10, new[] { 5, 3, 1, 1 })]
    public void TopologiesAreServedByTheirFrequency(int wanted, int[] expected)
    {
        ulong[] topologies = [.. Enumerable.Range(0, 100).Select(i => i < 60 ? 11UL : i < 90 ? 22UL : i < 99 ? 33UL : 44UL)];
        var chosen = OnePerTopology.Choose(Normal(100, 2), 2, topologies, new KMeansOptions { Clusters = wanted });
        Assert.Equal(expected, new[] { 11UL, 22UL, 33UL, 44UL }.Select(t => chosen.Picks.Count(p => topologies[p] == t)));
        Assert.All(chosen.StandsFor, pick => Assert.Contains(pick, chosen.Picks));
    }

    [Fact]
    public void EqualPointsAreChosenOnce()
    {
        double[] points = [1, 1, 1, 1, 2, 2, 2, 2, 1, 1];
        foreach (var method in Enum.GetValues<RepresentativeMethod>())
        {
            var chosen = RepresentativeChoice.Of(method, points, 2, new KMeansOptions { Clusters = 4 }, () => new ulong[5]);
            Assert.Equal(2, chosen.Picks.Length);
        }
    }

    private static double[] Clouds(out int[] cloud)
    {
        double[] points = Normal(400, 0);
        cloud = [.. Enumerable.Range(0, 400).Select(i => i % 4)];
        for (int i = 0; i < 400; i++)
        {
            points[2 * i] += 100 * (i % 2);
            points[2 * i + 1] += 100 * (i / 2 % 2);
        }

        return points;
    }

    private static double[] Normal(int count, uint seed)
    {
        float[] values = new float[2 * count];
        var random = new CounterRandom(seed, 1).Sequence(0);
        random.FillNormal(values);
        return [.. values.Select(v => (double)v)];
    }

    private static double Distance(double[] points, int a, int b) => Math.Sqrt(FarthestPoints.Square(points.AsSpan(2 * a, 2), points.AsSpan(2 * b, 2)));
}
