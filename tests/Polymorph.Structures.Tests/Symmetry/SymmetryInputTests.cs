using System.Collections.Immutable;
using Polymorph.Foundation;
using Polymorph.Structures.Symmetry;
using Polymorph.Structures.Symmetry.Kernels;
using Xunit;

namespace Polymorph.Structures.Tests.Symmetry;

/// What the library cannot take is refused by name before it is called; whatever passes never ends the process.
public sealed class SymmetryInputTests
{
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
        Assert.Equal("PM2602", Code(() => SymmetryFinder.Find(Salt, symprec)));
        Assert.Equal("PM2602", Code(() => SymmetryFinder.Standardize(Salt, StandardCell.Primitive, symprec)));
    }

    [Fact]
    public void MoleculesAndSlabsHaveNoSpaceGroup()
    {
        Assert.Equal("PM2603", Code(() => SymmetryFinder.Find(new Structure(Salt.Species, Salt.Positions))));
        Assert.Equal("PM2603", Code(() => SymmetryFinder.Find(new Structure(Salt.Species, Salt.Positions, Salt.Lattice, new Periodicity(true, true, false)))));
    }

    [Theory]
    [InlineData(0.01, 0.01, 0.01, "PM2604")] // volume 1e-6
    [InlineData(1e6, 1, 1, "PM2604")] // a needle
    [InlineData(100, 100, 100, null)] // volume 1e6
    public void AbsurdCellsAreRefused(double a, double b, double c, string? code)
    {
        var crystal = new Structure([new(6)], [default], new Lattice(new(a, 0, 0), new(0, b, 0), new(0, 0, c)));
        Assert.Equal(code, code is null ? SymmetryFinder.Find(crystal).Number == 221 ? null : "other group" : Code(() => SymmetryFinder.Find(crystal)));
    }

    [Theory]
    [InlineData(0.5, 1)]
    [InlineData(0.01, 0.02)]
    public void AtomsWithinTheToleranceAreRefused(double distance, double symprec)
    {
        var crystal = new Structure([new(14), new(14)], [default, new(distance, 0, 0)], Lattice.Cubic(6));
        Assert.Equal("PM2605", Code(() => SymmetryFinder.Find(crystal, symprec)));
        // Of unlike elements too.
        Assert.Equal("PM2605", Code(() => SymmetryFinder.Find(new Structure([new(14), new(8)], crystal.Positions, crystal.Lattice), symprec)));
    }

    [Fact]
    public void TooManyAtomsAreRefused() =>
        Assert.Equal("PM2606", Code(() => SymmetryFinder.Find(Salt.Repeat(18, 18, 18))));

    [Fact]
    public void AMissingLibraryIsNamed()
    {
        var error = Assert.Throws<PolymorphException>(() => SpglibLibrary.Load(["libsymspg-that-is-nowhere.so"]));
        Assert.Equal(("PM2601", ExitCode.EngineFailed), (error.Code, error.ExitCode));
        Assert.Contains("libsymspg1", error.NextStep, StringComparison.Ordinal);
        // A library, but another one.
        Assert.Equal("PM2601", Code(() => SpglibLibrary.Load([OperatingSystem.IsLinux() ? "libc.so.6" : "nothing"])));
    }

    [Fact]
    public void RandomCrystalsAndTolerancesGiveAnAnswerOrACode()
    {
        var random = new Random(5);
        for (int round = 0; round < 400; round++)
        {
            var cell = RandomCell(random);
            if (cell is null)
            {
                continue;
            }

            int atoms = random.Next(1, 13);
            // Coordinates on a coarse grid make high symmetries and coincidences, huge ones must be wrapped.
            double grid = random.Next(1, 7), far = round % 5 == 0 ? 1e6 : 1;
            ImmutableArray<Vector3D> positions = [.. Enumerable.Range(0, atoms).Select(_ => cell.ToCartesian(new(Coordinate(), Coordinate(), far * Coordinate())))];
            var crystal = new Structure([.. Enumerable.Range(0, atoms).Select(_ => new Element(random.Next(1, 4)))], positions, cell);
            double symprec = Math.Pow(10, -5.9 + 5.9 * random.NextDouble());
            try
            {
                var symmetry = SymmetryFinder.Find(crystal, symprec);
                Assert.InRange(symmetry.Number, 1, 230);
                Assert.True(symmetry.AsymmetricUnit.Sites.Length > 0);
            }
            catch (PolymorphException e)
            {
                Assert.StartsWith("PM26", e.Code, StringComparison.Ordinal);
            }

            double Coordinate() => random.Next(-9, 9) / grid + (round % 3 == 0 ? 0.01 * random.NextDouble() : 0);
        }
    }

    private static Lattice? RandomCell(Random random)
    {
        double a = 2 + 6 * random.NextDouble();
        var lengths = random.Next(3) switch { 0 => new Vector3D(a, a, a), 1 => new(a, a, 2 * a), _ => new(a, 3 * random.NextDouble() + 1, 50 * random.NextDouble() + 1) };
        double[] special = [60, 90, 90, 90, 109.4712206, 120, 5, 175];
        var angles = new Vector3D(special[random.Next(8)], special[random.Next(8)], special[random.Next(8)]) * (Math.PI / 180);
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
