using Polymorph.Foundation;
using Polymorph.Structures.Bonds;
using Xunit;

namespace Polymorph.Structures.Tests.Bonds;

public sealed class AcyclicIsomersTests
{
    /// Alkanes: Henze and Blair, J. Am. Chem. Soc. 53 (1931) 3077 (OEIS A000602). Alcohols and ethers: 7, 14, 32 in the LoGAN study;
    /// amines: C3H9N has 4, C4H11N has 8 (textbooks). Diols, ethers and peroxides of C2H6O2 by hand: OCCO, COCO, COOC, CCOO, CC(O)O.
    [Theory]
    [InlineData("CH4", 1)]
    [InlineData("C4H10", 2)]
    [InlineData("C5H12", 3)]
    [InlineData("C6H14", 5)]
    [InlineData("C7H16", 9)]
    [InlineData("C8H18", 18)]
    [InlineData("C9H20", 35)]
    [InlineData("C10H22", 75)]
    [InlineData("C4H10O", 7)]
    [InlineData("C5H12O", 14)]
    [InlineData("C6H14O", 32)]
    [InlineData("C3H9N", 4)]
    [InlineData("C4H11N", 8)]
    [InlineData("C2H6O2", 5)]
    [InlineData("H2O", 1)]
    public void CountsAreThePublishedOnes(string formula, int count)
    {
        var isomers = AcyclicIsomers.Of(Composition.Parse(formula));
        Assert.Equal(count, isomers.Count);
        Assert.All(isomers, graph => Assert.True(graph.IsSaturatedMolecule && new Composition(graph.Species).Formula == formula));
    }

    [Fact]
    public void TheIsomersOfTheStudyAreThoseOfItsList() =>
        Assert.Equal(
            PublishedMolecules.TargetSmiles.Select(s => SmilesReader.Read(s).CanonicalSmiles).Order(StringComparer.Ordinal),
            AcyclicIsomers.Of(Composition.Parse("C5H12O")).Select(g => g.CanonicalSmiles));

    [Theory]
    [InlineData("C5H10O")] // one ring or double bond
    [InlineData("C5H11O")]
    [InlineData("H2")]
    public void OtherFormulasHaveNone(string formula) => Assert.Empty(AcyclicIsomers.Of(Composition.Parse(formula)));

    [Fact]
    public void TooManyAreRefused() =>
        Assert.Equal("PM2305", Assert.Throws<PolymorphException>(() => AcyclicIsomers.Of(Composition.Parse("C9H22N2O6"))).Code);
}
