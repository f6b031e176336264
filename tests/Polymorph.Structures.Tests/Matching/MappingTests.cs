using FsCheck.Fluent;
using Polymorph.Foundation;
using Polymorph.Structures.Cells;
using Polymorph.Structures.Matching;
using Xunit;

namespace Polymorph.Structures.Tests.Matching;

public sealed class MappingTests
{
    // A crystal without symmetry: the partners of its atoms are where the description put them, and nowhere else.
    [Fact]
    public void EveryAtomFindsItself()
    {
        var crystal = Skewed();
        var matcher = new StructureMatcher(MatchOptions.Benchmark);
        Arbitrary.Check(Description.Random(crystal.AtomCount), d =>
        {
            var match = matcher.RmsDistance(crystal, d.Of(crystal));
            return match.Verdict == MatchVerdict.Match && match.Rms < 1e-9 && match.Mapping.SequenceEqual(d.PlaceOf())
                && Math.Abs(match.VolumeRatio!.Value - 1) < 1e-9 && match.LengthDeviation < 1e-9 && match.AngleDeviation < 1e-6; // acos near 1 loses half the digits
        }, cases: 40);
    }

    // Two equal supercells: a pairing of all atoms, each with one of its own element.
    [Theory, InlineData(true), InlineData(false)]
    public void MergedAtomsAreTakenApartAgain(bool primitive)
    {
        var crystal = CellReduction.Supercell(Skewed(), new IntegerMatrix((1, 1, 0), (0, 2, 0), (0, 0, 1)));
        var matcher = new StructureMatcher(MatchOptions.Benchmark with { PrimitiveCell = primitive });
        Arbitrary.Check(Description.Random(crystal.AtomCount), d =>
        {
            var other = d.Of(crystal);
            var match = matcher.RmsDistance(crystal, other);
            return match.Mapping.Order().SequenceEqual(Enumerable.Range(0, crystal.AtomCount)) && match.Mapping.Select((b, a) => other.Species[b] == crystal.Species[a]).All(same => same);
        }, cases: 20);
    }

    [Fact]
    public void AMoleculeIsNamed()
    {
        var matcher = new StructureMatcher(new MatchOptions());
        var error = Assert.Throws<PolymorphException>(() => matcher.Prepare(new Structure([new Element(6)], [default])));
        Assert.Equal("PM2310", error.Code);
    }

    [Fact]
    public void ASearchBeyondItsLimitIsUndecided()
    {
        var (a, b) = (Skewed(), Skewed().WithPositions([.. Skewed().Positions.Select((p, i) => p + new Vector3D(0.1 * i, 0, 0))]));
        var matcher = new StructureMatcher(MatchOptions.Benchmark with { WorkLimit = 60 });
        Assert.Equal(MatchVerdict.Undecided, matcher.Fits(a, b));
        Assert.Equal(MatchVerdict.Undecided, matcher.RmsDistance(a, b).Verdict);
        Assert.Equal(MatchVerdict.Match, new StructureMatcher(MatchOptions.Benchmark).Fits(a, b));
    }

    [Theory, InlineData(-0.1), InlineData(11), InlineData(double.NaN)]
    public void TolerancesOutsideTheirRangeAreRefused(double value)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new MatchOptions { LengthTolerance = value });
        Assert.Throws<ArgumentOutOfRangeException>(() => new MatchOptions { SiteTolerance = value });
        Assert.Throws<ArgumentOutOfRangeException>(() => new MatchOptions { AngleToleranceDegrees = value * 20 });
    }

    private static Structure Skewed()
    {
        var lattice = new Lattice(new(5.1, 0.2, -0.3), new(-1.7, 6.2, 0.1), new(0.4, 2.1, 7.3));
        return new(
            [new(14), new(8), new(8), new(12), new(8)],
            [.. new Vector3D[] { new(0.1, 0.2, 0.3), new(0.41, 0.33, 0.12), new(0.73, 0.62, 0.55), new(0.22, 0.81, 0.74), new(0.95, 0.5, 0.9) }.Select(lattice.ToCartesian)],
            lattice);
    }
}
