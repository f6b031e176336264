using System.Collections.Immutable;
using Polymorph.Structures;

namespace Polymorph.Models.LoGan;

/// <summary>A rotation (or any linear map) and a translation of Cartesian positions: r' = M r + t.</summary>
/// <param name="RowX">First row of M.</param>
/// <param name="RowY">Second row.</param>
/// <param name="RowZ">Third row.</param>
/// <param name="Translation">t, Å.</param>
public readonly record struct AffineMap(Vector3D RowX, Vector3D RowY, Vector3D RowZ, Vector3D Translation)
{
    /// <summary>The identity.</summary>
    public static AffineMap Identity => new(new(1, 0, 0), new(0, 1, 0), new(0, 0, 1), Vector3D.Zero);

    /// <summary>M r + t.</summary>
    /// <param name="r">A position, Å.</param>
    public Vector3D Apply(Vector3D r) => new Vector3D(RowX.Dot(r), RowY.Dot(r), RowZ.Dot(r)) + Translation;

    /// <summary>This map after another one: r' = M (M' r + t') + t.</summary>
    /// <param name="first">The map applied first.</param>
    public AffineMap After(AffineMap first)
    {
        Vector3D x = new(first.RowX.X, first.RowY.X, first.RowZ.X), y = new(first.RowX.Y, first.RowY.Y, first.RowZ.Y), z = new(first.RowX.Z, first.RowY.Z, first.RowZ.Z);
        Vector3D Row(Vector3D row) => new(row.Dot(x), row.Dot(y), row.Dot(z));
        return new AffineMap(Row(RowX), Row(RowY), Row(RowZ), Apply(first.Translation));
    }

    /// <summary>A symmetry operation given in fractional coordinates, f' = R f + τ, as a map of Cartesian positions of a cell.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="rowA">First row of R.</param>
    /// <param name="rowB">Second row.</param>
    /// <param name="rowC">Third row.</param>
    /// <param name="translation">τ, fractional.</param>
    public static AffineMap FromFractional(Lattice cell, Vector3D rowA, Vector3D rowB, Vector3D rowC, Vector3D translation)
    {
        ArgumentNullException.ThrowIfNull(cell);
        Vector3D Column(Vector3D unit)
        {
            var f = cell.ToFractional(unit);
            return cell.ToCartesian(new Vector3D(rowA.Dot(f), rowB.Dot(f), rowC.Dot(f)));
        }

        Vector3D x = Column(new(1, 0, 0)), y = Column(new(0, 1, 0)), z = Column(new(0, 0, 1));
        return new AffineMap(new(x.X, y.X, z.X), new(x.Y, y.Y, z.Y), new(x.Z, y.Z, z.Z), cell.ToCartesian(translation));
    }
}

/// <summary>The programmable post-processing of LoGAN: how the generator's fractional coordinates in a frame become all atoms of a structure.</summary>
/// <remarks>Every case of the paper (section 2.3) is affine: atom k sits at M_k (f_s(k) F) + t_k, where f are the generated fractional coordinates
/// of its source, F the frame's rows, and atoms without a source are fixed. The gradient is the transposed map.</remarks>
public sealed class StructureAssembly
{
    private readonly ImmutableArray<(int Source, AffineMap Map)> _atoms;
    private readonly int[] _source;
    private readonly float[] _map;

    private StructureAssembly(Lattice frame, Lattice? lattice, Periodicity periodicity, int generated, ImmutableArray<Element> species, IEnumerable<(int Source, AffineMap Map)> atoms)
    {
        (Frame, Lattice, Periodicity, GeneratedAtoms, Species) = (frame, lattice, periodicity, generated, species);
        _atoms = [.. atoms];
        _source = [.. _atoms.Select(a => a.Source)];
        _map = [.. _atoms.SelectMany(a => Coefficients(frame, a.Source, a.Map))];
    }

