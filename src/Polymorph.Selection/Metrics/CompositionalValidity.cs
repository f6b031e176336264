using System.Collections.Immutable;
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
    public static bool Of(Composition composition, OxidationTable table)
    {
        ArgumentNullException.ThrowIfNull(composition);
        ArgumentNullException.ThrowIfNull(table);
        var elements = composition.Counts.Keys.ToArray();
        if (elements.Length == 1 || Array.TrueForAll(elements, table.IsMetal))
        {
            return true;
        }

        if (!Array.TrueForAll(elements, e => table.Electronegativity(e) is not null && table.States(e).Length > 0))
        {
            return false;
        }

        return new Search(elements, [.. composition.Counts.Values], table).From(0, 0, double.NegativeInfinity, double.PositiveInfinity);
    }

    /// <summary>Chooses the states element by element and turns back as soon as neutrality or the electronegativities are out of reach.</summary>
    private sealed class Search
    {
        private readonly double[] _electronegativity;
        private readonly ImmutableArray<int>[] _states;
        private readonly int[] _counts;
        private readonly long[] _least;
        private readonly long[] _most;

        public Search(Element[] elements, int[] counts, OxidationTable table)
        {
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

        public bool From(int element, long charge, double mostPositive, double leastNegative)
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
                if (positive < negative && From(element + 1, charge + (long)state * _counts[element], positive, negative))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
