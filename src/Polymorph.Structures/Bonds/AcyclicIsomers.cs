using System.Numerics;
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
    /// <remarks>Every tree with one more atom is a smaller tree with a leaf added, so the trees grow atom by atom and copies are recognised by their keys.</remarks>
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

        int atoms = heavy.Sum(c => c.Value);
        var trees = heavy.Select(c => new Tree([c.Key], [0])).ToDictionary(t => t.Key());
        for (int size = 1; size < atoms; size++)
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

                if (grown.Count > MaxIsomers || atoms > MoleculeClassifier.MaxAtoms)
                {
                    throw new PolymorphException("PM2305", $"more than {MaxIsomers} structures arise on the way to the isomers of the formula", formula.Formula,
                        "Give the known isomers as a list of SMILES or structures instead.");
                }
            }

            trees = grown;
        }

        return [.. trees.Values.Select(t => t.Graph()).OrderBy(g => g.CanonicalSmiles, StringComparer.Ordinal)];
    }

    /// <summary>A tree of heavy atoms; what valence is left belongs to hydrogens.</summary>
    /// <param name="species">Element of each atom.</param>
    /// <param name="bonded">Bonded atoms of each atom, one bit each.</param>
    private sealed class Tree(Element[] species, ulong[] bonded)
    {
        public int Count(Element element) => species.Count(e => e == element);

        public string Key()
        {
            Span<char> buffer = stackalloc char[TreeKey.MaxLength];
            return new string(buffer[..TreeKey.Write(species, bonded, buffer)]);
        }

        public void GrowInto(Dictionary<string, Tree> result, Element element)
        {
            for (int i = 0; i < species.Length; i++)
            {
                if (Free(i) > 0)
                {
                    ulong[] masks = [.. bonded, 1UL << i];
                    masks[i] |= 1UL << species.Length;
                    var tree = new Tree([.. species, element], masks);
                    result.TryAdd(tree.Key(), tree);
                }
            }
        }

        public MolecularGraph Graph()
        {
            var atoms = new List<Element>(species);
            var bonds = new List<(int, int)>();
            for (int i = 0; i < species.Length; i++)
            {
                bonds.AddRange(Enumerable.Range(i + 1, species.Length - i - 1).Where(j => (bonded[i] >> j & 1) != 0).Select(j => (i, j)));
                for (int h = Free(i); h > 0; h--)
                {
                    bonds.Add((i, atoms.Count));
                    atoms.Add(new Element(1));
                }
            }

            return new MolecularGraph(atoms, bonds);
        }

        private int Free(int atom) => Valence.Required(species[atom]) - BitOperations.PopCount(bonded[atom]);
    }
}
