using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Polymorph.Structures.Bonds;

/// <summary>Writes the canonical SMILES of a graph of single bonds.</summary>
/// <remarks>Equal strings mean isomorphic graphs, for any graph: an atom whose bonds do not match its valence is written in brackets with its hydrogens, such as <c>[CH3]</c>.
/// Grammar: OpenSMILES specification 1.0 (opensmiles.org). Among the readings that start at an end of an acyclic molecule the shortest wins, then the first in ordinal
/// order; longer branches come last. Ring molecules start at the atom of lowest canonical rank.</remarks>
internal sealed class SmilesWriter
{
    private const string OrganicSubset = " B C N O P S F Cl Br I ";

    private readonly MolecularGraph _graph;
    private readonly int[] _ranks;
    private readonly int[] _hydrogens;
    private readonly bool[] _written;
    private readonly int[][] _heavy;

    private SmilesWriter(MolecularGraph graph)
    {
        _graph = graph;
        _ranks = CanonicalOrder.Ranks(graph);
        _hydrogens = new int[graph.AtomCount];
        _written = [.. Enumerable.Range(0, graph.AtomCount).Select(i => !IsImplied(i))];
        _heavy = [.. Enumerable.Range(0, graph.AtomCount).Select(i => graph.NeighboursOf(i).ToArray().Where(j => _written[j]).OrderBy(j => _ranks[j]).ToArray())];
        for (int i = 0; i < graph.AtomCount; i++)
        {
            _hydrogens[i] = graph.NeighboursOf(i).Length - _heavy[i].Length;
        }
    }

    /// <summary>The canonical SMILES; pieces are joined by dots in ordinal order.</summary>
    /// <param name="graph">The graph.</param>
    public static string Canonical(MolecularGraph graph)
    {
        var writer = new SmilesWriter(graph);
        return string.Join('.', writer.Pieces().Select(writer.Piece).Order(StringComparer.Ordinal));
    }

    // A hydrogen with one bond, to something else than hydrogen, is part of that atom's text.
    private bool IsImplied(int atom) =>
        _graph.Species[atom].Number == 1 && _graph.NeighboursOf(atom) is [var holder] && _graph.Species[holder].Number != 1;

    private IEnumerable<List<int>> Pieces()
    {
        var seen = new bool[_graph.AtomCount];
        for (int start = 0; start < _graph.AtomCount; start++)
        {
            if (seen[start] || !_written[start])
            {
                continue;
            }

            seen[start] = true;
            var piece = new List<int> { start };
            for (int at = 0; at < piece.Count; at++)
            {
                foreach (int next in _heavy[piece[at]])
                {
                    if (!seen[next])
                    {
                        seen[next] = true;
                        piece.Add(next);
                    }
                }
            }

            yield return piece;
        }
    }

    private string Piece(List<int> piece)
    {
        bool tree = piece.Sum(i => _heavy[i].Length) == 2 * (piece.Count - 1);
        if (!tree)
        {
            return Text(piece.MinBy(i => _ranks[i]));
        }

        return piece.Where(i => _heavy[i].Length <= 1).Select(Text).OrderBy(text => text.Length).ThenBy(text => text, StringComparer.Ordinal).First();
    }

    private string Text(int start)
    {
        var tree = new SpanningTree(_heavy, start);
        var text = new StringBuilder();
        var inUse = new HashSet<int>();
        var toClose = new Dictionary<int, List<int>>();
        WriteBranch(start);
        return text.ToString();

        void WriteBranch(int atom)
        {
            while (true)
            {
                text.Append(AtomText(atom));
                WriteRingBonds(atom);
                // Small branches first; the largest goes on without brackets, so that the recursion is no deeper than log2 of the size of a tree.
                int[] children = [.. tree.Children[atom].OrderBy(child => tree.Size[child]).ThenBy(child => _ranks[child])];
                if (children.Length == 0)
                {
                    return;
                }

                foreach (int child in children[..^1])
                {
                    text.Append('(');
                    WriteBranch(child);
                    text.Append(')');
                }

                atom = children[^1];
            }
        }

        void WriteRingBonds(int atom)
        {
            var closed = toClose.GetValueOrDefault(atom, []);
            closed.Sort();
            closed.ForEach(AppendNumber);
            foreach (int partner in tree.RingBonds[atom].OrderBy(p => _ranks[p]))
            {
                int number = Enumerable.Range(1, inUse.Count + 1).First(n => !inUse.Contains(n));
                inUse.Add(number);
                AppendNumber(number);
                (CollectionsMarshal.GetValueRefOrAddDefault(toClose, partner, out _) ??= []).Add(number);
            }

            inUse.ExceptWith(closed);
        }

        void AppendNumber(int number) =>
            text.Append(number < 10 ? "" : "%").Append(number.ToString(CultureInfo.InvariantCulture));
    }

    private string AtomText(int atom)
    {
        var element = _graph.Species[atom];
        int bonds = _graph.NeighboursOf(atom).Length, hydrogens = _hydrogens[atom];
        if (Valence.Expected(element) == bonds && OrganicSubset.Contains($" {element.Symbol} ", StringComparison.Ordinal))
        {
            return element.Symbol;
        }

        string count = hydrogens switch { 0 => "", 1 => "H", _ => "H" + hydrogens.ToString(CultureInfo.InvariantCulture) };
        return $"[{element.Symbol}{count}]";
    }
}
