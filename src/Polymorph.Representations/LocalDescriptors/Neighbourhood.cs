using Polymorph.Structures;

namespace Polymorph.Representations.LocalDescriptors;

/// <summary>One neighbour of a centre.</summary>
/// <param name="Atom">Index of the atom in the unit cell.</param>
/// <param name="Offset">From the centre to the neighbour (to its image), Å.</param>
public readonly record struct NeighbourOffset(int Atom, Vector3D Offset);

/// <summary>The nearest neighbours of every atom: sorted by distance, ties in the order of storage, the first (the centre itself) dropped, the next N kept.</summary>
/// <remarks>Two routes to the same numbers: <see cref="BySupercell"/> as the LoGAN paper's code has it, and <see cref="ByImages"/>.
/// Neighbours at or beyond the cutoff may differ between them; they contribute nothing.</remarks>
public static class Neighbourhood
{
    /// <summary>Neighbours as nearest images in a supercell that is large enough for the cutoff (<see cref="SupercellRule"/>).</summary>
    /// <param name="structure">Molecule or crystal.</param>
    /// <param name="options">Cutoff and number of neighbours.</param>
    /// <returns>[atoms][at most NeighbourCount], from near to far.</returns>
    public static NeighbourOffset[][] BySupercell(Structure structure, PowerSpectrumOptions options)
    {
        ArgumentNullException.ThrowIfNull(structure);
        ArgumentNullException.ThrowIfNull(options);
        var frame = Frame(structure);
        var (i, j, k) = SupercellRule.Multiples(structure.Lattice, structure.Periodicity, options.CutoffRadius);
        var candidates = new List<(int Atom, Vector3D Position)>();
        for (int a = 0; a < i; a++)
        {
            for (int b = 0; b < j; b++)
            {
                for (int c = 0; c < k; c++)
                {
                    var shift = frame is null ? Vector3D.Zero : frame.Cell.ToCartesian(new(a, b, c));
                    candidates.AddRange(structure.Positions.Select((p, atom) => (atom, p + shift)));
                }
            }
        }

        Func<Vector3D, Vector3D> nearest = frame is null ? delta => delta : new PeriodicFrame(frame.Cell.Repeat(i, j, k), structure.Periodicity).NearestImage;
        return [.. structure.Positions.Select(centre => Nearest(candidates.Select(c => new NeighbourOffset(c.Atom, nearest(c.Position - centre))), options))];
    }

    /// <summary>Neighbours from a list of all images within the cutoff.</summary>
    /// <param name="structure">Molecule or crystal.</param>
    /// <param name="options">Cutoff and number of neighbours.</param>
    /// <returns>[atoms][at most NeighbourCount], from near to far.</returns>
    public static NeighbourOffset[][] ByImages(Structure structure, PowerSpectrumOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var list = NeighborList.Build(structure, options.CutoffRadius);
        var result = new NeighbourOffset[list.AtomCount][];
        for (int i = 0; i < result.Length; i++)
        {
            var all = list.Of(i);
            result[i] = new NeighbourOffset[Math.Min(all.Length, options.NeighbourCount)];
            for (int k = 0; k < result[i].Length; k++)
            {
                result[i][k] = new(all[k].Index, all[k].Offset);
            }
        }

        return result;
    }

    private static PeriodicFrame? Frame(Structure structure) =>
        structure.Lattice is { } lattice && structure.Periodicity.Any ? new PeriodicFrame(lattice, structure.Periodicity) : null;

    // OrderBy is stable: equal distances keep the order of storage.
    private static NeighbourOffset[] Nearest(IEnumerable<NeighbourOffset> candidates, PowerSpectrumOptions options) =>
        [.. candidates.OrderBy(n => n.Offset.Length).Skip(1).Take(options.NeighbourCount)];
}
