using Polymorph.Foundation;
using Polymorph.Representations.LocalDescriptors;
using Polymorph.Structures;
using Polymorph.Structures.Bonds;
using Xunit;

namespace Polymorph.Selection.Tests;

public sealed class StreamedSelectionTests
{
    private const int Count = Methanol.Count;

    [Fact]
    public void NeitherThreadsNorMemoryChangeTheResult()
    {
        var reference = Run(new StreamedSelectionOptions { Threads = 1, Screen = Screen(), DuplicateTolerance = 0.02, Clustering = new KMeansOptions { Clusters = 9 } });
        foreach (var options in new[] { new StreamedSelectionOptions { Threads = 5 }, new StreamedSelectionOptions { Threads = 2, DescriptorBytes = 0 } })
        {
            var other = Run(options with { Screen = Screen(), DuplicateTolerance = 0.02, Clustering = new KMeansOptions { Clusters = 9 } });
            Assert.Equal(reference.Picks, other.Picks);
            Assert.Equal(reference.Points.ToArray(), other.Points.ToArray());
            Assert.Equal(reference.Funnel.ToString(), other.Funnel.ToString());
        }
    }

    [Fact]
    public void EveryLossHasItsReasonAndTheCountsAgree()
    {
        var screen = Screen();
        var result = Run(new StreamedSelectionOptions { Screen = screen, DuplicateTolerance = 0.02, Clustering = new KMeansOptions { Clusters = 9 } });
        var source = new Methanol();
        float[] positions = new float[18];
        int duplicates = 0;
        for (int i = 0; i < Count; i++)
        {
            source.Fill(i, 1, positions);
            if (screen(i, positions) is { } loss)
            {
                Assert.Equal(loss, result.Why(i));
            }
            else if (result.Loss(i) == LossReason.Duplicate)
            {
                Assert.Equal((2, i - 1), (i % 3, result.Why(i)!.Value.Detail)); // every third structure repeats the one before, rotated, so only its descriptor is the same
                duplicates++;
            }
            else
            {
                Assert.Equal(result.Picks.Contains(i) ? null : LossReason.NotRepresentative, result.Loss(i));
                Assert.Contains(result.RepresentativeOf(i), result.Picks);
            }
        }

        Assert.InRange(duplicates, 200, 1000);
        Assert.Equal(9, result.Picks.Count);
        Assert.Equal(9, result.Funnel.Survived);
        Assert.Equal(result.Clustered.Count, result.Funnel.After(FunnelStage.Novel));
        Assert.Equal(duplicates, result.Funnel.Rows()[(int)FunnelStage.Distinct].Losses.Single().Count);
    }

    [Fact]
    public void KnownStructuresAreNotNovel()
    {
        float[] first = new float[18];
        new Methanol().Fill(0, 1, first);
        var describer = Describer();
        float[] row = new float[describer.Length];
        describer.Describe(first, 1, row);
        var known = new DuplicateFilter(row.Length, 1e-3);
        known.FindOrAdd("", row);
        Assert.Equal(LossReason.Known, Run(new StreamedSelectionOptions { Known = known }).Loss(0));
    }

    /// 51 different molecules are more than 50 clusters, and 46 are fewer: what is known must not count.
    [Fact]
    public void WhatIsKnownDoesNotCountAgainstTheClusters()
    {
        var describer = Describer();
        var known = new DuplicateFilter(describer.Length, 1e-6);
        float[] positions = new float[18], row = new float[describer.Length];
        int[] different = [.. Enumerable.Range(0, 76).Where(i => i % 3 != 2)];
        Assert.Equal(51, different.Length);
        foreach (int index in different.Take(5))
        {
            new Methanol().Fill(index, 1, positions);
            describer.Describe(positions, 1, row);
            known.FindOrAdd("", row);
        }

        var result = StreamedSelection.Run(76, () => new Methanol(), Describer, new StreamedSelectionOptions
        {
            Screen = (index, _) => index % 3 == 2 ? LossReason.Duplicate : null,
            Known = known,
            Clustering = new KMeansOptions { Clusters = 50 },
        }, TestContext.Current.CancellationToken);
        Assert.Equal(different[5..], result.Picks);
        Assert.Equal((51, 46, 46), (result.Funnel.After(FunnelStage.Distinct), result.Funnel.After(FunnelStage.Novel), result.Funnel.Survived));
    }

    /// Thirty crystals of which one or two are different: one alone has no spread to project, two cannot form nine clusters.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void FewerDifferentCrystalsThanClustersAreAllKept(int different)
    {
        var cell = new Lattice(new(4, 0, 0), new(0, 4, 0), new(0, 0, 4));
        StructuralDescriptor Crystal() => new(StructuralDescriptor.Published, [0, 1], 2, cell, Periodicity.Full);
        var result = StreamedSelection.Run(30, () => new Rows(different), Crystal, new StreamedSelectionOptions { DuplicateTolerance = 1e-4, Clustering = new KMeansOptions { Clusters = 9 } },
            TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(0, different), result.Picks);
        Assert.Equal(30 - different, result.Funnel.Rows()[(int)FunnelStage.Distinct].Losses.Single().Count);
    }

    [Fact]
    public void NothingLeftIsAnErrorThatCountsTheLosses()
    {
        var error = Assert.Throws<PolymorphException>(() => Run(new StreamedSelectionOptions { Screen = (_, _) => LossReason.TooClose }));
        Assert.Equal(("PM5003", ExitCode.NothingSurvived), (error.Code, error.ExitCode));
        Assert.Contains("3,000 too-close", error.Message, StringComparison.Ordinal);
        Assert.Throws<OperationCanceledException>(() =>
            StreamedSelection.Run(Count, () => new Methanol(), Describer, null, new CancellationToken(canceled: true)));
    }

    private static StructureScreen Screen()
    {
        var geometry = new GeometryCheck(Methanol.Species);
        var molecules = new MoleculeClassifier(Methanol.Species);
        return (_, positions) => geometry.Loss(positions) ?? molecules.Classify(positions).Loss();
    }

    private static StructuralDescriptor Describer() => Methanol.Describer();

    private static SelectionResult Run(StreamedSelectionOptions options) => StreamedSelection.Run(Count, () => new Methanol(), Describer, options);

    /// <summary>Two atoms of a crystal, the second at one of a few distances in turn.</summary>
    private sealed class Rows(int different) : IStructureSource
    {
        public void Fill(int first, int count, Span<float> positions)
        {
            positions[..(6 * count)].Clear();
            for (int n = 0; n < count; n++)
            {
                positions[6 * n + 3] = 1.5f + 0.3f * ((first + n) % different);
            }
        }
    }
}
