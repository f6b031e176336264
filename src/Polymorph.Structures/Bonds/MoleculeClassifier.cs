using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.CompilerServices;
using Polymorph.Structures.Kernels;

namespace Polymorph.Structures.Bonds;

/// <summary>Judges many geometries of one formula: are the valences right, is it one molecule, and which.</summary>
/// <remarks>Safe for use by several threads at once. A geometry that is not a valid molecule allocates nothing; a molecule seen before is found by a key without building its graph.</remarks>
public sealed class MoleculeClassifier
{
    // In units of the longest bond.
    private const float FarthestHydrogen = 1.5f;

    // In sums of covalent radii: atoms two bonds apart are 1.65 (C–C–C) or farther.
    private const double FreeOfContact = 1.6;

    private readonly ImmutableArray<Element> _species;
    private readonly int[] _valences;
    private readonly float[] _reach;
    private readonly ulong _heavy;
    private readonly double _factor;
    private readonly ConcurrentDictionary<string, string> _known = new(StringComparer.Ordinal);

    /// <summary>A classifier for one list of atoms.</summary>
    /// <param name="species">Element of each atom, at most <see cref="MaxAtoms"/>, in the order of the positions to come.</param>
    /// <param name="rule">When two atoms are bonded; by default <see cref="BondRule.Default"/>.</param>
    /// <exception cref="ArgumentException">No atoms, or too many.</exception>
    /// <exception cref="Foundation.PolymorphException">PM2301: an element has no single valence.</exception>
    public MoleculeClassifier(IEnumerable<Element> species, BondRule? rule = null)
    {
        rule ??= BondRule.Default;
        _species = [.. species];
        if (_species.Length is 0 or > MaxAtoms)
        {
            throw new ArgumentException($"expected 1 to {MaxAtoms} atoms, {_species.Length} came", nameof(species));
        }

        _valences = [.. _species.Select(Valence.Required)];
        _factor = rule.Factor;
        _heavy = Enumerable.Range(0, _species.Length).Where(i => _species[i].Number != 1).Aggregate(0UL, (mask, i) => mask | (1UL << i));
        int padded = BondMasks.Padded(_species.Length);
        // Squared bond lengths; an atom with itself and the padding get −1, which no squared distance is below.
        _reach = [.. Enumerable.Repeat(-1f, _species.Length * padded)];
        for (int i = 0; i < _species.Length; i++)
        {
            for (int j = 0; j < _species.Length; j++)
            {
                double length = rule.MaxLength(_species[i], _species[j]);
                _reach[i * padded + j] = i == j ? -1 : (float)(length * length);
            }
        }
    }

    /// <summary>The largest molecule that fits: one bit per atom.</summary>
    public const int MaxAtoms = BondMasks.MaxAtoms;

    /// <summary>Number of atoms of the formula.</summary>
    public int AtomCount => _species.Length;

    /// <summary>Judges one geometry.</summary>
    /// <param name="positions">Cartesian positions, [atoms × 3], Å. A coordinate that is not finite bonds to nothing.</param>
    /// <exception cref="ArgumentException">The length is not three times the number of atoms.</exception>
    public MoleculeVerdict Classify(ReadOnlySpan<float> positions)
    {
        if (positions.Length != 3 * _species.Length)
        {
            throw new ArgumentException($"expected {3 * _species.Length} coordinates, {positions.Length} came", nameof(positions));
        }

        Span<ulong> bonded = stackalloc ulong[MaxAtoms];
        bonded = bonded[.._species.Length];
        BondMasks.Simd(positions, _reach, bonded);
        int deviation = 0;
        for (int i = 0; i < bonded.Length; i++)
        {
            deviation += Math.Abs(BitOperations.PopCount(bonded[i]) - _valences[i]);
        }

        bool connected = BondMasks.IsConnected(bonded);
        return new MoleculeVerdict(deviation, connected, connected && deviation == 0 ? Name(bonded) : null);
    }

