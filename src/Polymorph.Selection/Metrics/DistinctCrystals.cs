using Polymorph.Structures.Matching;

namespace Polymorph.Selection.Metrics;

/// <summary>Groups equal crystals: in the order given, each joins the first earlier leader it fits, or leads a new group.</summary>
/// <remarks>Matching is not transitive, so groups depend on the order; members are compared with leaders only.</remarks>
public static class DistinctCrystals
{
    /// <summary>The leader of each crystal.</summary>
    /// <param name="crystals">Crystals; null where nothing could be built.</param>
    /// <param name="matcher">The matcher.</param>
    /// <param name="threads">How many threads; the result does not depend on it.</param>
    /// <param name="tick">Called after each crystal, from any thread.</param>
    /// <param name="cancellation">Stops.</param>
    /// <returns>[crystals] number of the leader, its own for a leader, -1 for null.</returns>
    public static int[] Leaders(IReadOnlyList<MetricCrystal?> crystals, StructureMatcher matcher, int threads, Action? tick = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(crystals);
        ArgumentNullException.ThrowIfNull(matcher);
        var leaders = new int[crystals.Count];
        Array.Fill(leaders, -1);

        // Crystals of other proportions or sizes of the reduced cell never fit, so each class is grouped on its own.
        var classes = Enumerable.Range(0, crystals.Count).Where(i => crystals[i] is not null).GroupBy(i => (crystals[i]!.ReducedFormula, crystals[i]!.Prepared.SiteCount)).ToList();
        Parallel.ForEach(classes, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, members =>
        {
            var found = new List<int>();
            foreach (int i in members)
            {
                cancellation.ThrowIfCancellationRequested();
                int leader = found.FindIndex(l => matcher.Fits(crystals[i]!.Prepared, crystals[l]!.Prepared) == MatchVerdict.Match);
                leaders[i] = leader < 0 ? i : found[leader];
                if (leader < 0)
                {
                    found.Add(i);
                }

                tick?.Invoke();
            }
        });
        return leaders;
    }
}
