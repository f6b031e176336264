using FsCheck.Fluent;
using Xunit;

namespace Polymorph.Structures.Tests;

public sealed class NeighborListTests
{
    // The definition: every image within reach, by brute force. An image can only be near when each of its fractional differences is below
    // cutoff / face distance of the unreduced cell; nothing is shared with the cell list.
    private static List<Neighbor> BruteForce(Structure s, int i, double cutoff)
    {
        var found = new List<Neighbor>();
        Span<int> low = [0, 0, 0], high = [0, 0, 0];
        for (int j = 0; j < s.AtomCount; j++)
        {
            for (int axis = 0; axis < 3 && s.Lattice is not null; axis++)
            {
                double difference = s.Lattice.ToFractional(s.Positions[j] - s.Positions[i])[axis], reach = cutoff / s.Lattice.FaceDistances[axis];
                bool periodic = axis switch { 0 => s.Periodicity.A, 1 => s.Periodicity.B, _ => s.Periodicity.C };
                low[axis] = periodic ? (int)Math.Floor(-difference - reach) : 0;
                high[axis] = periodic ? (int)Math.Ceiling(-difference + reach) : 0;
            }

            for (int a = low[0]; a <= high[0]; a++)
            {
                for (int b = low[1]; b <= high[1]; b++)
                {
                    for (int c = low[2]; c <= high[2]; c++)
                    {
                        var shift = s.Lattice is { } l ? a * l.A + b * l.B + c * l.C : default;
                        var offset = s.Positions[j] - s.Positions[i] + shift;
                        if (offset.Length < cutoff && !(i == j && a == 0 && b == 0 && c == 0))
                        {
                            found.Add(new Neighbor(j, new CellImage(a, b, c), offset, offset.Length));
                        }
                    }
                }
            }
        }

        return [.. found.OrderBy(n => n.Distance).ThenBy(n => n.Index).ThenBy(n => n.Image.A).ThenBy(n => n.Image.B).ThenBy(n => n.Image.C)];
    }

    private static bool EqualsBruteForce(Structure s, double cutoff)
    {
        var list = NeighborList.Build(s, cutoff);
        return Enumerable.Range(0, s.AtomCount).All(i => list.Of(i).ToArray().SequenceEqual(BruteForce(s, i, cutoff)));
    }

    [Fact]
    public void EqualsBruteForceForAnyCell() =>
        Arbitrary.Check(
            from s in Arbitrary.Structure(size: 6, maxAtoms: 8)
            from cutoff in Arbitrary.Real(0.5, 5)
            select (s, cutoff),
            x => EqualsBruteForce(x.s, x.cutoff), cases: 150);

    [Fact]
    public void EqualsBruteForceForTinyCellsAndLongCutoffs() =>
        Arbitrary.Check(
            from s in Arbitrary.Structure(size: 1.2, maxAtoms: 3)
            from cutoff in Arbitrary.Real(1, 3)
            select (s, cutoff),
            x => EqualsBruteForce(x.s, x.cutoff), cases: 60);

    [Fact]
    public void EqualsBruteForceWhereTheCellHasManyBoxes() =>
        Arbitrary.Check(
            from s in Arbitrary.Structure(size: 12, maxAtoms: 60)
            from cutoff in Arbitrary.Real(0.5, 3)
            select (s, cutoff),
            x => EqualsBruteForce(x.s, x.cutoff), cases: 40);

    // The same crystal described by a cell sheared beyond recognition has the same distances.
    [Fact]
    public void ExtremeShearChangesNothing()
    {
        Arbitrary.Check(
            from s in Arbitrary.Structure(size: 6, maxAtoms: 4)
            from shear in Gen.Choose(-40, 40).Three()
            where s.Lattice is not null
            select (s, shear),
            x =>
            {
                var (l, (i, j, k)) = (x.s.Lattice!, x.shear);
                var b = l.B + i * l.A;
                var sheared = new Lattice(l.A, b, l.C + j * l.A + k * b);
                var expected = NeighborList.Build(x.s.Positions, l, Periodicity.Full, 4);
                var actual = NeighborList.Build(x.s.Positions, sheared, Periodicity.Full, 4);
                // Components of the sheared vectors reach 10⁵ Å, so differences of them carry errors of about 10⁻¹⁰ Å.
                return Math.Abs(expected.PairCount - actual.PairCount) <= 2 && Enumerable.Range(0, x.s.AtomCount).All(atom =>
                    expected.Of(atom).ToArray().Zip(actual.Of(atom).ToArray()).All(p => Math.Abs(p.First.Distance - p.Second.Distance) < 1e-8));
            }, cases: 60);
    }

