using System.Text.Json;
using Polymorph.Structures.Cells;
using Polymorph.Structures.Tests.Matching;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Structures.Tests.Cells;

public sealed class GoldenCellTests
{
    // The golden file's own tolerance: the cells are given with six to ten digits and angles near 60 and 90 degrees magnify them.
    private const double Tolerance = 1e-4;

    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, 36)];

    [Theory, MemberData(nameof(Numbers))]
    public void NiggliCellsAreThoseOfSpglib(int n)
    {
        var (cell, golden) = Read(n);
        AssertParameters(golden.GetProperty("niggli_spglib"), CellReduction.Niggli(cell.Lattice!));
    }

    [Theory, MemberData(nameof(Numbers))]
    public void LovaszCellsAreThoseOfPymatgen(int n)
    {
        var (cell, golden) = Read(n);
        AssertParameters(golden.GetProperty("lll_pymatgen"), CellReduction.Lovasz(cell.Lattice!));
    }

    [Theory, MemberData(nameof(Numbers))]
    public void LoosePrimitiveCellsAreThoseOfPymatgen(int n)
    {
        var (cell, golden) = Read(n);
        var primitive = CellReduction.LoosePrimitive(cell);
        Assert.Equal(golden.GetProperty("primitive_pymatgen").GetProperty("natoms").GetInt32(), primitive.AtomCount);
        double volume = golden.GetProperty("primitive_pymatgen").GetProperty("volume").GetDouble();
        Assert.Equal(volume, primitive.Lattice!.Volume, Tolerance * volume);
    }

    // reduced_pymatgen has the Niggli cell of the primitive cell in pymatgen's sense; where that is not Niggli-reduced (mixed angles) the lattices are compared by their Niggli cells.
    [Theory, MemberData(nameof(Numbers))]
    public void PrimitiveCellsAreNiggliReduced(int n)
    {
        var (cell, golden) = Read(n);
        double[] p = [.. golden.GetProperty("reduced_pymatgen").GetProperty("params").EnumerateArray().Select(x => x.GetDouble())];
        var theirs = Lattice.FromParameters(new(p[0], p[1], p[2]), Math.PI / 180 * new Vector3D(p[3], p[4], p[5]));
        AssertParameters(Parameters(CellReduction.Niggli(theirs)), CellReduction.LoosePrimitive(cell).Lattice!);
    }

    [Fact]
    public void SupercellsAreMadeOfCopies() =>
        Arbitrary.Check(Arbitrary.Structure(5, 4), s =>
        {
            if (s.Periodicity != Periodicity.Full)
            {
                return true;
            }

            var large = CellReduction.Supercell(s, new IntegerMatrix((2, 1, 0), (0, 1, -1), (1, 0, 2)));
            // Each copy differs from its atom by a vector of the old lattice, and no two copies of one atom by a vector of the new one.
            return large.AtomCount == 3 * s.AtomCount && Math.Abs(large.Lattice!.Volume / s.Lattice!.Volume - 3) < 1e-9 && Enumerable.Range(0, large.AtomCount).All(i =>
                IsWhole(s.Lattice.ToFractional(large.Positions[i] - s.Positions[i / 3]))
                && Enumerable.Range(i / 3 * 3, 3).All(j => j == i || !IsWhole(large.Lattice.ToFractional(large.Positions[i] - large.Positions[j]))));
        }, cases: 50);

    [Fact]
    public void ASupercellNeedsAVolume()
    {
        var cell = new Structure([new Element(6)], [default], Lattice.Cubic(3));
        Assert.Throws<ArgumentException>(() => CellReduction.Supercell(cell, IntegerMatrix.Diagonal(1, 1, -1)));
        Assert.Throws<ArgumentException>(() => CellReduction.Supercell(new Structure([new Element(6)], [default]), IntegerMatrix.Identity));
    }

    // Delaunay's condition: with the fourth vector no two enclose an acute angle, if the three are taken with suitable signs; and it is the same lattice.
    [Fact]
    public void OtherReductionsSpanTheSameLattice() =>
        Arbitrary.Check(Arbitrary.Lattice(6), l => new[] { CellReduction.Delaunay(l), CellReduction.Minimum(l), CellReduction.Niggli(l), CellReduction.Lovasz(l) }.All(r =>
            // Rounding in skewed cells.
            Math.Abs(r.Volume / l.Volume - 1) < 1e-9 && new[] { r.A, r.B, r.C }.All(v => IsWhole(l.ToFractional(v)))), cases: 200);

    [Fact]
    public void NiggliCellsDoNotDependOnTheBasis() =>
        Arbitrary.Check(Arbitrary.Lattice(6), l =>
        {
            var other = new Lattice(l.B + l.A, l.C - 2 * l.B, l.A + 3 * l.C - 6 * l.B);
            var (p, q) = (CellReduction.Niggli(l), CellReduction.Niggli(other));
            return (p.Lengths - q.Lengths).Length < 1e-9 && (p.Angles - q.Angles).Length < 1e-9;
        }, cases: 300);

    private static bool IsWhole(Vector3D f) => Math.Abs(f.X - Math.Round(f.X)) < 1e-8 && Math.Abs(f.Y - Math.Round(f.Y)) < 1e-8 && Math.Abs(f.Z - Math.Round(f.Z)) < 1e-8;

    private static (Structure Cell, JsonElement Golden) Read(int n)
    {
        var golden = ReferenceData.Json("golden/matching/cells.json").GetProperty("cells")[n];
        return (ReferenceCrystal.OfVectors(golden.GetProperty("cell")), golden);
    }

    private static double[] Parameters(Lattice l)
    {
        var (lengths, angles) = (l.Lengths, 180 / Math.PI * l.Angles);
        return [lengths.X, lengths.Y, lengths.Z, angles.X, angles.Y, angles.Z];
    }

    private static void AssertParameters(JsonElement expected, Lattice actual) => AssertParameters([.. expected.EnumerateArray().Select(x => x.GetDouble())], actual);

    private static void AssertParameters(double[] expected, Lattice actual)
    {
        double[] ours = Parameters(actual);
        for (int i = 0; i < 6; i++)
        {
            Assert.True(Math.Abs(expected[i] - ours[i]) < Tolerance, $"expected {string.Join(" ", expected)}, got {string.Join(" ", ours)}");
        }
    }
}
