using System.Collections.Immutable;
using System.Globalization;
using Polymorph.Structures;

namespace Polymorph.Selection.Metrics;

/// <summary>Whether the elements of a formula can balance their charges, one oxidation state for each element.</summary>
/// <remarks>The rule of SMACT (Davies et al., Chem 1 (2016) 617) as the benchmarks apply it (arXiv 2110.06197): single elements and alloys pass; otherwise some choice of states must be neutral, with
/// every positive element less electronegative than every negative one; an element without electronegativity fails. Real materials fail too (Fe3O4 by construction; one in ten of the Materials Project).</remarks>
public static class CompositionalValidity
{
    /// <summary>Judges a formula.</summary>
    /// <param name="composition">Counts of the elements.</param>
    /// <param name="table">Oxidation states, electronegativities and metals.</param>
    public static bool Of(Composition composition, OxidationTable table) => WhyNot(composition, table) is null;

    /// <summary>Why a formula fails: an element without states or electronegativity, no choice of states that is neutral, or only such as defy the electronegativities; null when it passes.</summary>
    /// <param name="composition">Counts of the elements.</param>
    /// <param name="table">Oxidation states, electronegativities and metals.</param>
    public static string? WhyNot(Composition composition, OxidationTable table)
    {
        ArgumentNullException.ThrowIfNull(composition);
        ArgumentNullException.ThrowIfNull(table);
        var elements = composition.Counts.Keys.ToArray();
        if (elements.Length == 1 || Array.TrueForAll(elements, table.IsMetal))
        {
            return null;
        }

        foreach (var element in elements)
        {
            if (table.States(element).Length == 0 || table.Electronegativity(element) is null)
            {
                return $"{element.Symbol} has no {(table.States(element).Length == 0 ? "oxidation states" : "electronegativity")} in the list {table.Name}";
            }
        }

        int[] counts = [.. composition.Counts.Values];
        return new Search(elements, counts, table, ordered: true).IsPossible ? null
            : new Search(elements, counts, table, ordered: false).IsPossible ? "neutral only with a positive element that is not less electronegative than a negative one"
            : $"no choice of one state for each element is neutral: {string.Join("; ", elements.Select(e => $"{e.Symbol} {string.Join(' ', table.States(e).Select(s => s.ToString("+0;-0;0", CultureInfo.InvariantCulture)))}"))}";
    }

    /// <summary>Chooses the states element by element and turns back as soon as neutrality or the electronegativities are out of reach.</summary>
    private sealed class Search
    {
        private readonly double[] _electronegativity;
        private readonly ImmutableArray<int>[] _states;
        private readonly int[] _counts;
        private readonly long[] _least;
        private readonly long[] _most;
        private readonly bool _ordered;

        public Search(Element[] elements, int[] counts, OxidationTable table, bool ordered)
        {
            _ordered = ordered;
            _electronegativity = Array.ConvertAll(elements, e => table.Electronegativity(e)!.Value);
            _states = Array.ConvertAll(elements, table.States);
            _counts = counts;
            _least = new long[elements.Length + 1];
            _most = new long[elements.Length + 1];
            for (int i = elements.Length - 1; i >= 0; i--)
            {
                _least[i] = _least[i + 1] + (long)counts[i] * _states[i].Min();
                _most[i] = _most[i + 1] + (long)counts[i] * _states[i].Max();
            }
        }

        public bool IsPossible => From(0, 0, double.NegativeInfinity, double.PositiveInfinity);

        private bool From(int element, long charge, double mostPositive, double leastNegative)
        {
            if (charge + _least[element] > 0 || charge + _most[element] < 0)
            {
                return false;
            }

            if (element == _states.Length)
            {
                return true;
            }

            foreach (int state in _states[element])
            {
                double x = _electronegativity[element];
                double positive = state > 0 ? Math.Max(mostPositive, x) : mostPositive, negative = state < 0 ? Math.Min(leastNegative, x) : leastNegative;
                if ((positive < negative || !_ordered) && From(element + 1, charge + (long)state * _counts[element], positive, negative))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
