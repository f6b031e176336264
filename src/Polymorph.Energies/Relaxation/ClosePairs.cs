using System.Globalization;
using Polymorph.Structures;

namespace Polymorph.Energies.Relaxation;

/// <summary>Pairs of atoms nearer than a share of the sum of their covalent radii.</summary>
internal static class ClosePairs
{
    /// <summary>All of them, images included, from both ends.</summary>
    public static IEnumerable<(int Atom, Neighbor Near)> Within(Structure structure, double factor)
    {
        double widest = structure.Species.Max(e => e.CovalentRadius);
        var neighbours = NeighborList.Build(structure, 2 * factor * widest);
        for (int i = 0; i < structure.AtomCount; i++)
        {
            double radius = structure.Species[i].CovalentRadius;
            foreach (var near in neighbours.Of(i).ToArray())
            {
                if (near.Distance < factor * (radius + structure.Species[near.Index].CovalentRadius))
                {
                    yield return (i, near);
                }
            }
        }
    }

    /// <summary>The one that is nearest beside its radii, or null.</summary>
    public static (int Atom, Neighbor Near)? Nearest(Structure structure, double factor)
    {
        (int Atom, Neighbor Near)? best = null;
        double smallest = double.PositiveInfinity;
        foreach (var pair in Within(structure, factor))
        {
            double relative = pair.Near.Distance / (structure.Species[pair.Atom].CovalentRadius + structure.Species[pair.Near.Index].CovalentRadius);
            if (relative < smallest)
            {
                (best, smallest) = (pair, relative);
            }
        }

        return best;
    }

    /// <summary>Such as "atoms 3 (C) and 7 (H) are 0.31 Å apart".</summary>
    public static string Text(Structure structure, (int Atom, Neighbor Near) pair) => pair.Atom == pair.Near.Index
        ? string.Create(CultureInfo.InvariantCulture, $"atom {pair.Atom + 1} ({structure.Species[pair.Atom]}) is {pair.Near.Distance:f2} Å from its own image")
        : string.Create(CultureInfo.InvariantCulture, $"atoms {pair.Atom + 1} ({structure.Species[pair.Atom]}) and {pair.Near.Index + 1} ({structure.Species[pair.Near.Index]}) are {pair.Near.Distance:f2} Å apart");
}