    internal StructureAssembly(Lattice frame, Lattice? lattice, Periodicity periodicity, int generated, ImmutableArray<Element> species, int[] source, float[] map)
    {
        if (source.Length != species.Length || map.Length != 12 * source.Length || source.Any(s => s < -1 || s >= generated) || generated < 1)
        {
            throw new ArgumentException("the placement of the atoms does not fit their number");
        }

        (Frame, Lattice, Periodicity, GeneratedAtoms, Species, _source, _map) = (frame, lattice, periodicity, generated, species, source, map);
    }

    /// <summary>The box or cell whose rows the generated fractional coordinates multiply.</summary>
    public Lattice Frame { get; }

    /// <summary>The lattice of the finished structure, or null for a molecule.</summary>
    public Lattice? Lattice { get; }

    /// <summary>Axes along which the finished structure repeats.</summary>
    public Periodicity Periodicity { get; }

    /// <summary>Atoms whose coordinates the generator makes.</summary>
    public int GeneratedAtoms { get; }

    /// <summary>Element of every atom of the finished structure.</summary>
    public ImmutableArray<Element> Species { get; }

    /// <summary>Source of every atom among the generated ones, -1 for a fixed atom, [atoms].</summary>
    internal ReadOnlySpan<int> Sources => _source;

    /// <summary>Per atom the rows of the map from fractional coordinates and the translation, [atoms × 12], Å.</summary>
    internal ReadOnlySpan<float> Maps => _map;

    /// <summary>A molecule: the box only bounds its coordinates.</summary>
    /// <param name="species">Element of each atom.</param>
    /// <param name="box">Edges, Å.</param>
    public static StructureAssembly MoleculeInBox(ImmutableArray<Element> species, Vector3D box) =>
        Plain(species, new Lattice(new(box.X, 0, 0), new(0, box.Y, 0), new(0, 0, box.Z)), null, Periodicity.None);

    /// <summary>A crystal with no post-processing.</summary>
    /// <param name="species">Element of each atom.</param>
    /// <param name="cell">The fixed cell.</param>
    public static StructureAssembly Crystal(ImmutableArray<Element> species, Lattice cell) => Plain(species, cell, cell, Periodicity.Full);

    /// <summary>A slab: periodic along the first two lattice vectors, generated in a part of the height.</summary>
    /// <param name="species">Element of each atom.</param>
    /// <param name="cell">The cell; its third vector spans slab and vacuum.</param>
    /// <param name="lowest">Lowest fractional height of an atom, in [0, 1).</param>
    /// <param name="highest">Highest fractional height, in (lowest, 1].</param>
    public static StructureAssembly Slab(ImmutableArray<Element> species, Lattice cell, double lowest = 0, double highest = 1)
    {
        ArgumentNullException.ThrowIfNull(cell);
        if (!(lowest >= 0 && highest > lowest && highest <= 1))
        {
            throw new ArgumentException($"expected heights 0 <= lowest < highest <= 1; {lowest} and {highest} came");
        }

        var shift = AffineMap.Identity with { Translation = lowest * cell.C };
        var frame = new Lattice(cell.A, cell.B, (highest - lowest) * cell.C);
        return new StructureAssembly(frame, cell, new Periodicity(true, true, false), species.Length, species, species.Select((_, i) => (i, shift)));
    }

    /// <summary>An asymmetric unit that point- or space-group operations expand: all images of atom 0, then those of atom 1, and so on.</summary>
    /// <param name="unit">The assembly of the asymmetric unit; atoms that it holds fixed stay as they are and come first.</param>
    /// <param name="operations">Cartesian operations, the identity included where it is wanted.</param>
    public static StructureAssembly WithSymmetry(StructureAssembly unit, IReadOnlyList<AffineMap> operations)
    {
        ArgumentNullException.ThrowIfNull(unit);
        ArgumentOutOfRangeException.ThrowIfZero(operations.Count);
        if (unit._atoms.IsDefault)
        {
            throw new ArgumentException("the assembly of a model file is finished and cannot be expanded");
        }

        var atoms = unit.Species.Zip(unit._atoms).ToList();
        var expanded = atoms.Where(a => a.Second.Source < 0)
            .Concat(atoms.Where(a => a.Second.Source >= 0).SelectMany(a => operations.Select(o => (a.First, (a.Second.Source, o.After(a.Second.Map)))))).ToList();
        return new StructureAssembly(unit.Frame, unit.Lattice, unit.Periodicity, unit.GeneratedAtoms, [.. expanded.Select(a => a.First)], expanded.Select(a => a.Item2));
    }

