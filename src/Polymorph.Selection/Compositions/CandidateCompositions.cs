using System.Collections.Immutable;
using Polymorph.Foundation;
using Polymorph.Representations.CrystalImages;

namespace Polymorph.Selection.Compositions;

/// <summary>Cell compositions within the caps whose oxidation states can add up to zero.</summary>
public static class CandidateCompositions
{
    // The list is made by counting through all combinations.
    private const double MostCombinations = 1e7;

    // Sums of charges are whole numbers or come from ranges with few digits.
    private const double ChargeTolerance = 1e-9;

    /// <summary>The candidates in the order of their counts.</summary>
    /// <param name="layout">Elements and caps.</param>
    /// <param name="ranges">Oxidation states; elements that are not named have their usual one.</param>
    /// <param name="mostAtoms">Most atoms of a cell.</param>
    /// <exception cref="PolymorphException">PM5064: an element without a range; PM5065: the caps make too many combinations; PM5066: a range of an element that the layout does not have.</exception>
    public static IReadOnlyList<ImmutableArray<int>> List(CrystalImageLayout layout, IReadOnlyList<OxidationRange> ranges, int mostAtoms = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(ranges);
        foreach (var range in ranges.Where(r => layout.BlockOf(r.Element) < 0))
        {
            throw new PolymorphException("PM5066", $"an oxidation state is given for {range.Element}, which is not among {string.Join(", ", layout.Blocks.Select(b => b.Element))}", null,
                "Leave it out.", ExitCode.Usage);
        }

        if (layout.Caps.Aggregate(1.0, (product, cap) => product * cap) > MostCombinations)
        {
            throw new PolymorphException("PM5065", $"the caps {layout} make more than ten million cells", null, "Lower the caps.", ExitCode.Usage);
        }

        OxidationRange[] states = [.. layout.Blocks.Select(b => OxidationRange.For(b.Element, ranges))];
        var found = new List<ImmutableArray<int>>();
        int[] counts = [.. Enumerable.Repeat(1, layout.Blocks.Length)];
        do
        {
            double lowest = 0, highest = 0;
            for (int block = 0; block < counts.Length; block++)
            {
                lowest += counts[block] * states[block].Lowest;
                highest += counts[block] * states[block].Highest;
            }

            if (lowest <= ChargeTolerance && highest >= -ChargeTolerance && counts.Sum() <= mostAtoms)
            {
                found.Add([.. counts]);
            }
        }
        while (Advance(counts, layout.Caps));
        return found;
    }

    private static bool Advance(int[] counts, ImmutableArray<int> caps)
    {
        for (int block = counts.Length - 1; block >= 0; block--)
        {
            if (counts[block]++ < caps[block])
            {
                return true;
            }

            counts[block] = 1;
        }

        return false;
    }
}
