using Polymorph.Selection.Metrics;
using Polymorph.Structures;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Selection.Tests.Metrics;

/// Properties of crystals against ASE, which has the same radii (Cordero et al. 2008) and counts neighbours in its own way.
public sealed class CrystalPropertyTests
{
    private static readonly Structure[] Crystals = [.. ReferenceData.Json("golden/matching/fingerprints.json").GetProperty("structures").EnumerateArray().Select(ReferenceCrystal.OfParameters)];

    [Fact]
    public void VolumeFractionsAreThoseOfTheSameSpheresInAse()
    {
        var expected = PythonCrystals.Ask("""
            from math import pi
            from ase import Atoms
            from ase.data import covalent_radii
            for s in data:
                atoms = Atoms(s['z'], s['r'], cell=s['cell'], pbc=True)
                print(repr(float((4 * pi / 3 * covalent_radii[atoms.numbers] ** 3).sum() / atoms.get_volume())))
            """, ["ase"], Crystals);
        Assert.Equal(Crystals.Length, expected.Length);
        Assert.All(Crystals.Zip(expected), pair => Assert.Equal(pair.Second!.Value, CrystalProperties.VolumeFraction(pair.First), 1e-9));   // both in double precision
    }

    [Fact]
    public void CoordinationNumbersAreThoseOfAsesNeighbourList()
    {
        var expected = PythonCrystals.Ask("""
            from ase import Atoms
            from ase.data import covalent_radii
            from ase.neighborlist import neighbor_list
            for s in data:
                atoms = Atoms(s['z'], s['r'], cell=s['cell'], pbc=True)
                print(len(neighbor_list('i', atoms, [1.3 * covalent_radii[z] for z in atoms.numbers])) / len(atoms))
            """, ["ase"], Crystals);
        Assert.Equal(Crystals.Length, expected.Length);
        Assert.All(Crystals.Zip(expected), pair => Assert.Equal(pair.Second!.Value, CrystalProperties.MeanCoordination(pair.First), 1e-12));   // a quotient of whole numbers
        Assert.True(expected.Distinct().Count() > 10);
    }

    /// Starts a and b reach the lowest percentile, c the 15 % one, d and e none; a start is as good as its best structure, one without a value fails.
    [Fact]
    public void AStartSucceedsByItsBestStructure()
    {
        var success = OptimisationSuccess.Of(
            [("a", 5), ("a", -3), ("b", -2.5), ("c", -0.5), ("c", null), ("d", 1), ("e", null)], (-2, -1, 0));
        Assert.Equal((new Rate(2, 5), new Rate(2, 5), new Rate(3, 5)), (success!.Five, success.Ten, success.Fifteen));
        Assert.Null(OptimisationSuccess.Of([("a", null)], (-2, -1, 0)));
        Assert.Null(OptimisationSuccess.Of([], (-2, -1, 0)));
    }
}