    /// <summary>The molecule that a geometry is or nearly is: bonds between heavy atoms as they are, and every hydrogen on the heavy atom to which it is nearest.</summary>
    /// <param name="positions">Cartesian positions, [atoms × 3], Å.</param>
    /// <returns>Canonical SMILES, which for a valid geometry is that of <see cref="Classify"/>, and the strain; null when valences are wrong even so, a hydrogen is far
    /// from everything, or there is no heavy atom. The strain is the sum over bonds of (x − 1)² and over other pairs nearer than x = 1.6 of (x − 1.6)², where x is the
    /// distance in sums of covalent radii; dimensionless, near 0 in real molecules.</returns>
    /// <remarks>"Nearest" is measured in covalent bond lengths. What such geometries relax to: <c>docs/methods/selection.md</c>.</remarks>
    /// <exception cref="ArgumentException">The length is not three times the number of atoms.</exception>
    public (string Smiles, double Strain)? NearMolecule(ReadOnlySpan<float> positions)
    {
        if (positions.Length != 3 * _species.Length)
        {
            throw new ArgumentException($"expected {3 * _species.Length} coordinates, {positions.Length} came", nameof(positions));
        }

        Span<ulong> bonded = stackalloc ulong[MaxAtoms];
        bonded = bonded[.._species.Length];
        BondMasks.Simd(positions, _reach, bonded);
        for (int i = 0; i < bonded.Length; i++)
        {
            bonded[i] = IsHydrogen(i) ? 0 : bonded[i] & _heavy;
        }

        for (int i = 0; i < bonded.Length; i++)
        {
            if (IsHydrogen(i))
            {
                int holder = NearestHeavy(positions, i);
                if (holder < 0)
                {
                    return null;
                }

                bonded[holder] |= 1UL << i;
                bonded[i] = 1UL << holder;
            }
        }

        for (int i = 0; i < bonded.Length; i++)
        {
            if (BitOperations.PopCount(bonded[i]) != _valences[i])
            {
                return null;
            }
        }

        return BondMasks.IsConnected(bonded) ? (Name(bonded), Strain(positions, bonded)) : null;
    }

    private double Strain(ReadOnlySpan<float> positions, ReadOnlySpan<ulong> bonded)
    {
        double sum = 0;
        for (int i = 0; i < bonded.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                double x = _factor * Math.Sqrt(SquaredShare(positions, i, j));
                double off = (bonded[i] >> j & 1) != 0 ? x - 1 : Math.Min(0, x - FreeOfContact);
                sum += off * off;
            }
        }

        return sum;
    }

    // The square of a distance in units of the longest bond of that pair.
    private float SquaredShare(ReadOnlySpan<float> positions, int i, int j)
    {
        float x = positions[3 * j] - positions[3 * i], y = positions[3 * j + 1] - positions[3 * i + 1], z = positions[3 * j + 2] - positions[3 * i + 2];
        return (x * x + y * y + z * z) / _reach[i * BondMasks.Padded(_species.Length) + j];
    }

    private bool IsHydrogen(int atom) => (_heavy & (1UL << atom)) == 0;

    private int NearestHeavy(ReadOnlySpan<float> positions, int atom)
    {
        int nearest = -1;
        float least = FarthestHydrogen * FarthestHydrogen;
        for (int j = 0; j < _species.Length; j++)
        {
            if (!IsHydrogen(j) && SquaredShare(positions, atom, j) is var share && share < least)
            {
                (nearest, least) = (j, share);
            }
        }

        return nearest;
    }

    [SkipLocalsInit]
    private string Name(ReadOnlySpan<ulong> bonded)
    {
        Span<char> buffer = stackalloc char[TreeKey.MaxLength];
        int length = TreeKey.Write(_species.AsSpan(), bonded, buffer);
        if (length == 0)
        {
            return Graph(bonded).CanonicalSmiles; // rings: no short key
        }

        var key = buffer[..length];
        var lookup = _known.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!lookup.TryGetValue(key, out string? smiles))
        {
            smiles = Graph(bonded).CanonicalSmiles;
            lookup.TryAdd(key, smiles);
        }

        return smiles;
    }

    private MolecularGraph Graph(ReadOnlySpan<ulong> bonded)
    {
        var bonds = new List<(int, int)>();
        for (int i = 0; i < bonded.Length; i++)
        {
            for (ulong later = bonded[i] & ~((2UL << i) - 1); later != 0; later &= later - 1)
            {
                bonds.Add((i, BitOperations.TrailingZeroCount(later)));
            }
        }

        return new MolecularGraph(_species, bonds);
    }
}