    /// <summary>Atoms that stay where they are (a substrate), followed by the generated ones.</summary>
    /// <param name="fixedAtoms">The substrate; its lattice and periodicity become those of the structure.</param>
    /// <param name="species">Elements of the generated atoms.</param>
    /// <param name="region">The part of space, as a frame, in which they are generated.</param>
    /// <param name="origin">Its corner, Å.</param>
    public static StructureAssembly OnSubstrate(Structure fixedAtoms, ImmutableArray<Element> species, Lattice region, Vector3D origin)
    {
        ArgumentNullException.ThrowIfNull(fixedAtoms);
        var moved = AffineMap.Identity with { Translation = origin };
        return new StructureAssembly(region, fixedAtoms.Lattice, fixedAtoms.Periodicity, species.Length, [.. fixedAtoms.Species, .. species],
            fixedAtoms.Positions.Select(p => (-1, AffineMap.Identity with { Translation = p })).Concat(species.Select((_, i) => (i, moved))));
    }

    /// <summary>Positions of one structure.</summary>
    /// <param name="fractional">Generated coordinates, [generated atoms × 3], in (0, 1).</param>
    /// <param name="positions">[atoms × 3], Å, overwritten.</param>
    public void Expand(ReadOnlySpan<float> fractional, Span<float> positions)
    {
        for (int atom = 0; atom < _source.Length; atom++)
        {
            var m = _map.AsSpan(12 * atom, 12);
            var r = positions.Slice(3 * atom, 3);
            if (_source[atom] < 0)
            {
                m[9..].CopyTo(r);
                continue;
            }

            var f = fractional.Slice(3 * _source[atom], 3);
            for (int axis = 0; axis < 3; axis++)
            {
                r[axis] = m[3 * axis] * f[0] + m[3 * axis + 1] * f[1] + m[3 * axis + 2] * f[2] + m[9 + axis];
            }
        }
    }

    /// <summary>Gradient with respect to the generated coordinates from that with respect to the positions.</summary>
    /// <param name="positionGradient">[atoms × 3], per Å.</param>
    /// <param name="fractionalGradient">[generated atoms × 3], overwritten.</param>
    public void Transpose(ReadOnlySpan<float> positionGradient, Span<float> fractionalGradient)
    {
        fractionalGradient.Clear();
        for (int atom = 0; atom < _source.Length; atom++)
        {
            if (_source[atom] < 0)
            {
                continue;
            }

            var m = _map.AsSpan(12 * atom, 12);
            var g = positionGradient.Slice(3 * atom, 3);
            var f = fractionalGradient.Slice(3 * _source[atom], 3);
            for (int component = 0; component < 3; component++)
            {
                f[component] += m[component] * g[0] + m[3 + component] * g[1] + m[6 + component] * g[2];
            }
        }
    }

    private static StructureAssembly Plain(ImmutableArray<Element> species, Lattice frame, Lattice? lattice, Periodicity periodicity) =>
        new(frame, lattice, periodicity, species.Length, species, species.Select((_, i) => (i, AffineMap.Identity)));

    // The 3 × 3 map of fractional coordinates, row by row, then the translation.
    private static IEnumerable<float> Coefficients(Lattice frame, int source, AffineMap map)
    {
        var linear = map with { Translation = Vector3D.Zero };
        Vector3D a = linear.Apply(frame.A), b = linear.Apply(frame.B), c = linear.Apply(frame.C), t = map.Translation;
        return source < 0
            ? [0, 0, 0, 0, 0, 0, 0, 0, 0, (float)t.X, (float)t.Y, (float)t.Z]
            : [(float)a.X, (float)b.X, (float)c.X, (float)a.Y, (float)b.Y, (float)c.Y, (float)a.Z, (float)b.Z, (float)c.Z, (float)t.X, (float)t.Y, (float)t.Z];
    }
}
