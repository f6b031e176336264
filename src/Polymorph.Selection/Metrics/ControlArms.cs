using Polymorph.Learning;
using Polymorph.Representations.Fingerprints;
using Polymorph.Structures;

namespace Polymorph.Selection.Metrics;

/// <summary>Predictions that need no model, made of the training set: what a generator must beat.</summary>
/// <param name="training">Known crystals.</param>
/// <param name="random">Chooses among equals.</param>
public sealed class ControlArms(IReadOnlyList<Structure> training, CounterRandom random)
{
    private const uint DrawStep = 0, TemplateStep = 1;

    private readonly ILookup<int, Structure> _bySize = training.ToLookup(s => s.AtomCount);
    private readonly ILookup<string, Structure> _byPattern = training.ToLookup(s => Pattern(s.Composition));

    /// <summary>A training structure drawn at random among those with the right number of atoms; its elements are its own.</summary>
    /// <param name="target">The composition asked for.</param>
    /// <param name="number">Number of the prediction; equal numbers give equal draws.</param>
    /// <returns>Null when no training structure has so many atoms.</returns>
    public Structure? RandomTraining(Composition target, int number)
    {
        ArgumentNullException.ThrowIfNull(target);
        var pool = (IReadOnlyList<Structure>)[.. _bySize[target.AtomCount]];
        return pool.Count == 0 ? null : pool[random.Sequence(DrawStep, (uint)number).NextIndex(pool.Count)];
    }

    /// <summary>The known structure of the same stoichiometry whose elements are nearest, its elements exchanged for those asked for and its volume scaled by the cubes of the covalent radii.</summary>
    /// <param name="target">The composition asked for.</param>
    /// <param name="number">Number of the prediction; it chooses among equally near templates.</param>
    /// <returns>Null when no training structure has the stoichiometry and number of atoms.</returns>
    /// <remarks>Nearness: the least sum over atoms of the difference of the Mendeleev numbers of old and new element, over all ways to exchange elements of equal counts
    /// (Pettifor, Solid State Commun. 51 (1984) 31, for the scale).</remarks>
    public Structure? NearestTemplate(Composition target, int number)
    {
        ArgumentNullException.ThrowIfNull(target);
        double least = double.PositiveInfinity;
        var best = new List<(Structure Template, Dictionary<Element, Element> Exchange)>();
        var wanted = Ordered(target);
        foreach (var template in _byPattern[Pattern(target)])
        {
            var (cost, exchange) = Exchange(Ordered(template.Composition), wanted);
            if (cost < least)
            {
                best.Clear();
                least = cost;
            }

            if (cost <= least)
            {
                best.Add((template, exchange));
            }
        }

        return best.Count == 0 ? null : Substituted(best[random.Sequence(TemplateStep, (uint)number).NextIndex(best.Count)]);
    }

    private static Structure Substituted((Structure Template, Dictionary<Element, Element> Exchange) choice)
    {
        var (template, exchange) = choice;
        double old = template.Species.Sum(e => Math.Pow(e.CovalentRadius, 3)), now = template.Species.Sum(e => Math.Pow(exchange[e].CovalentRadius, 3));
        double scale = Math.Cbrt(now / old);
        var lattice = template.Lattice!;
        return new Structure(
            [.. template.Species.Select(e => exchange[e])], [.. template.Positions.Select(p => scale * p)],
            new Lattice(scale * lattice.A, scale * lattice.B, scale * lattice.C), template.Periodicity, template.Id);
    }

    /// <summary>The cheapest exchange of elements of equal counts, by trying all orders of the few elements that share a count.</summary>
    private static (double Cost, Dictionary<Element, Element> Exchange) Exchange((Element Element, int Count)[] from, (Element Element, int Count)[] to)
    {
        var exchange = new Dictionary<Element, Element>();
        double total = 0;
        foreach (var group in from.GroupBy(e => e.Count))
        {
            Element[] old = [.. group.Select(e => e.Element)], now = [.. to.Where(e => e.Count == group.Key).Select(e => e.Element)];
            var (cost, order) = Cheapest(old, now);
            total += cost * group.Key;
            for (int i = 0; i < old.Length; i++)
            {
                exchange[old[i]] = now[order[i]];
            }
        }

        return (total, exchange);
    }

    private static (double Cost, int[] Order) Cheapest(Element[] old, Element[] now)
    {
        // Beyond six elements of one count all orders are too many: each takes the nearest that is left.
        if (old.Length > 6)
        {
            return Greedy(old, now);
        }

        int[] order = [.. Enumerable.Range(0, old.Length)], best = [.. order];
        double least = double.PositiveInfinity;
        Permute(0);
        return (least, best);

        void Permute(int at)
        {
            if (at == order.Length)
            {
                double cost = order.Select((to, i) => Difference(old[i], now[to])).Sum();
                if (cost < least)
                {
                    least = cost;
                    order.CopyTo(best, 0);
                }

                return;
            }

            for (int i = at; i < order.Length; i++)
            {
                (order[at], order[i]) = (order[i], order[at]);
                Permute(at + 1);
                (order[at], order[i]) = (order[i], order[at]);
            }
        }
    }

    private static (double Cost, int[] Order) Greedy(Element[] old, Element[] now)
    {
        var left = Enumerable.Range(0, now.Length).ToHashSet();
        var order = new int[old.Length];
        double cost = 0;
        for (int i = 0; i < old.Length; i++)
        {
            order[i] = left.MinBy(j => (Difference(old[i], now[j]), j));
            left.Remove(order[i]);
            cost += Difference(old[i], now[order[i]]);
        }

        return (cost, order);
    }

    // Elements beyond the scale (atomic numbers above 96) are far from all others.
    private static double Difference(Element a, Element b) => a == b ? 0
        : ElementScale.MendeleevNumber(a) is { } x && ElementScale.MendeleevNumber(b) is { } y ? Math.Abs(x - y) : 100;

    private static (Element Element, int Count)[] Ordered(Composition composition) => [.. composition.Counts.Select(c => (c.Key, c.Value)).OrderBy(c => c.Value)];

    private static string Pattern(Composition composition) => string.Join(',', composition.Counts.Values.Order());
}
