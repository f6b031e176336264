using System.Text.Json;
using System.Text.RegularExpressions;
using Polymorph.Structures.Formats;
using Polymorph.Structures.Symmetry;
using Xunit;

namespace Polymorph.Structures.Tests.Symmetry;

/// Space groups, operations and standard cells against those that spglib's own Python interface gave.
public sealed partial class SymmetryFinderTests
{
    [Theory, InlineData(0.01), InlineData(0.1)]
    public void SpaceGroupsOfBenchmarkCrystalsAgree(double symprec) =>
        Assert.All(GoldenCrystals.Of("spacegroups.json", "structures"), record => Agrees(record, symprec));

    [Theory, InlineData(0.01), InlineData(0.1)]
    public void SpaceGroupsOfOxidesAgree(double symprec) =>
        Assert.All(GoldenCrystals.Of("symmetry.json", "structures"), record => Agrees(record, symprec));

    [Fact]
    public void PrimitiveAndConventionalCellsAgree() => Assert.All(GoldenCrystals.Of("cells.json", "cells"), record =>
    {
        var crystal = GoldenCrystals.Crystal(record);
        var primitive = SymmetryFinder.Standardize(crystal, StandardCell.Primitive);
        var expected = record.GetProperty("primitive_spglib");
        Assert.Equal(expected.GetProperty("natoms").GetInt32(), primitive.AtomCount);
        // The golden files keep cells to 1e-4 Å and degrees (their README).
        Assert.Equal(expected.GetProperty("volume").GetDouble(), primitive.Lattice!.Volume, tolerance: 1e-4 * primitive.Lattice.Volume);

        expected = record.GetProperty("conventional_spglib");
        var refined = SymmetryFinder.Find(crystal).Refined;
        Assert.Equal(expected.GetProperty("natoms").GetInt32(), refined.AtomCount);
        Assert.Equal(refined.AtomCount, SymmetryFinder.Standardize(crystal, StandardCell.Conventional).AtomCount);
        var angles = 180 / Math.PI * refined.Lattice!.Angles;
        double[] ours = [refined.Lattice.A.Length, refined.Lattice.B.Length, refined.Lattice.C.Length, angles.X, angles.Y, angles.Z];
        Assert.All(expected.GetProperty("params").EnumerateArray().Zip(ours), pair => Assert.Equal(pair.First.GetDouble(), pair.Second, tolerance: 1e-4));
    });

    [Fact]
    public void OperationsMapTheCrystalOnItself() => Assert.All(GoldenCrystals.Of("symmetry.json", "structures").Take(40), record =>
    {
        var symmetry = SymmetryFinder.Find(GoldenCrystals.Crystal(record), 0.1);
        var crystal = symmetry.Structure;
        Assert.True(symmetry.Operations[0].IsIdentity);
        foreach (var operation in symmetry.Operations)
        {
            Assert.True(operation.Strain(crystal.Lattice!) < SymmetryOperation.LargestStrain, $"strain {operation.Strain(crystal.Lattice!)}");
            // The text is what CIF files get: read back, it is the same operation. Skewed cells have factors of 2, which CIF has not.
            var read = SymmetryOperation.TryParse(operation.ToString());
            Assert.Equal(Factor().IsMatch(operation.ToString()), read is null);
            for (int i = 0; i < crystal.AtomCount; i++)
            {
                var image = operation.Apply(crystal.FractionalPositions[i]);
                // The text takes translations within 1e-9 of a simple fraction for it; three axes.
                Assert.True(read is null || (image - read.Apply(crystal.FractionalPositions[i])).Length < 2e-9, $"{operation} {image}");
                // The tolerance holds for each atom against the ideal position: two of them may differ by twice as much.
                Assert.Contains(Enumerable.Range(0, crystal.AtomCount), j => crystal.Species[j] == crystal.Species[i]
                    && symmetry.Orbits[j] == symmetry.Orbits[i] && Distance(crystal.Lattice!, image, crystal.FractionalPositions[j]) < 2 * symmetry.Symprec);
            }
        }
    });

