using System.Collections.Immutable;
using Polymorph.Selection.Metrics;
using Polymorph.Structures;

namespace Polymorph.Screening.Chemistry;

/// <summary>All ways to give each element of a formula one oxidation state such that the charges cancel.</summary>
/// <remarks>The rule of SMACT: Davies et al., Chem 1 (2016) 617. <see cref="CompositionalValidity"/> answers yes or no without listing them.</remarks>
public static class ChargeBalance
{
    /// <summary>The neutral choices, each one state per element in the order of atomic numbers.</summary>
    /// <param name="composition">Counts of the elements.</param>
    /// <param name="table">Oxidation states.</param>
    public static IEnumerable<ImmutableArray<int>> Neutral(Composition composition, OxidationTable table)
    {
        ArgumentNullException.ThrowIfNull(composition);
        ArgumentNullException.ThrowIfNull(table);
        Element[] elements = [.. composition.Counts.Keys];
        int[] counts = [.. composition.Counts.Values];
        return From(ImmutableArray<int>.Empty, 0);

        IEnumerable<ImmutableArray<int>> From(ImmutableArray<int> chosen, long charge)
        {
            if (chosen.Length == elements.Length)
            {
                return charge == 0 ? [chosen] : [];
            }

            return table.States(elements[chosen.Length]).SelectMany(state => From(chosen.Add(state), charge + (long)state * counts[chosen.Length]));
        }
    }

    /// <summary>Whether every positive element is less electronegative than every negative one; an element without electronegativity fails.</summary>
    /// <param name="composition">Counts of the elements.</param>
    /// <param name="states">One state per element in the order of atomic numbers.</param>
    /// <param name="table">Electronegativities.</param>
    public static bool FollowsElectronegativity(Composition composition, ImmutableArray<int> states, OxidationTable table)
    {
        ArgumentNullException.ThrowIfNull(composition);
        ArgumentNullException.ThrowIfNull(table);
        double mostPositive = double.NegativeInfinity, leastNegative = double.PositiveInfinity;
        foreach (var (element, state) in composition.Counts.Keys.Zip(states))
        {
            if (table.Electronegativity(element) is not { } x)
            {
                return false;
            }

            mostPositive = state > 0 ? Math.Max(mostPositive, x) : mostPositive;
            leastNegative = state < 0 ? Math.Min(leastNegative, x) : leastNegative;
        }

        return mostPositive < leastNegative;
    }

    /// <summary>Whether a formula passes: a single element, a neutral choice that follows the electronegativities, or, where alloys pass, metals only.</summary>
    /// <param name="composition">Counts of the elements.</param>
    /// <param name="table">The list.</param>
    /// <param name="alloysPass">Whether formulas of metals alone pass without balance.</param>
    public static bool IsValid(Composition composition, OxidationTable table, bool alloysPass = true)
    {
        ArgumentNullException.ThrowIfNull(composition);
        return alloysPass ? CompositionalValidity.Of(composition, table)
            : composition.Counts.Count == 1 || Neutral(composition, table).Any(states => FollowsElectronegativity(composition, states, table));
    }
}
