using System.Collections.Immutable;
using Polymorph.Structures;
using Polymorph.Structures.Bonds;

namespace Polymorph.Representations.Curves;

/// <summary>Bonds of a crystal or molecule: coordination numbers, distributions of bond lengths and angles.</summary>
/// <remarks>Two atoms are bonded when they are closer than a multiple of the sum of their covalent radii (<see cref="BondRule"/>); images of one atom count.</remarks>
public sealed class BondGeometry
{
    private readonly Structure _structure;
    private readonly Neighbor[][] _bonded;

    private BondGeometry(Structure structure, Neighbor[][] bonded) => (_structure, _bonded) = (structure, bonded);

    /// <summary>Number of bonded neighbours of each atom, [atoms].</summary>
    public ImmutableArray<int> Coordination => [.. _bonded.Select(n => n.Length)];

    /// <summary>Finds the bonds.</summary>
    /// <param name="structure">A crystal, slab or molecule.</param>
    /// <param name="rule">When two atoms are bonded; by default <see cref="BondRule.Default"/>.</param>
    /// <exception cref="Foundation.PolymorphException">PM3104: too many neighbours.</exception>
    public static BondGeometry Of(Structure structure, BondRule? rule = null)
    {
        ArgumentNullException.ThrowIfNull(structure);
        rule ??= BondRule.Default;
        var list = CurveInput.Neighbors(structure, 2 * rule.Factor * structure.Species.Max(e => e.CovalentRadius));
        var bonded = new Neighbor[structure.AtomCount][];
        for (int i = 0; i < bonded.Length; i++)
        {
            var of = structure.Species[i];
            bonded[i] = [.. list.Of(i).ToArray().Where(n => n.Distance < rule.MaxLength(of, structure.Species[n.Index]))];
        }

        return new BondGeometry(structure, bonded);
    }

    /// <summary>The bonded neighbours of an atom, nearest first.</summary>
    /// <param name="atom">Index of the atom.</param>
    public ReadOnlySpan<Neighbor> Of(int atom) => _bonded[atom];

    /// <summary>How many atoms of each element have each coordination number.</summary>
    public ImmutableSortedDictionary<Element, ImmutableSortedDictionary<int, int>> CoordinationCounts() =>
        Enumerable.Range(0, _bonded.Length).GroupBy(i => _structure.Species[i]).ToImmutableSortedDictionary(atoms => atoms.Key,
            atoms => atoms.GroupBy(i => _bonded[i].Length).ToImmutableSortedDictionary(g => g.Key, g => g.Count()));

    /// <summary>Bond lengths by pair of elements, each bond once, Å.</summary>
    /// <param name="step">Width of a bin, Å; positive.</param>
    public ImmutableArray<Distribution> Lengths(double step = 0.02)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(step);
        var values = new SortedDictionary<string, List<double>>(StringComparer.Ordinal);
        for (int i = 0; i < _bonded.Length; i++)
        {
            foreach (var n in _bonded[i])
            {
                // Of the two directions of a bond the one from the lower index, or along the upper half of the images.
                if (n.Index > i || (n.Index == i && n.Image.CompareTo(CellImage.Home) > 0))
                {
                    Add(values, PairLabel(_structure.Species[i], _structure.Species[n.Index]), n.Distance);
                }
            }
        }

        return [.. values.Select(v => Distribution.Of(v.Key, v.Value, step))];
    }

    /// <summary>Angles between the bonds of an atom by the three elements, the atom in the middle, degrees.</summary>
    /// <param name="step">Width of a bin, degrees; positive.</param>
    public ImmutableArray<Distribution> Angles(double step = 2)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(step);
        var values = new SortedDictionary<string, List<double>>(StringComparer.Ordinal);
        for (int i = 0; i < _bonded.Length; i++)
        {
            var bonds = _bonded[i];
            for (int a = 0; a < bonds.Length; a++)
            {
                for (int b = a + 1; b < bonds.Length; b++)
                {
                    var (u, v) = (bonds[a].Offset, bonds[b].Offset);
                    double angle = 180 / Math.PI * Math.Atan2(u.Cross(v).Length, u.Dot(v));
                    var (p, q) = Ordered(_structure.Species[bonds[a].Index], _structure.Species[bonds[b].Index]);
                    Add(values, $"{p}-{_structure.Species[i]}-{q}", angle);
                }
            }
        }

        return [.. values.Select(v => Distribution.Of(v.Key, v.Value, step))];
    }

    /// <summary>The label of a pair: symbols in alphabetical order.</summary>
    internal static string PairLabel(Element a, Element b)
    {
        var (p, q) = Ordered(a, b);
        return $"{p}-{q}";
    }

    private static (string, string) Ordered(Element a, Element b) =>
        string.CompareOrdinal(a.Symbol, b.Symbol) <= 0 ? (a.Symbol, b.Symbol) : (b.Symbol, a.Symbol);

    private static void Add(SortedDictionary<string, List<double>> values, string label, double value)
    {
        if (!values.TryGetValue(label, out var list))
        {
            values[label] = list = [];
        }

        list.Add(value);
    }
}
