using Polymorph.Structures;
using Polymorph.Structures.Formats;
using Polymorph.Studies.Recipes;
using Polymorph.Studies.Runs;
using Polymorph.Studies.Stages;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Studies.Tests;

/// Every kind of target through session, training and generation. The networks are too small to learn anything; cell, periodicity and symmetry do not depend on that.
public sealed class TargetTests : IDisposable
{
    // Coordinates pass through single precision and are written with at least six digits.
    private const double Rounding = 1e-4;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("formula: C4H10O, cell: [7, 8, 9]", "7 0 0 0 8 0 0 0 9", "T T T", 15)]
    [InlineData("formula: C4H10O, cell: [7, 8, 9, 90, 90, 120]", "7 0 0 -4 6.92820323 0 0 0 9", "T T T", 15)] // -8/2 and 8 sin 120 degrees
    [InlineData("formula: C4H10O, cell: [7, 0, 0, 1, 8, 0, 0, 2, 9]", "7 0 0 1 8 0 0 2 9", "T T T", 15)]
    [InlineData("cell_from: CELL", "6 0 0 1 7 0 0 0 8", "T T T", 3)]
    [InlineData("formula: C4H10O, cell_from: CELL", "6 0 0 1 7 0 0 0 8", "T T T", 15)]
    [InlineData("formula: C4H10O, cell: [7, 8, 20], slab: [0.2, 0.6]", "7 0 0 0 8 0 0 0 20", "T T F", 15)]
    [InlineData("formula: C2H4O, substrate: SURFACE, box: [5, 5, 4], origin: [1, 1.5, 3]", "9 0 0 0 9 0 0 0 20", "T T F", 9)]
    [InlineData("formula: C4H10O, cell: [8, 9, 10], symmetry: ['x,y,z', '-x,-y,z+1/2']", "8 0 0 0 9 0 0 0 10", "T T T", 30)]
    public void StructuresHaveWhatTheTargetSays(string target, string cell, string periodic, int atoms)
    {
        var structures = Generate(target.Replace("CELL", Cell(), StringComparison.Ordinal).Replace("SURFACE", Surface(), StringComparison.Ordinal));
        Assert.Equal(5, structures.Count);
        double[] rows = [.. cell.Split(' ').Select(word => double.Parse(word, System.Globalization.CultureInfo.InvariantCulture))];
        bool[] axes = [.. periodic.Split(' ').Select(word => word == "T")];
        foreach (var structure in structures)
        {
            var lattice = structure.Lattice!;
            Assert.All(new[] { lattice.A, lattice.B, lattice.C }.SelectMany(v => new[] { v.X, v.Y, v.Z }).Zip(rows), pair => Assert.Equal(pair.Second, pair.First, Rounding));
            Assert.Equal(new Periodicity(axes[0], axes[1], axes[2]), structure.Periodicity);
            Assert.Equal(atoms, structure.AtomCount);
        }
    }

    [Fact]
    public void AtomsOfASlabStayBetweenItsHeights() =>
        Assert.All(Generate("formula: C4H10O, cell: [7, 8, 20], slab: [0.2, 0.6]"), s => Assert.All(s.Positions, r => Assert.InRange(r.Z, 4 - Rounding, 12 + Rounding)));

    [Fact]
    public void TheSubstrateStaysAndTheRestIsInItsBox()
    {
        var surface = StructureReader.ReadStrict(Surface())[0];
        foreach (var structure in Generate($"formula: C2H4O, substrate: {Surface()}, box: [5, 5, 4], origin: [1, 1.5, 3]"))
        {
            Assert.All(structure.Positions.Zip(surface.Positions), pair => Assert.True((pair.First - pair.Second).Length < Rounding));
            Assert.Equal(surface.Species, structure.Species.Take(surface.AtomCount));
            Assert.All(structure.Positions.Skip(surface.AtomCount), r =>
            {
                Assert.InRange(r.X, 1 - Rounding, 6 + Rounding);
                Assert.InRange(r.Y, 1.5 - Rounding, 6.5 + Rounding);
                Assert.InRange(r.Z, 3 - Rounding, 7 + Rounding);
            });
        }
    }

    /// The operation is written out by hand: -x, -y, z + 1/2 in a cell of 8 x 9 x 10.
    [Fact]
    public void EveryAtomHasItsImage()
    {
        foreach (var structure in Generate("formula: C4H10O, cell: [8, 9, 10], symmetry: ['x,y,z', '-x,-y,z+1/2']"))
        {
            Assert.Equal("C8H20O2", structure.Composition.Formula);
            Assert.All(Enumerable.Range(0, 15), atom =>
            {
                var (r, image) = (structure.Positions[2 * atom], structure.Positions[2 * atom + 1]);
                Assert.True((image - new Vector3D(-r.X, -r.Y, r.Z + 5)).Length < Rounding, $"{r} {image}");
            });
        }
    }

    private string Cell() => _folder.Write("cell.vasp", "water\n1\n6 0 0\n1 7 0\n0 0 8\nO H\n1 2\nCartesian\n1 1 1\n1.96 1 1\n0.76 1.93 1\n");

    private string Surface() => _folder.Write("surface.extxyz", "2\nLattice=\"9 0 0 0 9 0 0 0 20\" pbc=\"T T F\" Properties=species:S:1:pos:R:3\nC 0.5 0.25 0\nC 5 4.75 0.125\n");

    private IReadOnlyList<Structure> Generate(string target)
    {
        using var session = SmallStudy.Begin(Path.Combine(_folder.Path, "run"), $$"""
            seed: 5
            target: { {{target}} }
            models: {repeats: 1, n_max: 2, neighbours: 6}
            train: {epochs: 2, batch: 3, generator_widths: [16, 8], critic_widths: [16, 8], rattle_copies: 1, threads: 1}
            generate: {structures: 5}
            """);
        TrainStage.Run(session, new Notes(), CancellationToken.None);
        var files = GenerateStage.Run(session, new Notes(), CancellationToken.None);
        return StructureReader.ReadStrict(files[0].File, new ReadOptions { MinDistance = 0 });
    }
}
