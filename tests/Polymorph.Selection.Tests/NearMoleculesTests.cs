using Xunit;

namespace Polymorph.Selection.Tests;

public sealed class NearMoleculesTests
{
    private static readonly (string, double)?[] Geometries = [("C", 3), null, ("CC", 1), ("C", 2), ("CO", 5), ("C", 2), ("O", 1), ("O", 1)];

    /// Three geometries nearly are methane: the least strained, and of two such the first, stands for them.
    [Fact]
    public void TheLeastStrainedGeometryStandsForEachMolecule() =>
        Assert.Equal([new NearMolecule(3, "C", 3), new NearMolecule(6, "O", 2), new NearMolecule(2, "CC", 1), new NearMolecule(4, "CO", 1)],
            NearMolecules.Choose(Geometries, new HashSet<string>(), 1, 10));

    /// One of each before the second of any.
    [Fact]
    public void SeveralOfEachComeInTurns() =>
        Assert.Equal([3, 6, 2, 4, 5, 7, 0], NearMolecules.Choose(Geometries, new HashSet<string>(), 3, 10).Select(n => n.Index));

    [Fact]
    public void WhatIsThereAlreadyIsLeftOutAndTheMostFrequentComeFirst() =>
        Assert.Equal(["O", "CC"], NearMolecules.Choose(Geometries, new HashSet<string> { "C" }, 1, 2).Select(n => n.Name));

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    public void WithoutRoomNoneIsKept(int room) => Assert.Empty(NearMolecules.Choose(Geometries, new HashSet<string>(), 2, room));
}
