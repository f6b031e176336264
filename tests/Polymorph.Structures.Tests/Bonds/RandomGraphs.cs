using Polymorph.Structures.Bonds;

namespace Polymorph.Structures.Tests.Bonds;

/// <summary>Random saturated molecules and random renumberings, a function of the seed alone.</summary>
internal static class RandomGraphs
{
    /// <summary>A random saturated C/N/O molecule: a random tree of heavy atoms, some ring bonds, hydrogens on what is left.</summary>
    public static MolecularGraph Molecule(int seed, int heavyAtoms, int ringBonds)
    {
        var draw = new Draw(seed);
        int[] elements = new int[heavyAtoms];
        int[] free = new int[heavyAtoms];
        var bonds = new List<(int, int)>();
        for (int i = 0; i < heavyAtoms; i++)
        {
            // Without this carbon the tree could run out of free valences.
            elements[i] = i < heavyAtoms - 1 && free.Take(i).Sum() <= 2 ? 6 : draw.Below(6) switch { 0 => 8, 1 => 7, _ => 6 };
            free[i] = elements[i] switch { 6 => 4, 7 => 3, _ => 2 };
            if (i > 0)
            {
                Join(i, Pick(i, j => true));
            }
        }

        for (int r = 0; r < ringBonds; r++)
        {
            int a = draw.Below(heavyAtoms), b = draw.Below(heavyAtoms);
            if (a != b && free[a] > 0 && free[b] > 0 && !bonds.Contains((Math.Max(a, b), Math.Min(a, b))))
            {
                Join(Math.Max(a, b), Math.Min(a, b));
            }
        }

        var species = elements.Select(z => new Element(z)).ToList();
        for (int i = 0; i < heavyAtoms; i++)
        {
            for (; free[i] > 0; free[i]--)
            {
                bonds.Add((species.Count, i));
                species.Add(new Element(1));
            }
        }

        return Renumbered(new MolecularGraph(species, bonds), seed + 1);

        void Join(int later, int earlier)
        {
            bonds.Add((later, earlier));
            free[later]--;
            free[earlier]--;
        }

        int Pick(int count, Func<int, bool> allowed)
        {
            int[] open = [.. Enumerable.Range(0, count).Where(j => free[j] > 0 && allowed(j))];
            return open[draw.Below(open.Length)];
        }
    }

    /// <summary>The same graph with its atoms in random order.</summary>
    public static MolecularGraph Renumbered(MolecularGraph graph, int seed)
    {
        int[] order = Permutation(graph.AtomCount, seed);
        var species = new Element[graph.AtomCount];
        for (int i = 0; i < order.Length; i++)
        {
            species[order[i]] = graph.Species[i];
        }

        var draw = new Draw(seed + 17);
        return new MolecularGraph(species, graph.Bonds.Select(b => (order[b.First], order[b.Second])).OrderBy(_ => draw.Below(1 << 20)));
    }

    public static int[] Permutation(int count, int seed)
    {
        var draw = new Draw(seed);
        int[] order = [.. Enumerable.Range(0, count)];
        for (int i = count - 1; i > 0; i--)
        {
            int j = draw.Below(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }

    /// <summary>SplitMix64 (Steele, Lea, Flood 2014): this floor has no access to the product's generator.</summary>
    internal sealed class Draw(int seed)
    {
        private ulong _state = (ulong)seed * 0x9E3779B97F4A7C15 + 1;

        public int Below(int count)
        {
            ulong z = _state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return (int)((z ^ (z >> 31)) % (ulong)count);
        }
    }
}
