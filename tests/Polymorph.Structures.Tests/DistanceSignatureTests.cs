using System.Collections.Immutable;
using FsCheck.Fluent;
using Polymorph.Structures.Inspection;
using Xunit;

namespace Polymorph.Structures.Tests;

public sealed class DistanceSignatureTests
{
    /// No distance changes by more than twice the displacement, and neither does the k-th nearest of an element, so that like crystals always match:
    /// also where the nearest neighbours of two elements are equally far and change sides.
    [Fact]
    public void SmallDisplacementsOfACrystalStayWithinTwiceTheirLength() =>
        Arbitrary.Check(
            from a in Arbitrary.Real(4, 6)
            from places in Arbitrary.Vector(3).ArrayOf(6)
            from shifts in Arbitrary.Vector(1).ArrayOf(6)
            select (a, places, shifts),
            c =>
            {
                const double length = 0.02;
                ImmutableArray<Element> species = [new(14), new(14), new(8), new(8), new(8), new(8)];
                var lattice = new Lattice(new(c.a, 0, 0), new(0.3, c.a, 0), new(-0.2, 0.1, c.a));
                var crystal = new Structure(species, [.. c.places], lattice);
                var moved = new Structure(species, [.. c.places.Zip(c.shifts, (p, s) => p + (length / Math.Max(s.Length, 1e-9)) * s)], lattice);
                return DistanceSignature.Of(crystal).Matches(DistanceSignature.Of(moved), 2 * length + 1e-5);
            },
            cases: 100);
}
