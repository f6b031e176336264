using System.Collections.Immutable;
using Polymorph.Structures;

namespace Polymorph.Energies.Relaxation;

/// <summary>Moves atoms that lie on each other apart, before any energy is asked for: what generators propose has pairs at 0.1 to 0.8 Å,
/// where no potential was fitted.</summary>
/// <remarks>Purely geometric and deterministic. Every pair nearer than f·(r_i + r_j) is moved along its axis until it is that far apart, half by each atom,
/// all pairs at once, and again until none is left (the projection of constraints of position-based dynamics, Müller et al. 2007, doi 10.1016/j.jvcir.2007.01.005).
/// With f = 0.6 no bond of a sound structure is touched: the shortest against its radii (Cordero et al. 2008) are U=O in uranyl (0.67) and N≡N (0.77).</remarks>
public static class PushApart
{
    /// <summary>The default share of the sum of covalent radii below which two atoms count as lying on each other.</summary>
    public const double DefaultFactor = 0.6;

    private const int MaximumRounds = 200;

    // Pushed a little farther than the threshold, so that neighbouring pairs do not creep towards it for ever.
    private const double Margin = 1.01;

    // Below this distance, Å, the axis of a pair is rounding noise.
    private const double Coincident = 1e-6;

    /// <summary>The structure with its too-close pairs moved apart.</summary>
    /// <param name="structure">A molecule or crystal; images count.</param>
    /// <param name="fixedAtoms">Atoms that do not move.</param>
    /// <param name="factor">Share of r_i + r_j, in (0, 1].</param>
    /// <returns>The structure itself when nothing was too close; pairs pushed in the first round; whether a pair is still too close, for want of room or because it is fixed.</returns>
    public static PushApartResult Apply(Structure structure, ImmutableArray<int> fixedAtoms = default, double factor = DefaultFactor) =>
        Apply(structure, fixedAtoms, factor, null);

    /// <summary>The same with a projection of the displacements, [3·atoms], that keeps symmetry.</summary>
    internal static PushApartResult Apply(Structure structure, ImmutableArray<int> fixedAtoms, double factor, Action<double[]>? project)
    {
        ArgumentNullException.ThrowIfNull(structure);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(factor);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(factor, 1);
        var isFixed = new bool[structure.AtomCount];
        foreach (int atom in fixedAtoms.IsDefault ? [] : fixedAtoms)
        {
            isFixed[atom] = true;
        }

        var radii = structure.Species.Select(e => e.CovalentRadius).ToArray();
        double cutoff = 2 * factor * radii.Max();
        var positions = structure.Positions.ToArray();
        int first = 0;
        for (int round = 0; round <= MaximumRounds; round++)
        {
            var neighbours = NeighborList.Build(positions, structure.Lattice, structure.Periodicity, cutoff);
            var shift = new double[3 * positions.Length];
            int count = Displacements(neighbours, radii, factor, isFixed, shift);
            if (count == 0 || round == MaximumRounds)
            {
                return new(round == 0 ? structure : structure.WithPositions([.. positions]), first, count > 0);
            }

            first = round == 0 ? count : first;
            project?.Invoke(shift);
            for (int i = 0; i < positions.Length; i++)
            {
                positions[i] += new Vector3D(shift[3 * i], shift[3 * i + 1], shift[3 * i + 2]);
            }
        }

        throw new InvalidOperationException("unreachable: the last round returns");
    }

    /// <summary>Adds the displacements of one round and counts its pairs.</summary>
    private static int Displacements(NeighborList neighbours, double[] radii, double factor, bool[] isFixed, double[] shift)
    {
        int count = 0;
        for (int i = 0; i < neighbours.AtomCount; i++)
        {
            foreach (var (j, _, offset, distance) in neighbours.Of(i))
            {
                // Each pair comes twice; an atom and its own image cannot be moved apart in a given cell.
                double wanted = factor * (radii[i] + radii[j]);
                if (i >= j || !(distance < wanted))
                {
                    continue;
                }

                count++;
                var axis = distance > Coincident ? 1 / distance * offset : Direction(i, j);
                double gap = Margin * wanted - distance;
                double shareOfFirst = isFixed[i] ? 0 : isFixed[j] ? 1 : 0.5, shareOfSecond = isFixed[j] ? 0 : isFixed[i] ? 1 : 0.5;
                Add(shift, i, -shareOfFirst * gap * axis);
                Add(shift, j, shareOfSecond * gap * axis);
            }
        }

        return count;
    }

    /// <summary>A direction for two atoms on one site: points of a golden spiral, so that several atoms on one site go different ways.</summary>
    private static Vector3D Direction(int i, int j)
    {
        const double goldenAngle = 2.399963229728653;
        int index = 7 * i + j;
        double z = 1 - 2 * (index % 61 + 0.5) / 61, angle = goldenAngle * index, radius = Math.Sqrt(1 - z * z);
        return new(radius * Math.Cos(angle), radius * Math.Sin(angle), z);
    }

    private static void Add(double[] shift, int atom, Vector3D v)
    {
        shift[3 * atom] += v.X;
        shift[3 * atom + 1] += v.Y;
        shift[3 * atom + 2] += v.Z;
    }
}

/// <summary>What <see cref="PushApart"/> did.</summary>
/// <param name="Structure">The structure after it.</param>
/// <param name="Pairs">Pairs that were too close at first; 0 when nothing was done.</param>
/// <param name="StillTooClose">A pair could not be moved apart.</param>
public readonly record struct PushApartResult(Structure Structure, int Pairs, bool StillTooClose);
