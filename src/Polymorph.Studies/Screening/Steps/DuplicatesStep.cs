using Polymorph.Structures.Matching;

namespace Polymorph.Studies.Screening.Steps;

/// <summary>Keeps one candidate of each group that the structure matcher calls equal: the lowest in energy where all have one of one method, else the first.</summary>
/// <param name="settings">What the recipe says.</param>
internal sealed class DuplicatesStep(StepSettings settings) : ScreeningStep(settings)
{
    /// <inheritdoc/>
    public override string Method => MatcherChoice.Text(Settings);

    /// <inheritdoc/>
    public override IReadOnlyList<StepValue> Evaluate(IReadOnlyList<ScreeningCandidate> candidates, ScreeningContext context)
    {
        var matcher = MatcherChoice.Of(Settings);
        var values = new StepValue[candidates.Count];
        List<int> crystals = [.. Enumerable.Range(0, candidates.Count).Where(i => MatcherChoice.IsCrystal(candidates[i].Structure))];
        foreach (int i in Enumerable.Range(0, candidates.Count).Except(crystals))
        {
            values[i] = StepValue.Unknown("no-crystal", "only crystals that repeat along all three axes are compared");
        }

        // The first of a group leads it.
        bool comparable = crystals.TrueForAll(i => candidates[i].EnergyEV is not null) && crystals.Select(i => candidates[i].Method).Distinct().Count() == 1;
        int[] order = comparable ? [.. crystals.OrderBy(i => candidates[i].Entry!.EnergyEVPerAtom).ThenBy(i => i)] : [.. crystals];
        var prepared = new PreparedCrystal[order.Length];
        int done = 0;
        Parallel.For(0, order.Length, new ParallelOptions { MaxDegreeOfParallelism = context.Threads, CancellationToken = context.Cancellation }, k =>
        {
            prepared[k] = matcher.Prepare(candidates[order[k]].Structure!);
            context.Observer.Work(Settings.Name, Interlocked.Increment(ref done), order.Length);
        });
        var groups = StructureGrouping.Group(prepared, matcher, context.Threads, cancellation: context.Cancellation);
        if (groups.UndecidedPairs > 0)
        {
            context.Observer.Note($"{Settings.Name}: {groups.UndecidedPairs} comparisons were given up at their limit and count as different.");
        }

        for (int k = 0; k < order.Length; k++)
        {
            int leader = order[groups.LeaderOf[k]];
            values[order[k]] = StepValue.Judged(leader == order[k], "duplicate", leader == order[k] ? "" : candidates[leader].Id);
        }

        return values;
    }
}
