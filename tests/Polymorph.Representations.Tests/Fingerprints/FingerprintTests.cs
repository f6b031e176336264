using System.Text.Json;
using Polymorph.Representations.Fingerprints;
using Polymorph.Structures;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Representations.Tests.Fingerprints;

/// Fingerprints of crystals and compositions against pymatgen 2022.11.7 and matminer, and against the symmetry of their definition.
public sealed class FingerprintTests
{
    private static readonly Lazy<JsonElement> Golden = new(() => ReferenceData.Json("golden/matching/fingerprints.json"));

    // Bond weights are rounded to 3 decimals inside the algorithm; one step of rounding moves a feature by about as much.
    private const double Rounding = 1e-3;

    [Fact]
    public void EverySiteHasThePublishedFeatures()
    {
        var fingerprint = new CrystalFingerprint();
        foreach (var entry in Golden.Value.GetProperty("structures").EnumerateArray())
        {
            var structure = ReferenceCrystal.OfParameters(entry);
            for (int atom = 0; atom < structure.AtomCount; atom++)
            {
                Near($"{entry.GetProperty("source").GetString()}, atom {atom}", Numbers(entry.GetProperty("site_fp")[atom]), fingerprint.OfSite(structure, atom), Rounding);
            }
        }
    }

    [Fact]
    public void TheCrystalHasTheMeanOfItsSites()
    {
        var fingerprint = new CrystalFingerprint();
        foreach (var entry in Golden.Value.GetProperty("structures").EnumerateArray())
        {
            Near(entry.GetProperty("source").GetString()!, Numbers(entry.GetProperty("structure_fp")), fingerprint.Of(ReferenceCrystal.OfParameters(entry)), Rounding);
        }
    }

    [Fact]
    public void FeaturesAreNamedAsPublished()
    {
        Assert.Equal(Golden.Value.GetProperty("structure_feature_labels").EnumerateArray().Select(l => l.GetString()), CrystalFingerprint.Labels);
        Assert.Equal(Golden.Value.GetProperty("composition_feature_labels").EnumerateArray().Select(l => l.GetString()!.Replace("MagpieData ", "", StringComparison.Ordinal)), CompositionFingerprint.Labels);
    }

    [Fact]
    public void CompositionsHaveThePublishedFeatures()
    {
        foreach (var entry in Golden.Value.GetProperty("structures").EnumerateArray())
        {
            double[] expected = Numbers(entry.GetProperty("magpie")), came = CompositionFingerprint.Of(ReferenceCrystal.OfParameters(entry).Composition);
            for (int k = 0; k < expected.Length; k++)
            {
                // The reference file has 6 decimals.
                Assert.True(double.IsNaN(expected[k]) ? double.IsNaN(came[k]) : Math.Abs(expected[k] - came[k]) <= 1e-6 * Math.Max(1, Math.Abs(expected[k])),
                    $"{entry.GetProperty("source").GetString()}: {CompositionFingerprint.Labels[k]} is {came[k]} instead of {expected[k]}");
            }
        }
    }

    /// The description of a crystal must not matter: supercell, origin, order of atoms, orientation.
    [Theory, InlineData(0), InlineData(3), InlineData(11), InlineData(20)]
    public void TheDescriptionOfTheCrystalDoesNotMatter(int number)
    {
        var structure = ReferenceCrystal.OfParameters(Golden.Value.GetProperty("structures")[number]);
        var moved = Turned(new Structure([.. structure.Species.Reverse()], [.. structure.Positions.Reverse().Select(p => p + new Vector3D(0.31, 0.17, -5.2))], structure.Lattice)).Repeat(1, 2, 1);
        var fingerprint = new CrystalFingerprint();
        Near("moved", fingerprint.Of(structure)!, fingerprint.Of(moved), Rounding);
    }

