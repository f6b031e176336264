using Polymorph.Energies.Classical;
using Polymorph.Energies.Relaxation;
using Polymorph.Structures;
using Xunit;

namespace Polymorph.Energies.Tests.Relaxation;

public class SymmetryTests
{
    private static Structure Crystal(string name) => name switch
    {
        "quartz" => Crystals.Quartz,
        "cristobalite" => Crystals.Cristobalite,
        "argon" => Crystals.Argon(5.3),
        _ => Crystals.Quartz.Repeat(2, 1, 1),
    };

    // Orders from the International Tables; the cubic argon cell holds four lattice points, the doubled quartz keeps one of three axes.
    [Theory, InlineData("quartz", 6), InlineData("cristobalite", 8), InlineData("argon", 192), InlineData("doubled", 4)]
    public void OperationsAreFound(string name, int count) => Assert.Equal(count, SymmetryGroup.Find(Crystal(name), 0.01).Group.Count);

    [Fact]
    public void OperationsAreFoundInAnyCellOfTheLattice()
    {
        var q = Crystals.Quartz;
        var skewed = new Structure(q.Species, q.Positions, new Lattice(q.Lattice!.A, q.Lattice.B + 2 * q.Lattice.A, q.Lattice.C - 3 * q.Lattice.A + q.Lattice.B));
        Assert.Equal(6, SymmetryGroup.Find(skewed, 0.01).Group.Count);
    }

    [Fact]
    public void NoiseWithinTheToleranceIsTakenOut()
    {
        var noisy = Crystals.Rattle(Crystals.Deform(Crystals.Cristobalite, v => new(1.0003 * v.X + 0.0002 * v.Z, v.Y, 0.9998 * v.Z)), 0.001, 6);
        Assert.Equal(1, SymmetryGroup.Find(noisy, 1e-6).Group.Count);
        var (group, symmetrised) = SymmetryGroup.Find(noisy, 0.01);
        Assert.Equal(8, group.Count);
        Assert.Equal(8, SymmetryGroup.Find(symmetrised, 1e-9).Group.Count);
        Assert.All(noisy.Positions.Zip(symmetrised.Positions), p => Assert.InRange((p.First - p.Second).Length, 0, 0.01));
    }

    [Theory]
    [InlineData("quartz", 6, CellFreedom.Fixed)]
    [InlineData("quartz", 6, CellFreedom.Full)]
    [InlineData("cristobalite", 8, CellFreedom.Full)]
    [InlineData("cristobalite", 8, CellFreedom.Shape)]
    public void RelaxationKeepsThem(string name, int count, CellFreedom cell)
    {
        // Squeezed along c and blown up across: far from the minimum, and still symmetric.
        var start = Crystals.Deform(Crystal(name), v => new(1.04 * v.X, 1.04 * v.Y, 0.93 * v.Z));
        var frames = new List<Structure>();
        var result = RelaxerTests.Relax(ClassicalEngine.Vashishta1990, start, new() { KeepSymmetry = true, Cell = cell, MaximumForce = 0.01 }, (s, _) => frames.Add(s));
        Assert.Equal((RelaxationStatus.Converged, count), (result.Status, result.KeptOperations));
        Assert.True(frames.Count > 3);
        // Positions are of order 10 Å and each step adds rounding of 1e-15: far below 1e-9 after a hundred steps.
        Assert.All(frames, f => Assert.Equal(count, SymmetryGroup.Find(f, 1e-9).Group.Count));
    }

    [Fact]
    public void ProjectionRemovesWhatBreaksSymmetry()
    {
        var (group, quartz) = SymmetryGroup.Find(Crystals.Quartz, 0.01);
        double[] vectors = [.. Enumerable.Range(0, 3 * quartz.AtomCount).Select(k => Math.Sin(7 * k))];
        group.ProjectVectors(vectors);
        double[] once = [.. vectors];
        group.ProjectVectors(vectors);
        Assert.All(vectors.Zip(once), p => Assert.Equal(p.Second, p.First, 1e-14));
        Assert.Equal(6, SymmetryGroup.Find(quartz.WithPositions([.. quartz.Positions.Select((p, i) => p + 0.05 * new Vector3D(once[3 * i], once[3 * i + 1], once[3 * i + 2]))]), 1e-9).Group.Count);

        // A trigonal crystal may stretch along c and across: xx = yy, nothing else.
        var strain = group.Project(new SymmetricMatrix(0.1, 0.3, -0.2, 0.4, 0.5, 0.6));
        Assert.Equal(0.2, strain.XX, 1e-14);
        Assert.Equal(0.2, strain.YY, 1e-14);
        Assert.Equal(-0.2, strain.ZZ, 1e-14);
        Assert.Equal(0, Math.Abs(strain.XY) + Math.Abs(strain.XZ) + Math.Abs(strain.YZ), 1e-14);
    }
}
