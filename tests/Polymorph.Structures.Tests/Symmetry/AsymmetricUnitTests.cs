using Polymorph.Structures.Symmetry;
using Xunit;

namespace Polymorph.Structures.Tests.Symmetry;

/// The asymmetric unit and its operations give the whole refined cell back, and the letters belong to the sites.
public sealed class AsymmetricUnitTests
{
    [Theory, InlineData(0.01), InlineData(0.1)]
    public void SitesAndOperationsMakeTheWholeCell(double symprec) => Assert.All(GoldenCrystals.Of("spacegroups.json", "structures"), record =>
    {
        var symmetry = SymmetryFinder.Find(GoldenCrystals.Crystal(record), symprec);
        var unit = symmetry.AsymmetricUnit;
        Assert.Equal(symmetry.Refined.AtomCount, unit.Sites.Sum(s => s.Multiplicity));
        Assert.True(unit.Operations[0].IsIdentity);
        // Multiplicity times order of the site symmetry is the order of the group.
        Assert.All(unit.Sites, site => Assert.Equal(0, unit.Operations.Length % site.Multiplicity));
        // Per element, the letters of the asymmetric unit are those of the atoms given.
        var given = Enumerable.Range(0, symmetry.Structure.AtomCount).Select(i => (symmetry.Structure.Species[i], symmetry.Wyckoff[i])).ToHashSet();
        Assert.Equal(given, unit.Sites.Select(s => (s.Element, s.Wyckoff)).ToHashSet());
    });

    [Theory]
    [InlineData("P2_1/c", "b1", "P 21/c")]
    [InlineData("Fm-3m", "", "F m -3 m")]
    [InlineData("I4_1/amd", "1", "I 41/a m d :1")]
    [InlineData("R-3m", "H", "R -3 m :H")]
    [InlineData("P6_3/mmc", "", "P 63/m m c")]
    [InlineData("P-1", "", "P -1")]
    [InlineData("P-42_1m", "", "P -4 21 m")]
    [InlineData("Pnma", "", "P n m a")]
    [InlineData("Ia-3d", "", "I a -3 d")]
    public void SymbolsAreSpelledAsInCif(string symbol, string choice, string expected) =>
        Assert.Equal(expected, SpaceGroupSymbol.Spaced(symbol, choice));
}
