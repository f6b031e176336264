using Polymorph.Learning;
using Polymorph.Selection.Coverage;
using Xunit;

namespace Polymorph.Selection.Tests;

/// The order in which structures come decides which of several equal ones leads, and nothing else.
public sealed class SelectionOrderTests
{
    [Fact]
    public void TheOrderChangesOnlyWhichOfEqualStructuresLeads()
    {
        int[] order = [.. Enumerable.Range(0, Methanol.Count)];
        var random = new CounterRandom(3, 0).Sequence(0);
        for (int i = order.Length - 1; i > 0; i--)
        {
            int j = random.NextIndex(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        var straight = Groups(Run(null), [.. Enumerable.Range(0, Methanol.Count)]);
        var shuffled = Groups(Run(order), order);
        Assert.Equal(straight, shuffled);
        Assert.InRange(straight.Count(g => g.Contains(' ')), 100, 1000);
        Assert.Equal(Run(null).Funnel.After(FunnelStage.Distinct), Run(order).Funnel.After(FunnelStage.Distinct));
    }

    /// Every structure of the source comes once or twice: the counts are known, and with them the estimate.
    [Fact]
    public void CoverageCountsHowOftenEachDifferentStructureCame()
    {
        var result = StreamedSelection.Run(Methanol.Count, () => new Methanol(), Methanol.Describer, new StreamedSelectionOptions { DuplicateTolerance = 1e-4 }, TestContext.Current.CancellationToken);
        Assert.Equal(CoverageEstimate.Of(new AbundanceCounts(3000, 2000, 1000, 1000)), result.Coverage());
        Assert.Equal(new AbundanceCounts(500, 500, 500, 0), result.Coverage(i => i % 6 == 0).Counts);
    }

    private static SelectionResult Run(int[]? order)
    {
        var geometry = new GeometryCheck(Methanol.Species);

        // Far below the distance of different structures, far above rounding: equality is transitive.
        return StreamedSelection.Run(Methanol.Count, () => new Methanol(order), Methanol.Describer, new StreamedSelectionOptions
        {
            Screen = (_, positions) => geometry.Loss(positions),
            DuplicateTolerance = 1e-4,
        });
    }

    private static List<string> Groups(SelectionResult result, int[] order) =>
    [
        .. Enumerable.Range(0, Methanol.Count).Where(i => result.Loss(i) is null or LossReason.Duplicate or LossReason.NotRepresentative)
            .GroupBy(i => result.Why(i) is { Reason: LossReason.Duplicate, Detail: var leader } ? leader : i)
            .Select(g => string.Join(' ', g.Select(i => order[i]).Order())).Order(StringComparer.Ordinal),
    ];
}
