using Polymorph.Structures;

namespace Polymorph.Representations.LocalDescriptors;

/// <summary>One neighbour of a centre.</summary>
/// <param name="Atom">Index of the atom in the unit cell.</param>
/// <param name="Offset">From the centre to the neighbour (to its image), Å.</param>
public readonly record struct Neighbour(int Atom, Vector3D Offset);

/// <summary>The nearest neighbours of every atom: sorted by distance, ties in the order of storage, the first (the centre itself) dropped, the next N kept.</summary>
/// <remarks>Two routes to the same numbers: <see cref="BySupercell"/> as the LoGAN paper's code has it, and <see cref="ByImages"/>.
/// Neighbours at or beyond the cutoff may differ between them; they contribute nothing.</remarks>
public static class Neighbourhood
{
    /// <summary>Neighbours as nearest images in a supercell that is large enough for the cutoff (<see cref="SupercellRule"/>).</summary>
    /// <param name="structure">Molecule or crystal.</param>
    /// <param name="options">Cutoff and number of neighbours.</param>
    /// <returns>[atoms][at most NeighbourCount], from near to far.</returns>
    public static Neighbour[][] BySupercell(Structure structure, PowerSpectrumOptions options)
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
        return [.. structure.Positions.Select(centre => Nearest(candidates.Select(c => new Neighbour(c.Atom, nearest(c.Position - centre))), options))];
    }

    /// <summary>Neighbours by enumerating every image that can lie within the cutoff.</summary>
    /// <param name="structure">Molecule or crystal.</param>
    /// <param name="options">Cutoff and number of neighbours.</param>
    /// <returns>[atoms][at most NeighbourCount], from near to far.</returns>
    public static Neighbour[][] ByImages(Structure structure, PowerSpectrumOptions options)
    {
        ArgumentNullException.ThrowIfNull(structure);
        ArgumentNullException.ThrowIfNull(options);
        var frame = Frame(structure);
        int[] reach = frame is null ? [0, 0, 0] : frame.Reach(options.CutoffRadius);
        Vector3D[] shifts =
        [
            .. from a in Range(reach[0]) from b in Range(reach[1]) from c in Range(reach[2])
            select frame is null ? Vector3D.Zero : frame.Cell.ToCartesian(new(a, b, c)),
        ];
        return
        [
            .. structure.Positions.Select(centre => Nearest(
                shifts.SelectMany(shift => structure.Positions.Select((p, atom) => new Neighbour(atom, (frame is null ? p - centre : frame.NearestImage(p - centre)) + shift))),
                options)),
        ];
    }

    private static PeriodicFrame? Frame(Structure structure) =>
        structure.Lattice is { } lattice && structure.Periodicity.Any ? new PeriodicFrame(lattice, structure.Periodicity) : null;

    // 0, −1, 1, −2, 2, …: the nearest image comes first, as it does in a supercell.
    private static IEnumerable<int> Range(int reach) => Enumerable.Range(0, 2 * reach + 1).Select(NearImage.Shift);

    // OrderBy is stable: equal distances keep the order of storage.
    private static Neighbour[] Nearest(IEnumerable<Neighbour> candidates, PowerSpectrumOptions options) =>
        [.. candidates.OrderBy(n => n.Offset.Length).Skip(1).Take(options.NeighbourCount)];
}
