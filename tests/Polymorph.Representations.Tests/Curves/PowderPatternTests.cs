using System.Numerics;
using Polymorph.Foundation;
using Polymorph.Representations.Curves;
using Polymorph.Structures;
using Xunit;

namespace Polymorph.Representations.Tests.Curves;

/// Powder patterns against pymatgen's, against the sum written out, and under other descriptions of the same crystal.
public sealed class PowderPatternTests
{
    private static readonly Structure Salt = new([new(11), new(17)], [default, new(2.82, 2.82, 2.82)], new Lattice(new(0, 2.82, 2.82), new(2.82, 0, 2.82), new(2.82, 2.82, 0)));

    [Fact]
    public void PatternsAgreeWithThoseOfPymatgen() => Assert.All(GoldenPatterns.All(), golden =>
    {
        var (crystal, expected) = golden;
        var peaks = PowderPattern.Of(crystal);
        double[] angles = Numbers("two_theta"), intensities = Numbers("intensity"), spacings = Numbers("d");
        Assert.Equal(angles.Length, peaks.Length);
        for (int i = 0; i < angles.Length; i++)
        {
            Assert.Equal(angles[i], peaks[i].TwoTheta, tolerance: 1e-6); // eight decimals in the file
            Assert.Equal(intensities[i], peaks[i].Intensity, tolerance: 1e-6 * Math.Max(1, intensities[i])); // eight decimals; the same sum in another order
            Assert.Equal(spacings[i], peaks[i].Spacing, tolerance: 1e-7);
            // Families of each peak with their numbers of reflections.
            Assert.Equal(expected.GetProperty("hkl")[i].EnumerateArray().Sum(family => family[1].GetInt32()), peaks[i].Reflections);
        }

        double[] Numbers(string name) => [.. expected.GetProperty(name).EnumerateArray().Select(v => v.GetDouble())];
    });

    [Fact]
    public void TheRowsOfPhasesMakeTheStructureFactor()
    {
        var crystal = GoldenPatterns.All()[4].Crystal;
        double limit = 2 * Math.Sin(Math.PI / 4) / PowderPatternOptions.CopperKAlpha;
        var reflections = Reflections.Of(crystal, crystal.Lattice!, limit);
        var (a, b, c) = crystal.Lattice!.Reciprocal;
        int inside = 0;
        for (int h = -12; h <= 12; h++)
        {
            for (int k = -12; k <= 12; k++)
            {
                for (int l = -12; l <= 12; l++)
                {
                    double length = (h * a + k * b + l * c).Length;
                    inside += length > 0 && length <= limit ? 1 : 0;
                }
            }
        }

        // One of each pair of opposite reflections.
        Assert.Equal(inside, 2 * reflections.Count);
        for (int i = 0; i < reflections.Count; i++)
        {
            var (h, k, l) = reflections.Indices[i];
            var g = h * a + k * b + l * c;
            Complex sum = 0;
            for (int j = 0; j < crystal.AtomCount; j++)
            {
                sum += ScatteringFactor.At(crystal.Species[j], g.LengthSquared / 4) * Complex.Exp(2 * Math.PI * Complex.ImaginaryOne * g.Dot(crystal.Positions[j]));
            }

            double expected = sum.Magnitude * sum.Magnitude;
            Assert.Equal(g.LengthSquared, reflections.SquaredLengths[i], tolerance: 1e-12);
            // Extinct reflections are zero to the rounding of squares of some hundred electrons.
            Assert.Equal(expected, reflections.SquaredFactors[i], tolerance: 1e-9 * (1e4 + expected));
        }
    }

    [Fact]
    public void RockSaltHasItsKnownReflections()
    {
        var peaks = PowderPattern.Of(Salt);
        // Bragg's law for a = 5.64 Å; unmixed indices only, with the multiplicities of the cubic group.
        (int Squares, int Multiplicity)[] lines = [(3, 8), (4, 6), (8, 12), (11, 24), (12, 8), (16, 6), (19, 24), (20, 24)];
        Assert.All(lines.Zip(peaks), pair =>
        {
            double sine = PowderPatternOptions.CopperKAlpha * Math.Sqrt(pair.First.Squares) / (2 * 5.64);
            Assert.Equal(360 / Math.PI * Math.Asin(sine), pair.Second.TwoTheta, tolerance: 1e-9);
            Assert.Equal(pair.First.Multiplicity, pair.Second.Reflections);
        });
        Assert.Equal(100, peaks.Max(p => p.Intensity), tolerance: 1e-12);
        var strongest = peaks.MaxBy(p => p.Intensity);
        // The line (200), which is (011) of the primitive cell.
        Assert.Equal((2.82, 6), (Math.Round(strongest.Spacing, 9), strongest.Reflections));
    }

    [Fact]
    public void AnotherDescriptionOfACrystalHasTheSamePattern() => Assert.All(GoldenPatterns.All().Take(4), golden =>
    {
        var crystal = golden.Crystal;
        var expected = PowderPattern.Of(crystal);
        var cell = crystal.Lattice!;
        // A skewed cell, another origin, atoms in reverse order and in other images.
        var skewed = new Lattice(cell.A, cell.B + 3.0 * cell.A, cell.C - 2.0 * cell.B + cell.A);
        var shift = new Vector3D(0.3, -7.1, 2.2);
        var other = new Structure([.. crystal.Species.Reverse()], [.. crystal.Positions.Reverse().Select((p, i) => p + shift + i * cell.B)], skewed);
        Same(expected, PowderPattern.Of(other), 1);
        // A supercell only has more extinct reflections.
        Same(expected, PowderPattern.Of(crystal.Repeat(2, 1, 1)), 1);
    });

    [Fact]
    public void TheRangeOfAnglesIsKept()
    {
        var some = PowderPattern.Of(Salt, new PowderPatternOptions { SmallestTwoTheta = 40, LargestTwoTheta = 60 });
        var all = PowderPattern.Of(Salt).Where(p => p.TwoTheta is > 40 and < 60).ToList();
        Assert.Equal(all.Select(p => p.Spacing), some.Select(p => p.Spacing));
        Assert.NotEmpty(PowderPattern.Of(Salt, new PowderPatternOptions { LargestTwoTheta = 180, Wavelength = 0.71073 }));
        Assert.Empty(PowderPattern.Of(Salt, new PowderPatternOptions { LargestTwoTheta = 5 }));
    }

    [Fact]
    public void WhatCannotBeComputedIsNamed()
    {
        Assert.Equal("PM3101", Code(new Structure(Salt.Species, Salt.Positions)));
        Assert.Equal("PM3102", Code(new Structure([new(99)], [default], Lattice.Cubic(4))));
        Assert.Equal("PM3103", Code(new Structure([new(6)], [default], Lattice.Cubic(1e4))));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PowderPatternOptions { Wavelength = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new PowderPatternOptions { LargestTwoTheta = 190 });
    }

    private static void Same(IReadOnlyList<PowderPeak> expected, IReadOnlyList<PowderPeak> actual, double scale)
    {
        Assert.Equal(expected.Count, actual.Count);
        Assert.All(expected.Zip(actual), pair =>
        {
            // Rounding of coordinates of some ten angstrom, at 2θ up to 90 degrees.
            Assert.Equal(pair.First.TwoTheta, pair.Second.TwoTheta, tolerance: 1e-8);
            Assert.Equal(pair.First.Intensity, scale * pair.Second.Intensity, tolerance: 1e-8);
        });
    }

    private static string Code(Structure crystal) => Assert.Throws<PolymorphException>(() => PowderPattern.Of(crystal)).Code;
}
