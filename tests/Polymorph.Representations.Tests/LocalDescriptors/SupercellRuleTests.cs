using Polymorph.Representations.LocalDescriptors;
using Polymorph.Structures;
using Polymorph.Structures.Formats;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Representations.Tests.LocalDescriptors;

/// <summary>The multiples which the published code finds for the six SiO2 targets at 4 Å (specification, section 3).</summary>
public sealed class SupercellRuleTests
{
    [Theory]
    [InlineData("mp-559550", 2, 2, 2)]
    [InlineData("mp-554151", 2, 2, 2)]
    [InlineData("mp-546794", 2, 2, 3)]
    [InlineData("mp-1188220", 2, 2, 2)]
    [InlineData("mp-555235", 2, 2, 1)]
    [InlineData("mp-546546", 2, 2, 2)]
    public void TargetsHaveThePublishedMultiples(string target, int i, int j, int k)
    {
        var structure = StructureReader.ReadStrict(ReferenceData.PathOf($"data/logan/{target}_ground_truth.extxyz"))[0];
        Assert.Equal((i, j, k), SupercellRule.Multiples(structure.Lattice, Periodicity.Full, 4));
    }

    [Fact]
    public void LargeCellsAndMoleculesAreNotMultiplied()
    {
        Assert.Equal((1, 1, 1), SupercellRule.Multiples(Lattice.Cubic(8), Periodicity.Full, 4));
        Assert.Equal((1, 1, 1), SupercellRule.Multiples(null, Periodicity.None, 4));
    }

    /// <summary>Where a multiple reaches the cutoff exactly, the published code finds nothing; one more cell along each axis serves.</summary>
    [Fact]
    public void ExactMultipleFallsBackToOneMore() => Assert.Equal((3, 3, 3), SupercellRule.Multiples(Lattice.Cubic(4), Periodicity.Full, 4));

    [Fact]
    public void AxesThatDoNotRepeatStaySingle() => Assert.Equal((3, 1, 3), SupercellRule.Multiples(Lattice.Cubic(3), new(true, false, true), 4));
}
