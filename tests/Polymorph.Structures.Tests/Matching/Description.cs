using FsCheck;
using FsCheck.Fluent;
using Polymorph.Structures.Cells;

namespace Polymorph.Structures.Tests.Matching;

/// <summary>Another way to write the same crystal: rotated, moved, listed in another order, in another cell of the same lattice.</summary>
internal sealed record Description(Vector3D Axis, double Angle, Vector3D Origin, int[] Keys, IntegerMatrix Cell)
{
    public static Gen<Description> Random(int atoms) =>
        from axis in Arbitrary.Vector(1)
        where axis.Length > 0.1
        from angle in Arbitrary.Real(0, 2 * Math.PI)
        from origin in Arbitrary.Vector(10)
        from keys in Gen.ArrayOf(Gen.Choose(0, int.MaxValue - 1), atoms)
        from shears in Gen.ArrayOf(Gen.Choose(-2, 2), 6)
        select new Description(1 / axis.Length * axis, angle, origin, keys, Unimodular(shears));

    /// <summary>The crystal written in this way.</summary>
    public Structure Of(Structure crystal)
    {
        var lattice = crystal.Lattice!;
        var (a, b, c) = Cell.Apply(lattice.A, lattice.B, lattice.C);
        int[] order = [.. Enumerable.Range(0, crystal.AtomCount).OrderBy(i => Keys[i]).ThenBy(i => i)];
        var other = new Lattice(Rotate(a), Rotate(b), Rotate(c));
        return new Structure(
            [.. order.Select(i => crystal.Species[i])],
            [.. order.Select(i => Rotate(crystal.Positions[i] + Origin))],
            other, Periodicity.Full, crystal.Id);
    }

    /// <summary>Where each atom of the crystal stands in the new order.</summary>
    public int[] PlaceOf()
    {
        int[] order = [.. Enumerable.Range(0, Keys.Length).OrderBy(i => Keys[i]).ThenBy(i => i)], place = new int[Keys.Length];
        for (int k = 0; k < order.Length; k++)
        {
            place[order[k]] = k;
        }

        return place;
    }

    // Rodrigues' formula.
    private Vector3D Rotate(Vector3D v) => Math.Cos(Angle) * v + Math.Sin(Angle) * Axis.Cross(v) + (1 - Math.Cos(Angle)) * Axis.Dot(v) * Axis;

    private static IntegerMatrix Unimodular(int[] s) =>
        Times(new((1, s[0], s[1]), (0, 1, s[2]), (0, 0, 1)), new((1, 0, 0), (s[3], 1, 0), (s[4], s[5], 1)));

    private static IntegerMatrix Times(IntegerMatrix p, IntegerMatrix q)
    {
        return new(Row(p.A), Row(p.B), Row(p.C));
        (int, int, int) Row((int X, int Y, int Z) r) => (
            r.X * q.A.X + r.Y * q.B.X + r.Z * q.C.X,
            r.X * q.A.Y + r.Y * q.B.Y + r.Z * q.C.Y,
            r.X * q.A.Z + r.Y * q.B.Z + r.Z * q.C.Z);
    }
}
