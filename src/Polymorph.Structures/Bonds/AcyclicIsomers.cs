using Polymorph.Foundation;

namespace Polymorph.Structures.Bonds;

/// <summary>All saturated acyclic molecules of a formula, without regard to stereochemistry: C5H12O has 14.</summary>
public static class AcyclicIsomers
{
    /// <summary>Where the listing stops, because nobody compares by hand with more.</summary>
    public const int MaxIsomers = 20_000;

    /// <summary>The isomers, by their canonical SMILES in ordinal order; empty when the hydrogens do not fit a saturated molecule without rings.</summary>
    /// <param name="formula">For example that of C5H12O; hydrogen and elements with a fixed valence.</param>
    /// <exception cref="PolymorphException">PM2301: an element has no single valence. PM2305: there are more than <see cref="MaxIsomers"/>.</exception>
    /// <remarks>Every tree with one more atom is a smaller tree with a leaf added, so the trees grow atom by atom and copies are recognised by their names.</remarks>
    public static IReadOnlyList<MolecularGraph> Of(Composition formula)
    {
        ArgumentNullException.ThrowIfNull(formula);
        var hydrogen = new Element(1);
        var heavy = formula.Counts.Where(c => c.Key != hydrogen).ToList();
        // A tree of heavy atoms has one bond less than atoms; what valence it leaves is filled by hydrogen.
        int wanted = heavy.Sum(c => c.Value * (Valence.Required(c.Key) - 2)) + 2;
        if (heavy.Count == 0 || formula.Counts.GetValueOrDefault(hydrogen) != wanted)
        {
            return [];
        }

        var trees = heavy.Select(c => Tree.Single(c.Key)).ToDictionary(t => t.Name);
        for (int size = 1; size < heavy.Sum(c => c.Value); size++)
        {
            var grown = new Dictionary<string, Tree>();
            foreach (var tree in trees.Values)
            {
                foreach (var (element, count) in heavy)
                {
                    if (tree.Count(element) < count)
                    {
                        tree.GrowInto(grown, element);
                    }
                }

                if (grown.Count > MaxIsomers)
                {
                    throw new PolymorphException("PM2305", $"more than {MaxIsomers} structures arise on the way to the isomers of the formula", formula.Formula,
                        "Give the known isomers as a list of SMILES or structures instead.");
                }
            }

            trees = grown;
        }

        return [.. trees.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => t.Value.Graph)];
    }

    /// <summary>A tree of heavy atoms with its hydrogens.</summary>
    private sealed class Tree
    {
        private readonly Element[] _species;
        private readonly (int, int)[] _bonds;
        private readonly int[] _free;

        private Tree(Element[] species, (int, int)[] bonds)
        {
            (_species, _bonds) = (species, bonds);
            _free = [.. species.Select((element, i) => Valence.Required(element) - bonds.Count(b => b.Item1 == i || b.Item2 == i))];
            var withHydrogen = new List<Element>(species);
            var allBonds = new List<(int, int)>(bonds);
            for (int i = 0; i < species.Length; i++)
            {
                for (int h = 0; h < _free[i]; h++)
                {
                    allBonds.Add((i, withHydrogen.Count));
                    withHydrogen.Add(new Element(1));
                }
            }

            Graph = new MolecularGraph(withHydrogen, allBonds);
        }

        public MolecularGraph Graph { get; }

        public string Name => Graph.CanonicalSmiles;

        public static Tree Single(Element element) => new([element], []);

        public int Count(Element element) => _species.Count(e => e == element);

        public void GrowInto(Dictionary<string, Tree> result, Element element)
        {
            for (int i = 0; i < _species.Length; i++)
            {
                if (_free[i] > 0)
                {
                    var tree = new Tree([.. _species, element], [.. _bonds, (i, _species.Length)]);
                    result.TryAdd(tree.Name, tree);
                }
            }
        }
    }
}
