using Polymorph.Representations.Fingerprints;
using Polymorph.Selection.Similarity;
using Polymorph.Selection.Tests.Metrics;
using Polymorph.Structures;
using Polymorph.Structures.Matching;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Selection.Tests;

/// The nearest known structure of a given one.
public sealed class SimilarityIndexTests
{
    private static readonly Lazy<Structure[]> Known = new(() =>
        [.. ReferenceData.Json("golden/matching/fingerprints.json").GetProperty("structures").EnumerateArray().Select(ReferenceCrystal.OfParameters)]);

    /// A crystal moved by hundredths of an angstrom and written in another cell still finds itself.
    [Theory, InlineData(0), InlineData(7), InlineData(16), InlineData(29)]
    public void AMovedCopyFindsItsOriginal(int number)
    {
        var index = SimilarityIndex.Of([new Structure([new Element(6)], [default]), .. Known.Value], 2, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal((30, 1), (index.Count, index.LeftOut));
        var original = Known.Value[number].Repeat(1, 1, 2);
        var moved = original.WithPositions([.. original.Positions.Select((p, i) => p + 0.01 * new Vector3D(Math.Sin(i), Math.Cos(2 * i), Math.Sin(3 * i + 1)))]);
        var nearest = index.Nearest(SimilarityIndex.Point(moved, new CrystalFingerprint())!, 3);
        Assert.Equal(3, nearest.Count);

        // Two of the carbon crystals are equal up to 0.005 in the fingerprint: any copy will do.
        Assert.Equal(MatchVerdict.Match, new StructureMatcher(new MatchOptions()).Fits(Known.Value[nearest[0].Row - 1], Known.Value[number]));
        Assert.True(nearest[0].Distance <= nearest[1].Distance && nearest[1].Distance <= nearest[2].Distance);
    }

    /// All rows in order of distance, against a plain sort.
    [Fact]
    public void TheNearestOnesComeInOrder()
    {
        var index = SimilarityIndex.Of(Known.Value, 1, cancellation: TestContext.Current.CancellationToken);
        var fingerprint = new CrystalFingerprint();
        double[] point = SimilarityIndex.Point(Known.Value[5], fingerprint)!;
        double[] distances = [.. Known.Value.Select(s => Math.Sqrt(SimilarityIndex.Point(s, fingerprint)!.Zip(point).Sum(p => (p.First - p.Second) * (p.First - p.Second))))];
        var nearest = index.Nearest(point, 100);
        Assert.Equal(distances.Order(), nearest.Select(n => n.Distance), (a, b) => Math.Abs(a - b) < 1e-9);
        Assert.Equal(5, nearest[0].Row);
        Assert.Empty(SimilarityIndex.Of([], 1, cancellation: TestContext.Current.CancellationToken).Nearest(point, 2));
    }
}
