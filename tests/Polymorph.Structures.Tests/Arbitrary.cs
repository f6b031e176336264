using System.Collections.Immutable;
using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace Polymorph.Structures.Tests;

/// <summary>Random lattices and structures for property tests: skewed and tiny cells, mixed periodicity, atoms outside the cell.</summary>
internal static class Arbitrary
{
    public static Gen<double> Real(double low, double high) => Gen.Choose(0, 1 << 30).Select(i => low + (high - low) * i / (1 << 30));

    public static Gen<Vector3D> Vector(double size) =>
        from x in Real(-size, size)
        from y in Real(-size, size)
        from z in Real(-size, size)
        select new Vector3D(x, y, z);

    /// <summary>A right-handed cell, sheared by up to four vectors, but not so flat that a search by brute force would take minutes.</summary>
    public static Gen<Lattice> Lattice(double size) =>
        from a in Vector(size)
        from b in Vector(size)
        from c in Vector(size)
        from shear in Gen.Choose(-4, 4).Three()
        let sheared = b + shear.Item1 * a
        let third = c + shear.Item2 * a + shear.Item3 * sheared
        let volume = a.Dot(sheared.Cross(third))
        where Math.Abs(volume) > 1e-3 * size * size * size
        let lattice = volume > 0 ? new Lattice(a, sheared, third) : new Lattice(sheared, a, third)
        let faces = lattice.FaceDistances
        where Math.Min(faces.X, Math.Min(faces.Y, faces.Z)) > size / 10
        select lattice;

    public static Gen<Periodicity> Periodicity() =>
        from bits in Gen.Choose(0, 7)
        select new Periodicity((bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0);

    public static Gen<Element> Element() => Gen.Choose(1, Structures.Element.Count).Select(z => new Element(z));

    public static Gen<Structure> Structure(double size, int maxAtoms) =>
        from count in Gen.Choose(1, maxAtoms)
        from positions in Gen.ArrayOf(Vector(1.5 * size), count)
        from species in Gen.ArrayOf(Element(), count)
        from lattice in Lattice(size)
        from periodicity in Periodicity()
        from molecule in Gen.Choose(0, 4)
        select molecule == 0
            ? new Structure([.. species], [.. positions])
            : new Structure([.. species], [.. positions], lattice, periodicity);

    /// <summary>Runs a property and throws with the smallest counterexample when it fails. The cases are the same in every run; <c>POLYMORPH_TEST_SEED</c> chooses others.</summary>
    public static void Check<T>(Gen<T> generator, Func<T, bool> property, int cases)
    {
        ulong seed = ulong.TryParse(Environment.GetEnvironmentVariable("POLYMORPH_TEST_SEED"), CultureInfo.InvariantCulture, out ulong given) ? given : 1;
        FsCheck.Fluent.Prop.ForAll(generator.ToArbitrary(), property).Check(Config.QuickThrowOnFailure.WithMaxTest(cases).WithReplay(seed, 1));
    }
}