    // Coordination shells of the face-centred cubic lattice: 12, 6, 24, 12 atoms at sqrt(n/2) edges.
    [Fact]
    public void ShellsOfFccAreThoseOfTheTextbook()
    {
        var primitive = new Lattice(new(0, 2, 2), new(2, 0, 2), new(2, 2, 0));
        var list = NeighborList.Build(new Structure([Element.Parse("Cu")], [new(0.3, 0.4, 100)], primitive), cutoff: 4 * 1.5);
        var shells = list.Of(0).ToArray().GroupBy(n => Math.Round(n.Distance, 9)).Select(g => (g.Key, g.Count())).ToArray();
        Assert.Equal([(Math.Round(4 * Math.Sqrt(0.5), 9), 12), (4, 6), (Math.Round(4 * Math.Sqrt(1.5), 9), 24), (Math.Round(4 * Math.Sqrt(2), 9), 12)], shells);
    }

    [Fact]
    public void PairsAreMirrorImagesToTheLastBit()
    {
        Arbitrary.Check(Arbitrary.Structure(size: 5, maxAtoms: 6), s =>
        {
            var list = NeighborList.Build(s, 4);
            return Enumerable.Range(0, s.AtomCount).All(i => list.Of(i).ToArray().All(n =>
                list.Of(n.Index).ToArray().Contains(new Neighbor(i, new CellImage(-n.Image.A, -n.Image.B, -n.Image.C), -n.Offset, n.Distance))));
        }, cases: 60);
    }

    [Fact]
    public void CutoffBeyondAnyDistanceGivesAllPairsOfAMolecule()
    {
        var positions = Enumerable.Range(0, 20).Select(i => new Vector3D(i, 0.1 * i * i, 0)).ToArray();
        var list = NeighborList.Build(positions, null, Periodicity.None, 1e9);
        Assert.Equal(20 * 19, list.PairCount);
    }

    [Fact]
    public void TimeGrowsWithTheNumberOfAtomsOnly()
    {
        // 200 000 atoms at constant density: a quadratic search would need 4·10¹⁰ distances, minutes instead of a second.
        var positions = new Vector3D[200_000];
        for (int i = 0; i < positions.Length; i++)
        {
            positions[i] = new Vector3D(i % 50 * 2.0, i / 50 % 50 * 2.0, i / 2500 * 2.0);
        }

        var list = NeighborList.Build(positions, new Lattice(new(100, 0, 0), new(0, 100, 0), new(0, 0, 160)), Periodicity.Full, 2.1);
        Assert.Equal(6 * positions.Length, list.PairCount);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(1e4)]
    public void ImpossibleCutoffsAreRefused(double cutoff) =>
        Assert.Throws<ArgumentException>(() => NeighborList.Build(new Structure([Element.Parse("H")], [default], Lattice.Cubic(1)), cutoff));

    [Fact]
    public void NearestPairLooksAtImages()
    {
        var s = new Structure([Element.Parse("H"), Element.Parse("O")], [new(0.2, 5, 5), new(9.8, 5, 5)], Lattice.Cubic(10));
        var pair = ClosePair.Nearest(s)!.Value;
        Assert.Equal((0, 1, new CellImage(-1, 0, 0)), (pair.First, pair.Second, pair.Image));
        Assert.Equal(0.4, pair.Distance, 1e-12); // rounding of 9.8 - 10
        Assert.Null(ClosePair.FindAny(s, 0.39));
        Assert.NotNull(ClosePair.FindAny(s, 0.41));
    }

    [Fact]
    public void NearestPairEqualsBruteForce() =>
        Arbitrary.Check(Arbitrary.Structure(size: 8, maxAtoms: 6), s =>
        {
            double expected = Enumerable.Range(0, s.AtomCount).SelectMany(i => BruteForce(s, i, 8)).Select(n => n.Distance).DefaultIfEmpty(double.NaN).Min();
            double? nearest = ClosePair.Nearest(s)?.Distance;
            return double.IsNaN(expected) ? nearest is null or >= 8 : nearest == expected;
        }, cases: 60);

    [Fact]
    public void CrowdedAtomsAreFoundAtOnce()
    {
        // A million atoms in one point: listing the pairs would take 10¹² steps.
        var s = new Structure([.. Enumerable.Repeat(Element.Parse("H"), 1_000_000)], [.. Enumerable.Repeat(new Vector3D(1, 2, 3), 1_000_000)]);
        Assert.NotNull(ClosePair.FindAny(s, 0.4));
    }
}