    [Fact]
    public void RefiningAgainChangesNothing() => Assert.All(GoldenCrystals.Of("symmetry.json", "structures"), record =>
    {
        var symmetry = SymmetryFinder.Find(GoldenCrystals.Crystal(record), 0.1);
        var again = SymmetryFinder.Find(symmetry.Refined, 0.001);
        // Refinement may uncover a symmetry that the distortions hid within the tolerance, never lose one.
        Assert.True(again.Number >= symmetry.Number || again.Operations.Length >= symmetry.Operations.Length);
        Assert.Equal(symmetry.Refined.Lattice!.Volume / symmetry.Refined.AtomCount, again.Refined.Lattice!.Volume / again.Refined.AtomCount, tolerance: 1e-6);
    });

    [Fact]
    public void ManyThreadsFindTheSameAsOne()
    {
        var crystals = GoldenCrystals.Of("spacegroups.json", "structures").Concat(GoldenCrystals.Of("symmetry.json", "structures")).Select(GoldenCrystals.Crystal).ToList();
        var expected = crystals.ConvertAll(Line);
        var lines = new string[3 * crystals.Count];
        Parallel.For(0, lines.Length, new ParallelOptions { MaxDegreeOfParallelism = 16 }, i => lines[i] = Line(crystals[i * 7 % crystals.Count]));
        Assert.All(lines.Select((line, i) => (line, i)), item => Assert.Equal(expected[item.i * 7 % crystals.Count], item.line));

        static string Line(Structure crystal)
        {
            var s = SymmetryFinder.Find(crystal, 0.05);
            return $"{s.Number} {s.Hall} {string.Join(' ', s.Operations)} {string.Join(' ', s.Refined.Positions)} {string.Join(' ', s.Wyckoff)} {string.Join(' ', s.EquivalentAtoms)}";
        }
    }

    [GeneratedRegex("[0-9][xyz]")]
    private static partial Regex Factor();

    private static void Agrees(JsonElement record, double symprec)
    {
        var expected = record.GetProperty(symprec == 0.1 ? "symprec_0.1" : "symprec_0.01");
        var symmetry = SymmetryFinder.Find(GoldenCrystals.Crystal(record), symprec);
        Assert.Equal(expected.GetProperty("number").GetInt32(), symmetry.Number);
        Assert.Equal(expected.GetProperty("international").GetString(), symmetry.International);
        Assert.Equal(expected.GetProperty("hall_number").GetInt32(), symmetry.HallNumber);
        Assert.Equal(expected.GetProperty("pointgroup").GetString(), symmetry.PointGroup);
        Assert.Equal(expected.GetProperty("operations").GetInt32(), symmetry.Operations.Length);
        Assert.Equal(expected.GetProperty("wyckoffs").GetString(), string.Concat(symmetry.Wyckoff));
        Assert.Equal(Numbers(expected, "equivalent_atoms"), symmetry.EquivalentAtoms);
        Assert.Equal(expected.GetProperty("conventional_atoms").GetInt32(), symmetry.Refined.AtomCount);
        if (expected.TryGetProperty("hall", out var hall))
        {
            Assert.Equal(hall.GetString(), symmetry.Hall);
            Assert.Equal(Numbers(expected, "crystallographic_orbits"), symmetry.Orbits);
            Assert.Equal(expected.GetProperty("site_symmetry_symbols").EnumerateArray().Select(s => s.GetString()!), symmetry.SiteSymmetries);
        }
    }

    private static IEnumerable<int> Numbers(JsonElement record, string name) => record.GetProperty(name).EnumerateArray().Select(n => n.GetInt32());

    private static double Distance(Lattice cell, Vector3D a, Vector3D b)
    {
        var d = a - b;
        return cell.ToCartesian(new(d.X - Math.Round(d.X), d.Y - Math.Round(d.Y), d.Z - Math.Round(d.Z))).Length;
    }
}
