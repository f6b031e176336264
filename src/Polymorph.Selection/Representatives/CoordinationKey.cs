using Polymorph.Structures;
using Polymorph.Structures.Bonds;

namespace Polymorph.Selection;

/// <summary>The topology of a bond graph as a number: for each atom how many atoms of each element are one, two, ... bonds away, the atoms sorted.</summary>
/// <remarks>Coordination sequences (G. O. Brunner, F. Laves, Wiss. Z. Tech. Univ. Dresden 20 (1971) 387; five shells tell most framework types apart). Structures of one
/// topology have one number; structures of different topology rarely share one. Periodic images are atoms of their own. Safe for use by several threads.</remarks>
public sealed class CoordinationKey
{
    private const int Shells = 5;

    private readonly Element[] _species;
    private readonly int[] _types;
    private readonly int _typeCount;
    private readonly double[] _bonds;
    private readonly Lattice? _lattice;
    private readonly Periodicity _periodicity;
    private readonly (int A, int B, int C) _images;

    /// <summary>For one list of atoms in one cell.</summary>
    /// <param name="species">Element of each atom.</param>
    /// <param name="lattice">The cell, or null for molecules.</param>
    /// <param name="periodicity">Axes that repeat.</param>
    /// <param name="rule">When two atoms are bonded.</param>
    public CoordinationKey(IEnumerable<Element> species, Lattice? lattice = null, Periodicity periodicity = default, BondRule? rule = null)
    {
        rule ??= BondRule.Default;
        _species = [.. species];
        Element[] elements = [.. _species.Distinct().Order()];
        (_types, _typeCount) = ([.. _species.Select(e => Array.IndexOf(elements, e))], elements.Length);
        _bonds = [.. from a in _species from b in _species let d = rule.MaxLength(a, b) select d * d];
        (_lattice, _periodicity) = (periodicity.Any ? lattice : null, periodicity);
        if (_lattice is not null)
        {
            double reach = Math.Sqrt(_bonds.Max());
            var face = _lattice.FaceDistances;

            // Offsets are wrapped to half a cell first.
            _images = (Count(periodicity.A, face.X), Count(periodicity.B, face.Y), Count(periodicity.C, face.Z));
            int Count(bool repeats, double distance) => repeats ? (int)Math.Ceiling(reach / distance + 0.5) : 0;
        }
    }

    /// <summary>The number of one structure.</summary>
    /// <param name="positions">[atoms × 3], Å, finite.</param>
    public ulong Of(ReadOnlySpan<float> positions)
    {
        var bonds = Bonds(positions);
        ulong[] atoms = new ulong[_species.Length];
        var seen = new HashSet<(int Atom, int A, int B, int C)>();
        List<(int Atom, int A, int B, int C)> shell = [], next = [];
        int[] counts = new int[_typeCount];
        for (int i = 0; i < atoms.Length; i++)
        {
            seen.Clear();
            shell.Clear();
            shell.Add((i, 0, 0, 0));
            seen.Add(shell[0]);
            ulong hash = Mix(0, (ulong)_species[i].Number);
            for (int s = 0; s < Shells; s++)
            {
                next.Clear();
                Array.Clear(counts);
                foreach (var (atom, a, b, c) in shell)
                {
                    foreach (var (other, da, db, dc) in bonds[atom])
                    {
                        var node = (other, a + da, b + db, c + dc);
                        if (seen.Add(node))
                        {
                            next.Add(node);
                            counts[_types[other]]++;
                        }
                    }
                }

                foreach (int count in counts)
                {
                    hash = Mix(hash, (ulong)count);
                }

                (shell, next) = (next, shell);
            }

            atoms[i] = hash;
        }

        Array.Sort(atoms);
        return atoms.Aggregate(0UL, Mix);
    }

    private List<(int Other, int A, int B, int C)>[] Bonds(ReadOnlySpan<float> positions)
    {
        int count = _species.Length;
        var bonds = new List<(int, int, int, int)>[count];
        for (int i = 0; i < count; i++)
        {
            bonds[i] = [];
        }

        for (int i = 0; i < count; i++)
        {
            for (int j = i; j < count; j++)
            {
                var offset = At(positions, j) - At(positions, i);
                var (wa, wb, wc) = (0, 0, 0);
                if (_lattice is not null)
                {
                    var f = _lattice.ToFractional(offset);
                    (wa, wb, wc) = (Wrap(_periodicity.A, f.X), Wrap(_periodicity.B, f.Y), Wrap(_periodicity.C, f.Z));
                }

                for (int a = -_images.A - wa; a <= _images.A - wa; a++)
                {
                    for (int b = -_images.B - wb; b <= _images.B - wb; b++)
                    {
                        for (int c = -_images.C - wc; c <= _images.C - wc; c++)
                        {
                            if ((i != j || (a, b, c).CompareTo((0, 0, 0)) > 0) && Moved(offset, a, b, c).LengthSquared < _bonds[i * count + j])
                            {
                                bonds[i].Add((j, a, b, c));
                                bonds[j].Add((i, -a, -b, -c));
                            }
                        }
                    }
                }
            }
        }

        return bonds;
    }

    private static Vector3D At(ReadOnlySpan<float> positions, int atom) => new(positions[3 * atom], positions[3 * atom + 1], positions[3 * atom + 2]);

    private Vector3D Moved(Vector3D offset, int a, int b, int c) =>
        _lattice is null ? offset : offset + (double)a * _lattice.A + (double)b * _lattice.B + (double)c * _lattice.C;

    private static int Wrap(bool repeats, double fraction) => repeats ? (int)Math.Round(fraction) : 0;

    private static ulong Mix(ulong hash, ulong value)
    {
        hash = (hash ^ value) * 0x9E3779B97F4A7C15;
        return hash ^ (hash >> 29);
    }
}
