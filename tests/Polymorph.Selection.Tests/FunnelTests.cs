using Polymorph.Learning;
using Xunit;

namespace Polymorph.Selection.Tests;

public sealed class FunnelTests
{
    [Fact]
    public void CountsAddUpThroughAllStages()
    {
        var funnel = new Funnel();
        funnel.Enter(1000);
        funnel.Lose(FunnelStage.GeometryOk, LossReason.TooClose, 300);
        funnel.Lose(FunnelStage.GeometryOk, LossReason.WrongValence, 500);
        funnel.Lose(FunnelStage.Distinct, LossReason.Duplicate, 150);
        funnel.Lose(FunnelStage.Selected, LossReason.NotRepresentative, 40);

        Assert.Equal([1000L, 1000, 200, 50, 50, 10], funnel.Rows().Select(r => r.Survived));
        Assert.Equal([(LossReason.WrongValence, 500L), (LossReason.TooClose, 300L)], funnel.Rows()[2].Losses);
        Assert.All(funnel.Rows(), row => Assert.Equal(row.Entered - row.Survived, row.Losses.Sum(l => l.Count)));
        Assert.Contains("geometry ok    200  lost: 500 wrong-valence, 300 too-close", funnel.ToString(), StringComparison.Ordinal);

        var twice = new Funnel();
        twice.Add(funnel);
        twice.Add(funnel);
        Assert.Equal((2000, 20), (twice.Generated, twice.Survived));
        Assert.Throws<InvalidOperationException>(() => funnel.Lose(FunnelStage.Selected, LossReason.NotRepresentative, 11));
    }

    [Fact]
    public void EveryReasonHasItsOwnCode() =>
        Assert.Equal(Enum.GetValues<LossReason>().Length, Enum.GetValues<LossReason>().Select(r => r.Code()).Distinct().Count());

    /// Against the definition: compare with every earlier structure that was kept.
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(60)]
    public void DuplicatesAreThoseOfAnExhaustiveComparison(int width)
    {
        const double tolerance = 0.5;
        var random = new CounterRandom((ulong)width, 0).Sequence(0);
        var filter = new DuplicateFilter(width, tolerance);
        var kept = new List<(string Key, float[] Row)>();
        int repeats = 0;
        for (int n = 0; n < 600; n++)
        {
            string key = "k" + random.NextIndex(2);
            float[] row = new float[width];
            random.FillNormal(row);
            if (kept.Count > 0 && random.NextIndex(2) == 0)
            {
                // Near an earlier one, at a distance around the tolerance.
                float[] old = kept[random.NextIndex(kept.Count)].Row;
                double length = 2 * tolerance * random.NextDouble() / Math.Sqrt(width);
                row = [.. row.Zip(old, (noise, x) => x + (float)(length * noise))];
            }

            int expected = kept.FindIndex(k => k.Key == key && Math.Sqrt(k.Row.Zip(row, (a, b) => ((double)a - b) * ((double)a - b)).Sum()) <= tolerance);
            int? found = filter.FindOrAdd(key, row);
            Assert.Equal(expected < 0 ? null : expected, found);
            repeats += found is null ? 0 : 1;
            if (found is null)
            {
                kept.Add((key, row));
            }
        }

        Assert.Equal(kept.Count, filter.Count);
        Assert.InRange(repeats, 50, 599);
    }

    [Fact]
    public void WithoutDescriptorsTheKeyDecides()
    {
        var filter = new DuplicateFilter(0, double.PositiveInfinity);
        Assert.Null(filter.FindOrAdd("CCO", []));
        Assert.Equal(0, filter.FindOrAdd("CCO", []));
        Assert.Null(filter.Find("COC", []));
    }
}
