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

    // Elements without a place on the scale (atomic numbers above 96) are far from all others.
    private const double Unlike = 100;

    private static readonly double[,] Differences = Table();

    private readonly Dictionary<int, Structure[]> _bySize = training.GroupBy(s => s.AtomCount).ToDictionary(g => g.Key, g => g.ToArray());
    private readonly Dictionary<string, Template[]> _byPattern = training.Select(s => new Template(s, Ordered(s.Composition))).GroupBy(t => Pattern(t.Structure.Composition)).ToDictionary(g => g.Key, g => g.ToArray());

    /// <summary>A training structure drawn at random among those with the right number of atoms; its elements are its own.</summary>
    /// <param name="target">The composition asked for.</param>
    /// <param name="number">Number of the prediction; equal numbers give equal draws.</param>
    /// <returns>Null when no training structure has so many atoms.</returns>
    public Structure? RandomTraining(Composition target, int number)
    {
        ArgumentNullException.ThrowIfNull(target);
        return _bySize.TryGetValue(target.AtomCount, out var pool) ? pool[random.Sequence(DrawStep, (uint)number).NextIndex(pool.Length)] : null;
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
        if (!_byPattern.TryGetValue(Pattern(target), out var templates))
        {
            return null;
        }

        double least = double.PositiveInfinity;
        var best = new List<Template>();
        var wanted = Ordered(target);
        var order = new int[wanted.Length];
        foreach (var template in templates)
        {
            double cost = Cheapest(template.Elements, wanted, order, least);
            if (cost < least)
            {
                best.Clear();
                least = cost;
            }

            if (cost <= least)
            {
                best.Add(template);
            }
        }

        var chosen = best[random.Sequence(TemplateStep, (uint)number).NextIndex(best.Count)];
        Cheapest(chosen.Elements, wanted, order, double.PositiveInfinity);
        return Substituted(chosen.Structure, Enumerable.Range(0, wanted.Length).ToDictionary(i => chosen.Elements[i].Element, i => wanted[order[i]].Element));
    }

    private static Structure Substituted(Structure template, Dictionary<Element, Element> exchange)
    {
        double old = template.Species.Sum(e => Math.Pow(e.CovalentRadius, 3)), now = template.Species.Sum(e => Math.Pow(exchange[e].CovalentRadius, 3));
        double scale = Math.Cbrt(now / old);
        var lattice = template.Lattice!;
        return new Structure(
            [.. template.Species.Select(e => exchange[e])], [.. template.Positions.Select(p => scale * p)],
            new Lattice(scale * lattice.A, scale * lattice.B, scale * lattice.C), template.Periodicity, template.Id);
    }

    /// <summary>The cheapest exchange of elements of equal counts.</summary>
    /// <param name="old">Elements of the template with their counts, by count.</param>
    /// <param name="now">Elements asked for, by count; the counts are the same.</param>
    /// <param name="order">For each old element the index of the new one; overwritten.</param>
    /// <param name="most">Given up beyond this.</param>
    /// <returns>Sum over atoms of the differences of Mendeleev numbers; infinity when given up.</returns>
    private static double Cheapest((Element Element, int Count)[] old, (Element Element, int Count)[] now, int[] order, double most)
    {
        double total = 0;
        for (int start = 0, end; start < old.Length; start = end)
        {
            end = start;
            while (end < old.Length && old[end].Count == old[start].Count)
            {
                order[end] = end;
                end++;
            }

            total += old[start].Count * Assign(old, now, order, start, end);
            if (total > most)
            {
                return double.PositiveInfinity;
            }
        }

        return total;
    }

    /// <summary>Tries all orders of the elements that share a count; of more than six, each takes the nearest that is left.</summary>
    private static double Assign((Element Element, int Count)[] old, (Element Element, int Count)[] now, int[] order, int start, int end)
    {
        if (end - start == 1)
        {
            return Differences[old[start].Element.Number, now[start].Element.Number];
        }

        if (end - start > 6)
        {
            return Greedy(old, now, order, start, end);
        }

        int[] trial = order[start..end], best = order[start..end];
        double least = double.PositiveInfinity;
        Permute(0, 0);
        best.CopyTo(order, start);
        return least;

        void Permute(int at, double cost)
        {
            if (cost >= least)
            {
                return;
            }

            if (at == trial.Length)
            {
                least = cost;
                trial.CopyTo(best, 0);
                return;
            }

            for (int i = at; i < trial.Length; i++)
            {
                (trial[at], trial[i]) = (trial[i], trial[at]);
                Permute(at + 1, cost + Differences[old[start + at].Element.Number, now[trial[at]].Element.Number]);
                (trial[at], trial[i]) = (trial[i], trial[at]);
            }
        }
    }

    private static double Greedy((Element Element, int Count)[] old, (Element Element, int Count)[] now, int[] order, int start, int end)
    {
        List<int> left = [.. Enumerable.Range(start, end - start)];
        double cost = 0;
        for (int i = start; i < end; i++)
        {
            order[i] = left.MinBy(j => Differences[old[i].Element.Number, now[j].Element.Number]);
            left.Remove(order[i]);
            cost += Differences[old[i].Element.Number, now[order[i]].Element.Number];
        }

        return cost;
    }

    private static double[,] Table()
    {
        var table = new double[Element.Count + 1, Element.Count + 1];
        foreach (var a in Element.All)
        {
            foreach (var b in Element.All)
            {
                table[a.Number, b.Number] = a == b ? 0 : ElementScale.MendeleevNumber(a) is { } x && ElementScale.MendeleevNumber(b) is { } y ? Math.Abs(x - y) : Unlike;
            }
        }

        return table;
    }

    private static (Element Element, int Count)[] Ordered(Composition composition) => [.. composition.Counts.Select(c => (c.Key, c.Value)).OrderBy(c => c.Value)];

    private static string Pattern(Composition composition) => string.Join(',', composition.Counts.Values.Order());

    private sealed record Template(Structure Structure, (Element Element, int Count)[] Elements);
}
