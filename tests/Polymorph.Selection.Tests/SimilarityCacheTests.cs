using Polymorph.Representations.Fingerprints;
using Polymorph.Selection.Similarity;
using Polymorph.Structures;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Selection.Tests;

/// Fingerprints kept from an earlier call give the same answers; what is not wholly what it should be is made anew.
public sealed class SimilarityCacheTests : IDisposable
{
    // The last one is no crystal and has no fingerprint.
    private static readonly Structure[] Known =
        [.. ReferenceData.Json("golden/matching/fingerprints.json").GetProperty("structures").EnumerateArray().Take(8).Select(ReferenceCrystal.OfParameters), new([new(6)], [default])];

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _notes = [];

    private string Kept => Assert.Single(Directory.GetFiles(_folder.Path));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void WhatIsKeptIsUsedAndGivesTheSameBits()
    {
        var fresh = SimilarityIndex.Of(Known, 2, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(Known.Length, Computed(Known));
        Assert.Equal(0, Computed(Known));
        var index = Index(Known, () => { });
        Assert.Equal((8, 1), (index.Count, index.LeftOut));
        double[] point = SimilarityIndex.Point(Known[4], new CrystalFingerprint())!;
        Assert.Equal(fresh.Nearest(point, 8), index.Nearest(point, 8));
        Assert.Empty(_notes);

        // One atom moved by less than any file shows is another set.
        Structure[] moved = [.. Known[..7], Known[7].WithPositions([Known[7].Positions[0] + new Vector3D(1e-12, 0, 0), .. Known[7].Positions[1..]]), Known[8]];
        Assert.Equal(Known.Length, Computed(moved));
        Assert.Equal(2, Directory.GetFiles(_folder.Path).Length);
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("changed")]
    [InlineData("text")]
    [InlineData("empty")]
    [InlineData("foreign")]
    public void WhatIsDamagedOrForeignIsMadeAnew(string kind)
    {
        Computed(Known);
        byte[] bytes = File.ReadAllBytes(Kept);
        string path = Kept;
        switch (kind)
        {
            case "cut":
                File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);
                break;
            case "changed":
                bytes[^100] ^= 1;
                File.WriteAllBytes(path, bytes);
                break;
            case "text":
                File.WriteAllText(path, "these are no fingerprints");
                break;
            case "empty":
                File.WriteAllBytes(path, []);
                break;
            default:
                // A whole and sound file of another set of the same size under this one's name.
                Computed([.. Known.Reverse()]);
                File.Copy(Directory.GetFiles(_folder.Path).Single(f => f != path), path, overwrite: true);
                break;
        }

        Assert.Equal(Known.Length, Computed(Known));
        Assert.Contains("again", Assert.Single(_notes), StringComparison.Ordinal);
        Assert.Equal(0, Computed(Known));
    }

    [Fact]
    public void WhereNothingCanBeWrittenTheAnswerIsTheSame()
    {
        string file = _folder.Of("file");
        File.WriteAllText(file, "precious");
        var index = new SimilarityCache(file).IndexOf(Known, 1, _notes.Add, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(8, index.Count);
        Assert.Contains("cannot be kept", Assert.Single(_notes), StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(file));
    }

    [Fact]
    public void OnlyTheLatestSetsAreKept()
    {
        for (int n = 1; n <= 20; n++)
        {
            Computed([.. Enumerable.Repeat(Known[8], n)]);
        }

        Assert.Equal(16, Directory.GetFiles(_folder.Path).Length);
    }

    private int Computed(IReadOnlyList<Structure> structures)
    {
        int count = 0;
        Index(structures, () => Interlocked.Increment(ref count));
        return count;
    }

    private SimilarityIndex Index(IReadOnlyList<Structure> structures, Action tick) => new SimilarityCache(_folder.Path).IndexOf(structures, 2, _notes.Add, tick, TestContext.Current.CancellationToken);
}
