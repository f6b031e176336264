using Polymorph.Energies.Relaxation;
using Polymorph.Learning;
using Polymorph.Structures;
using Polymorph.Structures.Formats;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Energies.Tests.Relaxation;

public class PushApartTests
{
    [Fact]
    public void SoundStructuresAreLeftAlone()
    {
        foreach (string file in (string[])["C5H12O_training", "C5H12O_ground_truth", "mp-559550_training"])
        {
            foreach (var structure in StructureReader.ReadStrict(ReferenceData.PathOf($"data/logan/{file}.extxyz")))
            {
                Assert.Same(structure, PushApart.Apply(structure).Structure);
            }
        }
    }

    // Gas-phase bond lengths (Huber and Herzberg 1979) that are short beside the radii.
    [Theory, InlineData("H2", 0.741), InlineData("N2", 1.098), InlineData("CO", 1.128), InlineData("CsF", 2.345), InlineData("LiH", 1.595), InlineData("VO", 1.589)]
    public void ShortBondsAreLeftAlone(string formula, double length)
    {
        var molecule = Crystals.Molecule(formula, (0, 0, 0), (length, 0, 0));
        Assert.Same(molecule, PushApart.Apply(molecule).Structure);
    }

    [Fact]
    public void PairIsMovedAlongItsAxisByAsLittleAsNeeded()
    {
        var result = PushApart.Apply(Crystals.Molecule("CH", (0, 0, 0), (0, 0.5, 0)));
        double expected = 1.01 * 0.6 * (0.76 + 0.31);  // one per cent beyond the threshold
        Assert.Equal(1, result.Pairs);
        Assert.Equal(new(0, 0.25 - expected / 2, 0), Rounded(result.Structure.Positions[0]));
        Assert.Equal(new(0, 0.25 + expected / 2, 0), Rounded(result.Structure.Positions[1]));
        static Vector3D Rounded(Vector3D v) => new(Math.Round(v.X, 12), Math.Round(v.Y, 12), Math.Round(v.Z, 12));
    }

    [Fact]
    public void PairsAcrossTheBorderOfTheCellAreSeen()
    {
        var crystal = Crystals.Fractional(Lattice.Cubic(5), "CO", (0.01, 0.5, 0.5), (0.97, 0.5, 0.5));
        var moved = PushApart.Apply(crystal).Structure;
        Assert.Equal(1.01 * 0.6 * (0.76 + 0.66), NeighborList.Build(moved, 2).Of(0)[0].Distance, 1e-9);
    }

    [Fact]
    public void FixedAtomsStay()
    {
        var molecule = Crystals.Molecule("CH3", (0, 0, 0), (0.3, 0, 0), (0, 0.3, 0), (0, 0, 0.3));
        var result = PushApart.Apply(molecule, [0, 1]);
        Assert.True(result.StillTooClose);  // atoms 0 and 1 are both fixed
        Assert.Equal(molecule.Positions[..2], result.Structure.Positions[..2]);
        Assert.NotEqual(molecule.Positions[2], result.Structure.Positions[2]);
    }

    [Theory, InlineData(0), InlineData(1), InlineData(2)]
    public void HeapsOfAtomsAreResolved(int spread)
    {
        // All atoms of C5H12O within 0, 0.01 or 0.02 Å of one point: the worst a generator can propose.
        var random = new CounterRandom(3, 0).Sequence(0);
        var heap = Crystals.Molecule("C5H12O", [.. Enumerable.Range(0, 18).Select(_ => (0.01 * spread * random.NextDouble(), 0.01 * spread * random.NextDouble(), 0.01 * spread * random.NextDouble()))]);
        var result = PushApart.Apply(heap);
        Assert.False(result.StillTooClose);
        for (int i = 0; i < 18; i++)
        {
            for (int j = 0; j < i; j++)
            {
                double distance = (result.Structure.Positions[i] - result.Structure.Positions[j]).Length;
                Assert.True(distance >= 0.6 * (heap.Species[i].CovalentRadius + heap.Species[j].CovalentRadius), $"{i} {j}: {distance}");
            }
        }
    }

    [Fact]
    public void RandomCrystalsAreResolved()
    {
        // 6 SiO2 in the volume of quartz, positions uniform: a few pairs lie on each other in every one of them.
        for (ulong seed = 0; seed < 20; seed++)
        {
            var random = new CounterRandom(seed, 1).Sequence(0);
            var crystal = Crystals.Fractional(Lattice.Cubic(6.1), "Si6O12", [.. Enumerable.Range(0, 18).Select(_ => (random.NextDouble(), random.NextDouble(), random.NextDouble()))]);
            Assert.False(PushApart.Apply(crystal).StillTooClose);
        }
    }
}
