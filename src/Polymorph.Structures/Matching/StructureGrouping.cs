namespace Polymorph.Structures.Matching;

/// <summary>Crystals sorted into groups of equal ones.</summary>
/// <param name="LeaderOf">For each crystal the first one of its group (itself where it leads), [crystals].</param>
/// <param name="UndecidedPairs">Comparisons given up at their limit; such pairs count as different.</param>
public sealed record CrystalGroups(IReadOnlyList<int> LeaderOf, long UndecidedPairs)
{
    /// <summary>Number of groups.</summary>
    public int Count => LeaderOf.Where((leader, i) => leader == i).Count();

    /// <summary>The members of each group in the order of the crystals, groups in the order of their leaders.</summary>
    public IEnumerable<IReadOnlyList<int>> Members() =>
        Enumerable.Range(0, LeaderOf.Count).GroupBy(i => LeaderOf[i]).OrderBy(g => g.Key).Select(g => (IReadOnlyList<int>)[.. g]);
}

/// <summary>Groups crystals: the first leads, every later one that fits it joins; the first of the rest leads the next group.</summary>
/// <remarks>Fitting is not transitive, so the groups depend on the order of the crystals, but on nothing else: threads share whole classes of one composition.
/// Only a leader of equal composition, equal number of sites and lengths within the matcher's bounds is searched for a match.</remarks>
public static class StructureGrouping
{
    /// <summary>Groups crystals.</summary>
    /// <param name="crystals">Prepared by the matcher's own options.</param>
    /// <param name="matcher">Decides what is equal.</param>
    /// <param name="threads">Threads to use, at least 1; the groups do not depend on it.</param>
    /// <param name="anonymous">Whether elements may be renamed.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public static CrystalGroups Group(IReadOnlyList<PreparedCrystal> crystals, StructureMatcher matcher, int threads = 1, bool anonymous = false, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(crystals);
        ArgumentNullException.ThrowIfNull(matcher);
        var leaders = new int[crystals.Count];
        long undecided = 0;
        var classes = Enumerable.Range(0, crystals.Count).GroupBy(i => Key(crystals[i], matcher.Options, anonymous), StringComparer.Ordinal).Select(g => g.ToArray()).ToList();
        var options = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, threads), CancellationToken = cancellation };
        Parallel.ForEach(classes, options, members => Interlocked.Add(ref undecided, GroupClass(crystals, members, matcher, anonymous, leaders, cancellation)));
        return new CrystalGroups(leaders, undecided);
    }

    private static long GroupClass(IReadOnlyList<PreparedCrystal> crystals, int[] members, StructureMatcher matcher, bool anonymous, int[] leaderOf, CancellationToken cancellation)
    {
        long undecided = 0;
        var leaders = new List<int>();
        foreach (int i in members)
        {
            cancellation.ThrowIfCancellationRequested();
            leaderOf[i] = i;
            foreach (int leader in leaders)
            {
                var verdict = anonymous ? matcher.FitsAnonymously(crystals[leader], crystals[i]) : matcher.Fits(crystals[leader], crystals[i]);
                undecided += verdict == MatchVerdict.Undecided ? 1 : 0;
                if (verdict == MatchVerdict.Match)
                {
                    leaderOf[i] = leader;
                    break;
                }
            }

            if (leaderOf[i] == i)
            {
                leaders.Add(i);
            }
        }

        return undecided;
    }

    /// <summary>Equal for all crystals that can match: proportions of the elements (without their names in an anonymous search), and the number of sites.</summary>
    private static string Key(PreparedCrystal crystal, MatchOptions options, bool anonymous)
    {
        int divisor = 0;
        foreach (var block in crystal.Blocks)
        {
            divisor = Gcd(block.Count, divisor);
        }

        string proportions = string.Join(' ', crystal.Blocks.Select(b => (anonymous ? "" : b.Element.Symbol) + (b.Count / divisor).ToString(System.Globalization.CultureInfo.InvariantCulture)));
        return options.AttemptSupercell ? proportions : $"{proportions}|{crystal.SiteCount}";
    }

    private static int Gcd(int a, int b) => b == 0 ? a : Gcd(b, a % b);
}
