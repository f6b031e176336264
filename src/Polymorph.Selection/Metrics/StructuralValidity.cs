using Polymorph.Structures;

namespace Polymorph.Selection.Metrics;

/// <summary>Whether the atoms of a crystal keep apart.</summary>
/// <param name="Benchmark">The rule of the benchmarks: volume at least 0.1 Å³ and no two different atoms nearer than 0.5 Å in any image. An atom's own images are not looked at,
/// so that a one-atom cell with an axis of 0.3 Å passes.</param>
/// <param name="Strict">The same with an atom's own images.</param>
/// <remarks>Source of the rule: Xie et al., Crystal Diffusion Variational Autoencoder, arXiv 2110.06197.</remarks>
public readonly record struct StructuralValidity(bool Benchmark, bool Strict)
{
    /// <summary>Least distance, Å.</summary>
    public const double LeastDistance = 0.5;

    /// <summary>Least volume of the cell, Å³.</summary>
    public const double LeastVolume = 0.1;

    // So many pairs within the least distance cannot all be images of one atom, of which a cell of the least volume or more has five.
    private const double MostPairs = 1e6;

    /// <summary>Judges a crystal.</summary>
    /// <param name="structure">A structure with a cell.</param>
    /// <exception cref="ArgumentException">There is no cell.</exception>
    public static StructuralValidity Of(Structure structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        var lattice = structure.Lattice ?? throw new ArgumentException("the benchmarks' validity is defined for crystals", nameof(structure));
        if (lattice.Volume < LeastVolume)
        {
            return default;
        }

        const double sphere = 4 * Math.PI / 3 * LeastDistance * LeastDistance * LeastDistance;
        if ((double)structure.AtomCount * structure.AtomCount * sphere / lattice.Volume > MostPairs)
        {
            return default;
        }

        bool pairs = true, images = true;
        var neighbours = NeighborList.Build(structure, LeastDistance);
        for (int atom = 0; atom < structure.AtomCount; atom++)
        {
            foreach (var neighbour in neighbours.Of(atom))
            {
                pairs &= neighbour.Index == atom;
                images &= neighbour.Index != atom;
            }
        }

        return new StructuralValidity(pairs, pairs && images);
    }
}
