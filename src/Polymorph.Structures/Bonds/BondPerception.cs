using System.Runtime.InteropServices;
using Polymorph.Foundation;

namespace Polymorph.Structures.Bonds;

/// <summary>Finds the bonds of a molecule from its geometry.</summary>
public static class BondPerception
{
    private const int SmallMolecule = 64;

    /// <summary>The molecular graph of a structure that does not repeat. Time is linear in the number of atoms.</summary>
    /// <param name="molecule">The structure; a lattice that only serves as a box is ignored.</param>
    /// <param name="rule">When two atoms are bonded; by default <see cref="BondRule.Default"/>.</param>
    /// <exception cref="PolymorphException">PM2302: the structure is periodic.</exception>
    public static MolecularGraph Perceive(Structure molecule, BondRule? rule = null)
    {
        ArgumentNullException.ThrowIfNull(molecule);
        if (molecule.Periodicity.Any)
        {
            throw new PolymorphException("PM2302", "a periodic structure has no molecular graph", molecule.Id.Length > 0 ? molecule.Id : null,
                "Give molecules without periodic axes (pbc=\"F F F\").");
        }

        rule ??= BondRule.Default;
        var bonds = molecule.AtomCount <= SmallMolecule ? AllPairs(molecule, rule) : ByCells(molecule, rule);
        return new MolecularGraph(molecule.Species, bonds);
    }

    private static List<(int, int)> AllPairs(Structure molecule, BondRule rule)
    {
        var bonds = new List<(int, int)>();
        for (int i = 0; i < molecule.AtomCount; i++)
        {
            for (int j = i + 1; j < molecule.AtomCount; j++)
            {
                if (Bonded(molecule, i, j, rule))
                {
                    bonds.Add((i, j));
                }
            }
        }

        return bonds;
    }

    // Cells as wide as the longest possible bond: partners lie in the same cell or one of its 26 neighbours.
    private static List<(int, int)> ByCells(Structure molecule, BondRule rule)
    {
        double width = 2 * rule.Factor * molecule.Species.Max(e => e.CovalentRadius);
        var cells = new Dictionary<(long, long, long), List<int>>();
        for (int i = 0; i < molecule.AtomCount; i++)
        {
            (CollectionsMarshal.GetValueRefOrAddDefault(cells, Cell(molecule.Positions[i], width), out _) ??= []).Add(i);
        }

        var bonds = new List<(int, int)>();
        for (int i = 0; i < molecule.AtomCount; i++)
        {
            var (x, y, z) = Cell(molecule.Positions[i], width);
            for (int n = 0; n < 27; n++)
            {
                if (cells.TryGetValue((x + n % 3 - 1, y + n / 3 % 3 - 1, z + n / 9 - 1), out var near))
                {
                    bonds.AddRange(near.Where(j => j > i && Bonded(molecule, i, j, rule)).Select(j => (i, j)));
                }
            }
        }

        return bonds;
    }

    private static (long, long, long) Cell(Vector3D position, double width) =>
        ((long)Math.Floor(position.X / width), (long)Math.Floor(position.Y / width), (long)Math.Floor(position.Z / width));

    private static bool Bonded(Structure molecule, int i, int j, BondRule rule) =>
        (molecule.Positions[j] - molecule.Positions[i]).Length < rule.MaxLength(molecule.Species[i], molecule.Species[j]);
}
