using System.Collections.Immutable;

namespace Polymorph.Structures.Bonds;

/// <summary>Which atoms of a molecule are bonded to which: its identity without geometry, stereochemistry and bond orders. Immutable.</summary>
public sealed class MolecularGraph
{
    private readonly int[][] _neighbours;
    private string? _smiles;

    /// <summary>The graph with these atoms and bonds.</summary>
    /// <param name="species">Element of each atom, hydrogens included.</param>
    /// <param name="bonds">Pairs of bonded atoms, each pair once, in any order.</param>
    /// <exception cref="ArgumentException">No atoms, an index outside the atoms, an atom bonded to itself, or a pair given twice.</exception>
    public MolecularGraph(IEnumerable<Element> species, IEnumerable<(int First, int Second)> bonds)
    {
        Species = [.. species];
        if (Species.IsEmpty)
        {
            throw new ArgumentException("a molecule needs at least one atom", nameof(species));
        }

        var neighbours = new List<int>[Species.Length];
        foreach (ref var list in neighbours.AsSpan())
        {
            list = [];
        }

        foreach (var (first, second) in bonds)
        {
            if ((uint)first >= Species.Length || (uint)second >= Species.Length || first == second || neighbours[first].Contains(second))
            {
                throw new ArgumentException($"the bond {first}-{second} does not join two different atoms of {Species.Length} for the first time", nameof(bonds));
            }

            neighbours[first].Add(second);
            neighbours[second].Add(first);
            BondCount++;
        }

        _neighbours = [.. neighbours.Select(list => list.Order().ToArray())];
        Pieces = CountPieces();
    }

    /// <summary>Element of each atom, [atoms].</summary>
    public ImmutableArray<Element> Species { get; }

    /// <summary>Number of atoms.</summary>
    public int AtomCount => Species.Length;

    /// <summary>Number of bonds.</summary>
    public int BondCount { get; }

    /// <summary>Number of connected pieces; 1 for one whole molecule.</summary>
    public int Pieces { get; }

    /// <summary>Number of independent rings: bonds − atoms + pieces.</summary>
    public int Rings => BondCount - AtomCount + Pieces;

    /// <summary>All bonds, each once, the smaller index first, sorted.</summary>
    public IEnumerable<(int First, int Second)> Bonds =>
        Enumerable.Range(0, AtomCount).SelectMany(i => _neighbours[i].Where(j => j > i).Select(j => (i, j)));

    /// <summary>How far the bond counts are from a saturated molecule: sum over atoms of |bonds − valence|; 0 when every valence is right.</summary>
    /// <exception cref="Foundation.PolymorphException">PM2301: an element has no single valence.</exception>
    public int Deviation
    {
        get
        {
            int sum = 0;
            for (int i = 0; i < AtomCount; i++)
            {
                sum += Math.Abs(_neighbours[i].Length - Valence.Required(Species[i]));
            }

            return sum;
        }
    }

    /// <summary>True for one connected piece in which every valence is satisfied by single bonds.</summary>
    /// <exception cref="Foundation.PolymorphException">PM2301: an element has no single valence.</exception>
    public bool IsSaturatedMolecule => Pieces == 1 && Deviation == 0;

    /// <summary>A SMILES that is equal for isomorphic graphs and different for all others; see <see cref="SmilesWriter"/>.</summary>
    public string CanonicalSmiles => _smiles ??= SmilesWriter.Canonical(this);

    /// <summary>Atoms bonded to an atom, ascending.</summary>
    /// <param name="atom">Index of the atom.</param>
    public ReadOnlySpan<int> NeighboursOf(int atom) => _neighbours[atom];

    /// <summary>True when the two graphs are the same up to the numbering of the atoms.</summary>
    /// <param name="other">The other graph.</param>
    public bool IsIsomorphicTo(MolecularGraph other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return AtomCount == other.AtomCount && BondCount == other.BondCount && CanonicalSmiles == other.CanonicalSmiles;
    }

    /// <summary>The canonical SMILES.</summary>
    public override string ToString() => CanonicalSmiles;

    private int CountPieces()
    {
        var seen = new bool[AtomCount];
        var stack = new Stack<int>();
        int pieces = 0;
        for (int start = 0; start < AtomCount; start++)
        {
            if (seen[start])
            {
                continue;
            }

            pieces++;
            seen[start] = true;
            stack.Push(start);
            while (stack.TryPop(out int atom))
            {
                foreach (int next in _neighbours[atom])
                {
                    if (!seen[next])
                    {
                        seen[next] = true;
                        stack.Push(next);
                    }
                }
            }
        }

        return pieces;
    }
}
