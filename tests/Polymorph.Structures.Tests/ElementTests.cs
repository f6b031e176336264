using Polymorph.Structures;
using Xunit;

namespace Polymorph.Structures.Tests;

public sealed class ElementTests
{
    [Fact]
    public void AllElementsHaveSymbolMassAndRadius()
    {
        Assert.Equal(118, Element.All.Count());
        Assert.All(Element.All, e => Assert.True(e.Mass > 1 && e.CovalentRadius > 0.2 && e.Name.Length > 2 && Element.Parse(e.Symbol) == e));
    }

    [Theory]
    [InlineData("H", 1, 1.008, 0.31)]
    [InlineData("C", 6, 12.011, 0.76)]
    [InlineData("O", 8, 15.999, 0.66)]
    [InlineData("Si", 14, 28.085, 1.11)]
    [InlineData("Og", 118, 294.214, 1.57)]
    public void PublishedValuesAreInTheTable(string symbol, int number, double mass, double radius)
    {
        var element = Element.Parse(symbol);
        Assert.Equal((number, mass, radius), (element.Number, element.Mass, element.CovalentRadius));
    }

    [Fact]
    public void FormulasAreReadInTheOrderWritten()
    {
        Assert.Equal("C5H12O", Composition.Parse("C5H12O").Formula);
        Assert.Equal("CaH2O2", Composition.Parse("Ca(OH)2").Formula);
        Assert.Equal([6, 1, 1, 8], Composition.ParseSpecies("CH2O").Select(e => e.Number));
    }

    [Theory]
    [InlineData("")]
    [InlineData("C0")]
    [InlineData("Xx2")]
    [InlineData("C5H12O)")]
    [InlineData("(CH2")]
    [InlineData("C99999999999")]
    public void BadFormulasAreRefused(string formula) => Assert.Throws<FormatException>(() => Composition.Parse(formula));
}
