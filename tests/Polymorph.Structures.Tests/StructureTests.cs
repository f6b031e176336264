using System.Collections.Immutable;
using Polymorph.Structures.Inspection;
using Xunit;

namespace Polymorph.Structures.Tests;

public sealed class StructureTests
{
    private static readonly Element H = new(1);

    [Fact]
    public void ImpossibleStructuresAreRefused()
    {
        Assert.Throws<ArgumentException>(() => new Structure([], []));
        Assert.Throws<ArgumentException>(() => new Structure(default, default));
        Assert.Throws<ArgumentException>(() => new Structure([H], [default, default]));
        Assert.Throws<ArgumentException>(() => new Structure([H], [new(0, double.NaN, 0)]));
        Assert.Throws<ArgumentException>(() => new Structure([H], [default], periodicity: Periodicity.Full));
        Assert.Throws<ArgumentException>(() => new Structure([H], [default], atomProperties: ImmutableSortedDictionary<string, AtomProperty>.Empty.Add("f", new AtomProperty('R', 3, [1.0, 2.0]))));
        Assert.Throws<InvalidOperationException>(() => new Structure([H], [default]).FractionalPositions);
        Assert.Throws<InvalidOperationException>(() => new Structure([H], [default]).Repeat(1, 1, 1));
    }

    [Fact]
    public void CopiesChangeOneThing()
    {
        var s = new Structure([H], [new(1, 2, 3)], Lattice.Cubic(4), id: "a");
        Assert.Equal(("b", s.Lattice, s.Periodicity), (s.WithId("b").Id, s.WithId("b").Lattice, s.WithId("b").Periodicity));
        Assert.Equal(new Vector3D(0, 0, 0), s.WithPositions([default]).Positions[0]);
        Assert.Equal(5.0, s.WithProperty("x", 5.0).Properties["x"]);
        Assert.Empty(s.Properties);
        Assert.Equal(new Vector3D(0.25, 0.5, 0.75), s.FractionalPositions[0]);
        Assert.Equal(Periodicity.Full, s.Periodicity);
    }

    // A supercell repeats each atom; its neighbours are those of the cell.
    [Fact]
    public void SupercellsHaveTheNeighboursOfTheCell() =>
        Arbitrary.Check(Arbitrary.Structure(5, 3), s =>
        {
            if (s.Lattice is null || s.Periodicity != Periodicity.Full)
            {
                return true;
            }

            var (cell, super) = (NeighborList.Build(s, 3), NeighborList.Build(s.Repeat(2, 1, 3), 3));
            return super.AtomCount == 6 * cell.AtomCount && Enumerable.Range(0, super.AtomCount).All(i =>
            {
                // A neighbour within rounding of the cutoff may be counted on one side only.
                var (a, b) = (super.Of(i).ToArray(), cell.Of(i % cell.AtomCount).ToArray());
                return Math.Abs(a.Length - b.Length) <= 1 && a.Zip(b).All(p => Math.Abs(p.First.Distance - p.Second.Distance) < 1e-9);
            });
        }, cases: 60);

    [Fact]
    public void FormulasFollowHill()
    {
        Assert.Equal("C2H6O", new Composition([new(8), new(6), new(1), new(1), new(6), H, H, H, H]).Formula);
        Assert.Equal("ClNa", Composition.Parse("NaCl").Formula);
        Assert.Equal("H2O", Composition.Parse("OH2").Formula);
        Assert.Equal((Composition.Parse("SiO2"), 3), (Composition.Parse("O2Si"), Composition.Parse("O2Si").AtomCount));
        Assert.Equal(Composition.Parse("SiO2").GetHashCode(), Composition.Parse("O2Si").GetHashCode());
        Assert.NotEqual(Composition.Parse("SiO2"), Composition.Parse("SiO"));
        Assert.Equal("Al2Ca3O12Si3", Composition.Parse("Ca3Al2(SiO4)3").Formula);
        Assert.Throws<FormatException>(() => Composition.Parse("(C999999)999999"));
        Assert.Throws<FormatException>(() => Composition.Parse(new string('(', 100_000)));
    }

    [Fact]
    public void DuplicatesAreFoundWhateverTheirOrientation() =>
        Arbitrary.Check(Arbitrary.Structure(8, 6), s =>
        {
            if (ClosePair.FindAny(s, 0.4) is not null)
            {
                return true;
            }

            // A quarter turn about z and a shift; atoms in reverse order.
            static Vector3D Turn(Vector3D v) => new(-v.Y, v.X, v.Z);
            var turned = new Structure([.. s.Species.Reverse()], [.. s.Positions.Reverse().Select(p => Turn(p) + new Vector3D(1, -2, 3))],
                s.Lattice is { } l ? new Lattice(Turn(l.A), Turn(l.B), Turn(l.C)) : null, s.Periodicity, "turned");
            var stretched = new Structure(s.Species, [.. s.Positions.Select(p => 1.5 * p)], s.Lattice is { } k ? new Lattice(1.5 * k.A, 1.5 * k.B, 1.5 * k.C) : null, s.Periodicity, "stretched");
            bool hasDistances = s.Periodicity == Periodicity.Full || (!s.Periodicity.Any && s.AtomCount > 1);
            var finder = new DuplicateFinder();
            return finder.FindOrAdd(s.WithId("first")) is null && finder.FindOrAdd(turned) == "first" && (!hasDistances || finder.FindOrAdd(stretched) is null);
        }, cases: 80);
}
