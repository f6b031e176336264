using Polymorph.Structures.Matching;

namespace Polymorph.Structures.Cells;

/// <summary>Other cells of the same lattice or crystal: the Niggli, Delaunay, shortest and LLL-reduced ones, and approximately primitive ones.</summary>
public static class CellReduction
{
    /// <summary>The Niggli cell: the three shortest vectors, all angles acute or none.</summary>
    /// <param name="lattice">Any cell of the lattice.</param>
    /// <remarks>Conditions within 1e-5 V^(2/3); of several bases that satisfy them the first in a fixed order is returned.
    /// Source: International Tables for Crystallography A, 9.2.2; Křivý and Gruber, Acta Cryst. A 32 (1976) 297.</remarks>
    public static Lattice Niggli(Lattice lattice)
    {
        Span<Vector3D> v = Shortest(lattice);
        Span<IntegerMatrix> bases = stackalloc IntegerMatrix[NiggliCell.MaxBases];
        NiggliCell.List(v, bases);
        var (a, b, c) = bases[0].Apply(v[0], v[1], v[2]);
        return new Lattice(a, b, c);
    }

    /// <summary>Three shortest linearly independent vectors that span the lattice (Minkowski-reduced), shortest first.</summary>
    /// <param name="lattice">Any cell of the lattice.</param>
    /// <remarks>Source: Nguyen and Stehlé, ACM Trans. Algorithms 5 (2009) 46.</remarks>
    public static Lattice Minimum(Lattice lattice) => RightHanded(Shortest(lattice));

    /// <summary>The Delaunay cell: the shortest vectors among those of a superbase without acute angles and their sums.</summary>
    /// <param name="lattice">Any cell of the lattice.</param>
    /// <remarks>Source: Delaunay, Z. Kristallogr. 84 (1933) 109.</remarks>
    public static Lattice Delaunay(Lattice lattice)
    {
        Span<Vector3D> v = Shortest(lattice);
        DelaunayReduction.Reduce(v);
        return RightHanded(v);
    }

    /// <summary>The cell by the algorithm of Lenstra, Lenstra and Lovász.</summary>
    /// <param name="lattice">The cell to begin with; the result depends on it.</param>
    /// <param name="delta">Lovász parameter, above 1/4 and below 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">delta is outside its range.</exception>
    /// <remarks>Source: Math. Ann. 261 (1982) 515. A left-handed result is inverted.</remarks>
    public static Lattice Lovasz(Lattice lattice, double delta = LovaszReduction.Delta)
    {
        ArgumentNullException.ThrowIfNull(lattice);
        if (!(delta > 0.25 && delta < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(delta), delta, "expected a number above 1/4 and below 1");
        }

        Span<Vector3D> v = [lattice.A, lattice.B, lattice.C];
        Span<(long A, long B, long C)> coefficients = stackalloc (long, long, long)[3];
        LovaszReduction.Reduce(v, coefficients, delta, 0.5);
        return RightHanded(v);
    }

    /// <summary>The smallest cell in which the atoms repeat within 0.25 Å along each axis, Niggli-reduced, merged atoms averaged.</summary>
    /// <param name="structure">A structure that repeats along all three axes.</param>
    /// <returns>A structure with the atoms sorted by element, the rarest first; properties of atoms are not kept.</returns>
    /// <exception cref="Foundation.PolymorphException">PM2310: the structure does not repeat along all three axes.</exception>
    /// <remarks>Much looser than the primitive cell of crystallography: diamond-like carbon of 6 atoms may come out with 2. See docs/methods/matching.md.</remarks>
    public static Structure LoosePrimitive(Structure structure)
    {
        var crystal = PreparedCrystal.Of(structure, new MatchOptions());
        return new Structure(
            [.. crystal.Blocks.SelectMany(b => Enumerable.Repeat(b.Element, b.Count))],
            [.. Enumerable.Range(0, crystal.SiteCount).Select(i => crystal.Lattice.ToCartesian(crystal[i]))],
            crystal.Lattice, Periodicity.Full, structure.Id, structure.Properties);
    }

    /// <summary>A supercell.</summary>
    /// <param name="structure">A structure with a lattice.</param>
    /// <param name="cell">Rows: the new vectors as multiples of the old ones; determinant at least 1.</param>
    /// <returns>The copies of an atom follow one another; properties of atoms are not kept.</returns>
    /// <exception cref="ArgumentException">There is no lattice, or the determinant is below 1.</exception>
    public static Structure Supercell(Structure structure, IntegerMatrix cell)
    {
        ArgumentNullException.ThrowIfNull(structure);
        var lattice = structure.Lattice ?? throw new ArgumentException("a molecule has no cell to multiply", nameof(structure));
        if (cell.Determinant is < 1 or > 1_000_000)
        {
            throw new ArgumentException($"expected a matrix of determinant 1 to 1000000, got {cell.Determinant}", nameof(cell));
        }

        var (a, b, c) = cell.Apply(lattice.A, lattice.B, lattice.C);
        var large = new Lattice(a, b, c);
        var points = new Vector3D[cell.Determinant];
        SupercellPoints.List(cell, points);
        return new Structure(
            [.. structure.Species.SelectMany(e => Enumerable.Repeat(e, points.Length))],
            [.. structure.Positions.SelectMany(r => points.Select(p => r + large.ToCartesian(p)))],
            large, structure.Periodicity, structure.Id, structure.Properties);
    }

    private static Vector3D[] Shortest(Lattice lattice)
    {
        ArgumentNullException.ThrowIfNull(lattice);
        Vector3D[] v = [lattice.A, lattice.B, lattice.C];
        Span<(long A, long B, long C)> coefficients = stackalloc (long, long, long)[3];
        LatticeReduction.Minkowski(v, coefficients);
        return v;
    }

    private static Lattice RightHanded(ReadOnlySpan<Vector3D> v) =>
        v[0].Cross(v[1]).Dot(v[2]) > 0 ? new Lattice(v[0], v[1], v[2]) : new Lattice(-v[0], -v[1], -v[2]);
}
