using Polymorph.Structures.Formats;
using Xunit;

namespace Polymorph.Structures.Tests;

public sealed class PoscarTests
{
    private const string Vasp5 = """
        rock salt
        2.0
        0.0 2.0 2.0
        2.0 0.0 2.0
        2.0 2.0 0.0
        Na Cl
        1 1
        Direct
        0 0 0
        0.5 0.5 0.5
        """;

    [Fact]
    public void ScaleMultipliesCellAndDirectPositions()
    {
        var s = InputText.One(Vasp5, "POSCAR");
        Assert.Equal(new Vector3D(0, 4, 4), s.Lattice!.A);
        Assert.Equal([default, new Vector3D(4, 4, 4)], s.Positions);
        Assert.Equal("NaCl".Length, s.Composition.Formula.Length);
        Assert.Equal(("rock salt", "POSCAR#1"), ((string)s.Properties["comment"], s.Id));
        Assert.Equal(Periodicity.Full, s.Periodicity);
    }

    [Fact]
    public void NegativeScaleIsTheVolume()
    {
        var s = InputText.One(Vasp5.Replace("2.0\n0.0", "-54\n0.0", StringComparison.Ordinal), "POSCAR");
        Assert.Equal(54, s.Lattice!.Volume, 1e-12); // rounding of the cube root
        Assert.Equal(new Vector3D(0, 3, 3).Length, s.Lattice.A.Length, 1e-12); // 16 Å³ of the unscaled cell times 1.5³
    }

    [Fact]
    public void ThreeScalesStretchTheAxesAndCartesianPositions()
    {
        var s = InputText.One("x\n1 2 3\n4 0 0\n0 4 0\n1 0 4\nFe\n1\nCartesian\n1 1 1\n", "POSCAR");
        Assert.Equal((new Vector3D(4, 0, 0), new Vector3D(0, 8, 0), new Vector3D(1, 0, 12)), (s.Lattice!.A, s.Lattice.B, s.Lattice.C));
        Assert.Equal(new Vector3D(1, 2, 3), s.Positions[0]);
    }

    [Fact]
    public void Vasp4TakesTheSymbolsFromTheComment()
    {
        var s = InputText.One("Si O\n1.0\n5 0 0\n0 5 0\n0 0 5\n1 2\nkartesisch\n0 0 0\n1.6 0 0\n0 1.6 0\n", "CONTCAR");
        Assert.Equal(["Si", "O", "O"], s.Species.Select(e => e.Symbol));
        Assert.Equal(new Vector3D(0, 1.6, 0), s.Positions[2]);
    }

    [Fact]
    public void Vasp4WithoutSymbolsIsRefused() =>
        Assert.Equal(("PM2202", 6L), InputText.Rejected("quartz\n1.0\n5 0 0\n0 5 0\n0 0 5\n1 2\nDirect\n0 0 0\n.3 0 0\n0 .3 0\n", "POSCAR"));

    [Fact]
    public void SelectiveDynamicsVelocitiesAndPseudopotentialNamesAreUnderstood()
    {
        var s = InputText.One("""
            slab
            1.0
            5 0 0
            0 5 0
            0 0 20
            Fe_pv O/9a1ad7c3 Fe
            1 1 1 ! counts
            Selective dynamics
            Direct
            0 0 0 F F F
            0.5 0 0.1 T T .FALSE. O2
            0.0 0.5 0.1 T F T

            0.1 0.2 0.3
            0.1 0.2 0.3
            0.1 0.2 0.3
            """.Replace(".FALSE.", "F", StringComparison.Ordinal), "slab.vasp");
        Assert.Equal(["Fe", "O", "Fe"], s.Species.Select(e => e.Symbol));
        Assert.Equal([false, false, false, true, true, false, true, false, true], s.AtomProperties["move_mask"].Values);
        var again = InputText.One(InputText.Write(s, StructureFormat.Poscar), "POSCAR");
        InputText.AssertSameGeometry(s, again);
        Assert.Equal(s.AtomProperties["move_mask"].Values, again.AtomProperties["move_mask"].Values);
    }

    [Theory]
    [InlineData("2.0\n0.0", "0\n0.0", "PM2201", 2)]
    [InlineData("2.0\n0.0", "1 2\n0.0", "PM2201", 2)]
    [InlineData("2.0\n0.0", "1 -2 3\n0.0", "PM2201", 2)]
    [InlineData("Na Cl", "Na", "PM2202", 7)]
    [InlineData("Na Cl", "Na Xx", "PM2103", 7)]
    [InlineData("1 1", "one 1", "PM2203", 7)]
    [InlineData("1 1", "1 0", "PM2113", 7)]
    [InlineData("1 1", "1 99999999999", "PM2113", 7)]
    [InlineData("1 1", "1 2", "PM2207", 10)]
    [InlineData("Na Cl\n1 1", "Na\n1", "PM2206", 10)]
    [InlineData("Direct", "Selective dynamics\nDirect", "PM2204", 10)]
    [InlineData("Direct", "Reduced", "PM2205", 8)]
    [InlineData("0 0 0", "0 zero 0", "PM2104", 9)]
    [InlineData("0 0 0", "0 nan 0", "PM2105", 9)]
    [InlineData("0 0 0", "0 1e9 0", "PM2106", 9)]
    [InlineData("2.0 2.0 0.0", "2.0 2.0 4.0", "PM2107", 5)]
    [InlineData("2.0 2.0 0.0", "-2.0 -2.0 0.0", "PM2108", 5)]
    [InlineData("0.5 0.5 0.5", "0 0.01 1", "PM2109", 1)]
    public void MistakesAreLocated(string right, string wrong, string code, int line)
    {
        Assert.Contains(right, Vasp5, StringComparison.Ordinal);
        int at = Vasp5.IndexOf(right, StringComparison.Ordinal);
        string text = Vasp5[..at] + wrong + Vasp5[(at + right.Length)..];
        Assert.Equal((code, (long)line), InputText.Rejected(text, "POSCAR"));
    }
}
