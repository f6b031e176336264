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
    private readonly ImmutableArray<Element> _species;
    private readonly int[] _valences;
    private readonly float[] _reach;
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
