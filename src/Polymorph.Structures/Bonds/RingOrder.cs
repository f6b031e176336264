namespace Polymorph.Structures.Bonds;

/// <summary>Canonical order of the ring atoms of a molecule: colours are refined by those of the neighbours, ties are broken by trying
/// every atom of the first tied class, and the smallest adjacency list wins.</summary>
/// <remarks>McKay, Congressus Numerantium 30 (1981) 45, sections 2.13–2.19: symmetric choices are skipped by the automorphisms found on the way.</remarks>
internal sealed class RingOrder
{
    private readonly int[][] _neighbours;
    private readonly List<int[]> _automorphisms = [];
    private readonly List<int> _path = [];
    private int[]? _firstLeaf;
    private int[]? _bestLeaf;
    private List<int>? _firstPath;
    private List<int>? _bestPath;
    private int[] _firstCertificate = [];
    private int[] _bestCertificate = [];

    private RingOrder(int[][] neighbours) => _neighbours = neighbours;

    /// <summary>The given atoms in canonical order.</summary>
    /// <param name="core">A connected set of atoms.</param>
    /// <param name="classes">A class per atom of the graph, equal only for atoms that may be exchanged.</param>
    /// <param name="graph">The graph.</param>
    public static IEnumerable<int> Order(List<int> core, int[] classes, MolecularGraph graph)
    {
        var local = new Dictionary<int, int>(core.Count);
        foreach (int atom in core)
        {
            local.Add(atom, local.Count);
        }

        int[][] neighbours = [.. core.Select(atom => graph.NeighboursOf(atom).ToArray().Where(local.ContainsKey).Select(j => local[j]).ToArray())];
        var search = new RingOrder(neighbours);
        search.Descend(search.Refine([.. core.Select(atom => classes[atom])]));
        var result = new int[core.Count];
        for (int i = 0; i < core.Count; i++)
        {
            result[search._bestLeaf![i]] = core[i];
        }

        return result;
    }

    /// <summary>Explores one node; returns the depth to return to (an automorphism has shown the rest of the subtree to be known), or the current depth.</summary>
    private int Descend(int[] colours)
    {
        int depth = _path.Count;
        var cell = FirstTie(colours);
        if (cell.Count == 0)
        {
            return Leaf(colours);
        }

        var explored = new List<int>();
        foreach (int atom in cell)
        {
            if (explored.Count > 0 && EquivalentToExplored(atom, explored))
            {
                continue;
            }

            explored.Add(atom);
            _path.Add(atom);
            // Twice the colour leaves room below the class for the chosen atom.
            int back = Descend(Refine([.. colours.Select((colour, i) => 2 * colour + (i == atom ? 0 : 1))]));
            _path.RemoveAt(depth);
            if (back < depth)
            {
                return back;
            }
        }

        return depth;
    }

    private int Leaf(int[] labels)
    {
        var certificate = Certificate(labels);
        if (_firstLeaf is null)
        {
            (_firstLeaf, _firstCertificate, _firstPath) = (labels, certificate, [.. _path]);
            (_bestLeaf, _bestCertificate, _bestPath) = (labels, certificate, [.. _path]);
            return _path.Count;
        }

        if (certificate.AsSpan().SequenceEqual(_firstCertificate))
        {
            return Automorphism(_firstLeaf, _firstPath!, labels);
        }

        int order = certificate.AsSpan().SequenceCompareTo(_bestCertificate);
        if (order == 0)
        {
            return Automorphism(_bestLeaf!, _bestPath!, labels);
        }

        if (order < 0)
        {
            (_bestLeaf, _bestCertificate, _bestPath) = (labels, certificate, [.. _path]);
        }

        return _path.Count;
    }

    private int Automorphism(int[] known, List<int> knownPath, int[] labels)
    {
        var byLabel = new int[labels.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            byLabel[labels[i]] = i;
        }

        _automorphisms.Add([.. known.Select(label => byLabel[label])]);
        int common = 0;
        while (common < knownPath.Count && common < _path.Count && knownPath[common] == _path[common])
        {
            common++;
        }

        return common;
    }

    /// <summary>True when automorphisms that fix the path so far carry an explored atom to this one.</summary>
    private bool EquivalentToExplored(int atom, List<int> explored)
    {
        var orbit = new HashSet<int> { atom };
        var open = new Stack<int>(orbit);
        var fixing = _automorphisms.Where(map => _path.TrueForAll(i => map[i] == i)).ToList();
        while (open.TryPop(out int at))
        {
            foreach (var map in fixing)
            {
                foreach (int image in (ReadOnlySpan<int>)[map[at], Array.IndexOf(map, at)])
                {
                    if (orbit.Add(image))
                    {
                        open.Push(image);
                    }
                }
            }
        }

        return explored.Exists(orbit.Contains);
    }

    private static List<int> FirstTie(int[] colours)
    {
        var count = new int[colours.Length];
        foreach (int colour in colours)
        {
            count[colour]++;
        }

        int tied = Array.FindIndex(count, c => c > 1);
        return tied < 0 ? [] : [.. Enumerable.Range(0, colours.Length).Where(i => colours[i] == tied)];
    }

    /// <summary>Splits classes by the classes of the neighbours until nothing changes; the result is numbered 0, 1, 2, ... in an order that follows from the graph.</summary>
    private int[] Refine(int[] colours)
    {
        int classCount = -1;
        while (true)
        {
            var keys = colours.Select((colour, i) => (Atom: i, Key: (int[])[colour, .. _neighbours[i].Select(j => colours[j]).Order()])).ToList();
            keys.Sort((a, b) => a.Key.AsSpan().SequenceCompareTo(b.Key));
            var refined = new int[colours.Length];
            int found = 0;
            for (int k = 1; k < keys.Count; k++)
            {
                found += keys[k - 1].Key.AsSpan().SequenceEqual(keys[k].Key) ? 0 : 1;
                refined[keys[k].Atom] = found;
            }

            if (found + 1 == classCount)
            {
                return colours;
            }

            (colours, classCount) = (refined, found + 1);
        }
    }

    /// <summary>The bonds in the new numbering. Classes need not be listed: all leaves carry the same classes at the same labels.</summary>
    private int[] Certificate(int[] labels)
    {
        var bonds = new List<long>();
        for (int i = 0; i < labels.Length; i++)
        {
            foreach (int j in _neighbours[i])
            {
                if (labels[i] < labels[j])
                {
                    bonds.Add((long)labels[i] * labels.Length + labels[j]);
                }
            }
        }

        bonds.Sort();
        return [.. bonds.SelectMany(b => (int[])[(int)(b / labels.Length), (int)(b % labels.Length)])];
    }
}
