using System.Collections.Immutable;
using Polymorph.Selection.Metrics;
using Polymorph.Structures;

namespace Polymorph.Screening.Chemistry;

/// <summary>Balance of charges where atoms of one element may differ in their states, as in Mn3O4 = Mn(II) Mn(III)2 O4.</summary>
/// <remarks>For each element the sums that its atoms can reach are found by adding one atom after the other; then sums of different elements are combined. No assignment of atoms is enumerated.
/// Counts are those of the reduced formula: FeSi cannot balance Fe +2 and +3 against Si -4 where Fe5Si5 could.</remarks>
public static class MixedValence
{
    // A set of sums has at most atoms times the spread of the states.
    private const int MostAtoms = 100_000;

    /// <summary>Number of ways to choose one reachable sum per element with a total of zero.</summary>
    /// <param name="composition">Counts of the elements.</param>
    /// <param name="table">Oxidation states.</param>
    /// <exception cref="ArgumentException">More than 100 000 atoms.</exception>
    public static long Count(Composition composition, OxidationTable table)
    {
        var ways = new Dictionary<long, long> { [0] = 1 };
        foreach (var sums in Sums(composition, table))
        {
            var next = new Dictionary<long, long>();
            foreach (var (total, count) in ways)
            {
                foreach (long sum in sums)
                {
                    next[total + sum] = next.GetValueOrDefault(total + sum) + count;
                }
            }

            ways = next;
        }

        return ways.GetValueOrDefault(0);
    }

    /// <summary>The neutral choices as mean oxidation states, one per element in the order of atomic numbers; found as they are asked for.</summary>
    /// <param name="composition">Counts of the elements.</param>
    /// <param name="table">Oxidation states.</param>
    /// <exception cref="ArgumentException">More than 100 000 atoms.</exception>
    public static IEnumerable<ImmutableArray<double>> MeanStates(Composition composition, OxidationTable table)
    {
        var sums = Sums(composition, table);
        int[] counts = Reduced(composition);
        // The least and most that the elements from here on can add.
        var least = new long[sums.Count + 1];
        var most = new long[sums.Count + 1];
        for (int i = sums.Count - 1; i >= 0 && sums.TrueForAll(s => s.Length > 0); i--)
        {
            least[i] = least[i + 1] + sums[i][0];
            most[i] = most[i + 1] + sums[i][^1];
        }

        return From(0, 0, []);

        IEnumerable<ImmutableArray<double>> From(int element, long total, ImmutableArray<double> chosen)
        {
            if (total + least[element] > 0 || total + most[element] < 0)
            {
                yield break;
            }

            if (element == sums.Count)
            {
                yield return chosen;
                yield break;
            }

            foreach (long sum in sums[element])
            {
                foreach (var found in From(element + 1, total + sum, chosen.Add((double)sum / counts[element])))
                {
                    yield return found;
                }
            }
        }
    }

    private static List<long[]> Sums(Composition composition, OxidationTable table)
    {
        ArgumentNullException.ThrowIfNull(composition);
        ArgumentNullException.ThrowIfNull(table);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(composition.AtomCount, MostAtoms, nameof(composition));
        var sums = new List<long[]>();
        foreach (var (element, count) in composition.Counts.Keys.Zip(Reduced(composition)))
        {
            SortedSet<long> reachable = [0];
            for (int atom = 0; atom < count; atom++)
            {
                reachable = [.. reachable.SelectMany(sum => table.States(element), (sum, state) => sum + state)];
            }

            sums.Add([.. reachable]);
        }

        return sums;
    }

    private static int[] Reduced(Composition composition)
    {
        int divisor = composition.Counts.Values.Aggregate(0, ReducedFormulas.GreatestDivisor);
        return [.. composition.Counts.Values.Select(n => n / divisor)];
    }
}
