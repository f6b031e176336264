using FsCheck;
using FsCheck.Fluent;
using Polymorph.Foundation;
using Polymorph.Structures.Symmetry;
using Polymorph.Structures.Symmetry.Kernels;
using Xunit;

namespace Polymorph.Structures.Tests.Symmetry;

/// What the library cannot take is refused by name before it is called; whatever passes never ends the process.
public sealed class SymmetryInputTests
{
    // A night of fuzzing: POLYMORPH_FUZZ_FACTOR=1000.
    private static readonly int Factor = int.TryParse(Environment.GetEnvironmentVariable("POLYMORPH_FUZZ_FACTOR"), out int factor) ? factor : 1;

    private static readonly Structure Salt = new([new(11), new(17)], [default, new(2.8, 2.8, 2.8)], Lattice.Cubic(5.6));

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(-0.01)]
    [InlineData(1e-6)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void TolerancesOutOfRangeAreRefused(double symprec)
    {
        Assert.Equal("PM2802", Code(() => SymmetryFinder.Find(Salt, symprec)));
        Assert.Equal("PM2802", Code(() => SymmetryFinder.Standardize(Salt, StandardCell.Primitive, symprec)));
    }

    [Fact]
    public void MoleculesAndSlabsHaveNoSpaceGroup()
    {
        Assert.Equal("PM2803", Code(() => SymmetryFinder.Find(new Structure(Salt.Species, Salt.Positions))));
        Assert.Equal("PM2803", Code(() => SymmetryFinder.Find(new Structure(Salt.Species, Salt.Positions, Salt.Lattice, new Periodicity(true, true, false)))));
    }

    [Theory]
    [InlineData(0.01, 0.01, 0.01, "PM2804")] // volume 1e-6
    [InlineData(1e6, 1, 1, "PM2804")] // a needle
    [InlineData(100, 100, 100, null)] // volume 1e6
    public void AbsurdCellsAreRefused(double a, double b, double c, string? code)
    {
        var crystal = new Structure([new(6)], [default], new Lattice(new(a, 0, 0), new(0, b, 0), new(0, 0, c)));
        Assert.Equal(code, code is null ? SymmetryFinder.Find(crystal).Number == 221 ? null : "other group" : Code(() => SymmetryFinder.Find(crystal)));
    }

    [Fact]
    public void TheCellThatEndedTheProcessIsRefused()
    {
        // Centred: its shortest lattice vector has 0.32 Å. Version 2.0.2 of the library reads a null pointer here.
        var cell = new Lattice(new(7.3796787880934849, 0, 0), new(-7.351596882318848, 0.64318138601542907, 0), new(0, 0, 147.59357576186969));
        var crystal = new Structure([new(1), new(1)], [cell.ToCartesian(new(0.25, 0.25, 0)), cell.ToCartesian(new(0.75, 0.75, 0))], cell);
        Assert.Equal("PM2805", Code(() => SymmetryFinder.Find(crystal, 0.26698835021580047)));
    }

    [Theory]
    [InlineData(0.5, 1)]
    [InlineData(0.01, 0.02)]
    [InlineData(0.39, 0.1)]
    public void AtomsWithinTheToleranceAreRefused(double distance, double symprec)
    {
        var crystal = new Structure([new(14), new(14)], [default, new(distance, 0, 0)], Lattice.Cubic(6));
        Assert.Equal("PM2805", Code(() => SymmetryFinder.Find(crystal, symprec)));
        // Of unlike elements too.
        Assert.Equal("PM2805", Code(() => SymmetryFinder.Find(new Structure([new(14), new(8)], crystal.Positions, crystal.Lattice), symprec)));
    }

    [Fact]
    public void TooManyAtomsAreRefused() =>
        Assert.Equal("PM2806", Code(() => SymmetryFinder.Find(Salt.Repeat(18, 18, 18))));

    [Fact]
    public void AMissingLibraryIsNamed()
    {
        var error = Assert.Throws<PolymorphException>(() => SpglibLibrary.Load(["libsymspg-that-is-nowhere.so"]));
        Assert.Equal(("PM2801", ExitCode.EngineFailed), (error.Code, error.ExitCode));
        Assert.Contains("libsymspg1", error.NextStep, StringComparison.Ordinal);
        // A library, but another one.
        Assert.Equal("PM2801", Code(() => SpglibLibrary.Load([OperatingSystem.IsLinux() ? "libc.so.6" : "nothing"])));
    }

    [Fact]
    public void RandomCrystalsAndTolerancesGiveAnAnswerOrACode() => Arbitrary.Check(Inputs(), input =>
    {
        try
        {
            var symmetry = SymmetryFinder.Find(input.Crystal, input.Symprec);
            Assert.InRange(symmetry.Number, 1, 230);
            Assert.Equal(symmetry.Refined.AtomCount, symmetry.AsymmetricUnit.Sites.Sum(s => s.Multiplicity));
        }
        catch (PolymorphException e)
        {
            Assert.StartsWith("PM28", e.Code, StringComparison.Ordinal);
        }

        return true;
    }, cases: 400 * Factor);

    /// Coordinates on coarse grids make high symmetries and coincidences, huge ones must be wrapped; cells are special ones and needles.
    private static Gen<(Structure Crystal, double Symprec)> Inputs() =>
        from cell in Cells()
        from grid in Gen.Choose(1, 6)
        from far in Gen.Elements(1, 1, 1, 1_000_000)
        from noise in Gen.Elements(0, 0, 0.01)
        from count in Gen.Choose(1, 12)
        from coordinates in Gen.ArrayOf(Gen.Choose(-9, 9).Three(), count)
        from rattle in Gen.ArrayOf(Arbitrary.Real(-1, 1).Three(), count)
        from species in Gen.ArrayOf(Gen.Choose(1, 3), count)
        from exponent in Arbitrary.Real(-5.9, 0)
        select (new Structure(
            [.. species.Select(z => new Element(z))],
            [.. coordinates.Zip(rattle, (c, r) => cell.ToCartesian(new((double)c.Item1 / grid + noise * r.Item1, (double)c.Item2 / grid + noise * r.Item2, far * (double)c.Item3 / grid + noise * r.Item3)))],
            cell), Math.Pow(10, exponent));

    private static Gen<Lattice> Cells() =>
        from a in Arbitrary.Real(2, 8)
        from shape in Gen.Elements(new Vector3D(1, 1, 1), new(1, 1, 2), new(1, 0.6, 1.7), new(1, 1, 20))
        from angles in Gen.Elements(60, 90, 90, 90, 109.4712206, 120, 5, 175).Three()
        let cell = Cell(a * shape, Math.PI / 180 * new Vector3D(angles.Item1, angles.Item2, angles.Item3))
        where cell is not null
        select cell;

    private static Lattice? Cell(Vector3D lengths, Vector3D angles)
    {
        try
        {
            return Lattice.FromParameters(lengths, angles);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static string Code(Action action) => Assert.Throws<PolymorphException>(action).Code;
}