    /// Perfect motifs have order parameters of 1 by definition; the cubic ones follow from symmetry alone.
    [Theory, InlineData("octahedral CN_6"), InlineData("body-centered cubic CN_8"), InlineData("cuboctahedral CN_12"), InlineData("tetrahedral CN_4")]
    public void PerfectMotifsAreRecognised(string label)
    {
        var element = new Element(29);
        var lattice = label[^2..] switch { "_6" => Lattice.Cubic(2.5), "_8" => Lattice.Cubic(2.9), _ => Lattice.Cubic(label[^2..] == "12" ? 3.6 : 5.4) };
        Vector3D[] basis = label[^2..] switch
        {
            "_6" => [default],
            "_8" => [default, new(0.5, 0.5, 0.5)],
            "12" => [default, new(0.5, 0.5, 0), new(0.5, 0, 0.5), new(0, 0.5, 0.5)],
            _ => [default, new(0.5, 0.5, 0), new(0.5, 0, 0.5), new(0, 0.5, 0.5), new(0.25, 0.25, 0.25), new(0.75, 0.75, 0.25), new(0.75, 0.25, 0.75), new(0.25, 0.75, 0.75)],
        };
        var structure = new Structure([.. basis.Select(_ => element)], [.. basis.Select(lattice.ToCartesian)], lattice);
        double[] result = new CrystalFingerprint().Of(structure)!;
        int feature = CrystalFingerprint.Labels.ToList().IndexOf(label), weight = CrystalFingerprint.Labels.ToList().IndexOf($"wt CN_{label.Split('_')[1]}");
        Assert.InRange(result[weight], 0.3, 1);

        // The parameters of the motifs are published with 8 digits.
        Assert.Equal(result[weight], result[feature], 1e-6);
    }

    [Fact]
    public void WhatHasNoFingerprintIsSaidToHaveNone()
    {
        var lattice = Lattice.Cubic(4);
        var fingerprint = new CrystalFingerprint();
        Assert.Null(fingerprint.Of(new Structure([new Element(100)], [default], lattice)));
        Assert.Null(fingerprint.Of(new Structure([new Element(6), new Element(6)], [default, default], lattice)));
        Assert.Throws<ArgumentException>(() => fingerprint.Of(new Structure([new Element(6)], [default])));
    }

    /// The solid angles around a point add up to 4π, and the polyhedron of a lattice has the volume of its cell.
    [Theory, InlineData(0), InlineData(1), InlineData(25)]
    public void VoronoiPolyhedraFillSpace(int number)
    {
        var structure = ReferenceCrystal.OfParameters(Golden.Value.GetProperty("structures")[number]);
        var neighbours = NeighborList.Build(structure, 12);
        var polyhedron = new VoronoiPolyhedron();
        double volume = 0;
        for (int atom = 0; atom < structure.AtomCount; atom++)
        {
            polyhedron.Reset();
            for (int i = 0; i < neighbours.Of(atom).Length; i++)
            {
                polyhedron.Cut(neighbours.Of(atom)[i].Offset, i);
            }

            double angle = 0;
            for (int face = 0; face < polyhedron.FaceCount; face++)
            {
                var (neighbor, part, area) = polyhedron.Measure(face);
                angle += part;
                volume += area * neighbours.Of(atom)[neighbor].Distance / 6;
            }

            Assert.True(polyhedron.IsClosed);
            Assert.Equal(4 * Math.PI, angle, 1e-6);   // vertices within 1e-8 Å of a plane are not cut
        }

        Assert.Equal(structure.Lattice!.Volume, volume, 1e-5);
    }

    private static Structure Turned(Structure structure)
    {
        Vector3D Turn(Vector3D v) => new(0.6 * v.X - 0.8 * v.Z, v.Y, 0.8 * v.X + 0.6 * v.Z);
        var lattice = structure.Lattice!;
        return new Structure(structure.Species, [.. structure.Positions.Select(Turn)], new Lattice(Turn(lattice.A), Turn(lattice.B), Turn(lattice.C)));
    }

    private static void Near(string what, double[] expected, double[]? came, double tolerance)
    {
        Assert.NotNull(came);
        for (int k = 0; k < expected.Length; k++)
        {
            Assert.True(Math.Abs(expected[k] - came[k]) <= tolerance, $"{what}: '{CrystalFingerprint.Labels[k]}' is {came[k]:g6} instead of {expected[k]:g6}");
        }
    }

    private static double[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(n => n.ValueKind == JsonValueKind.Number ? n.GetDouble() : double.NaN)];
}
