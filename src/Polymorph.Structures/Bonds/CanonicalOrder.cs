namespace Polymorph.Structures.Bonds;

/// <summary>A numbering of the atoms that depends on the graph alone and not on how its atoms were numbered.</summary>
/// <remarks>Trees are peeled leaf by leaf (Aho, Hopcroft, Ullman, The Design and Analysis of Computer Algorithms, 1974, section 3.2), which settles every
/// acyclic part; what remains of a cyclic molecule, its rings and the chains between them, goes to <see cref="RingOrder"/>.</remarks>
internal static class CanonicalOrder
{
    /// <summary>Rank of each atom within its piece, [atoms]: 0, 1, 2, ... Two numberings of one connected graph give ranks that differ by an automorphism only.</summary>
    /// <param name="graph">The graph; each piece is ranked separately.</param>
    public static int[] Ranks(MolecularGraph graph)
    {
        var (classes, parent) = Peel(graph);
        int[] ranks = [.. Enumerable.Repeat(-1, graph.AtomCount)];
        foreach (var core in Cores(graph, parent))
        {
            var order = new List<int>(RingOrder.Order(core, classes, graph));
            for (int at = 0; at < order.Count; at++)
            {
                int atom = order[at];
                ranks[atom] = at;
                order.AddRange(graph.NeighboursOf(atom).ToArray().Where(child => parent[child] == atom).OrderBy(child => classes[child]));
            }
        }

        return ranks;
    }

    /// <summary>Class of the hanging tree of each atom (equal for isomorphic trees, ordered by structure), and the atom it hangs on, −1 for the core.</summary>
    private static (int[] Classes, int[] Parent) Peel(MolecularGraph graph)
    {
        int count = graph.AtomCount, used = 0;
        int[] classes = new int[count], parent = [.. Enumerable.Repeat(-1, count)], degree = [.. Enumerable.Range(0, count).Select(i => graph.NeighboursOf(i).Length)];
        var done = new bool[count];
        var children = new List<int>[count];
        for (int i = 0; i < count; i++)
        {
            children[i] = [];
        }

        var leaves = Enumerable.Range(0, count).Where(i => degree[i] == 1).ToList();
        while (leaves.Count > 0)
        {
            // Two leaves bonded to each other are the centre of a tree and stay.
            var layer = leaves.Where(i => Others(i).Any(j => degree[j] > 1)).ToList();
            used = Classify(layer, used);
            var next = new List<int>();
            foreach (int leaf in layer)
            {
                int holder = Others(leaf).Single();
                parent[leaf] = holder;
                done[leaf] = true;
                children[holder].Add(classes[leaf]);
                if (--degree[holder] == 1)
                {
                    next.Add(holder);
                }
            }

            leaves = [.. next.Where(i => !done[i] && degree[i] == 1)];
        }

        Classify([.. Enumerable.Range(0, count).Where(i => !done[i])], used);
        return (classes, parent);

        IEnumerable<int> Others(int atom) => graph.NeighboursOf(atom).ToArray().Where(j => !done[j]);

        int Classify(List<int> atoms, int first)
        {
            var keys = atoms.Select(i => (Atom: i, Key: (int[])[graph.Species[i].Number, .. children[i].Order()])).ToList();
            keys.Sort((a, b) => Lexicographic(a.Key, b.Key));
            for (int k = 0; k < keys.Count; k++)
            {
                first += k > 0 && Lexicographic(keys[k - 1].Key, keys[k].Key) == 0 ? 0 : 1;
                classes[keys[k].Atom] = first;
            }

            return first;
        }
    }

    /// <summary>The atoms that no peeling removed, by piece.</summary>
    private static IEnumerable<List<int>> Cores(MolecularGraph graph, int[] parent)
    {
        var seen = new bool[graph.AtomCount];
        for (int start = 0; start < graph.AtomCount; start++)
        {
            if (parent[start] >= 0 || seen[start])
            {
                continue;
            }

            var core = new List<int> { start };
            seen[start] = true;
            for (int at = 0; at < core.Count; at++)
            {
                foreach (int next in graph.NeighboursOf(core[at]))
                {
                    if (parent[next] < 0 && !seen[next])
                    {
                        seen[next] = true;
                        core.Add(next);
                    }
                }
            }

            yield return core;
        }
    }

    private static int Lexicographic(int[] a, int[] b) => a.AsSpan().SequenceCompareTo(b);
}
