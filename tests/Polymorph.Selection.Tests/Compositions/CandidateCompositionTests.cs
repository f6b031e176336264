using System.Collections.Immutable;
using Polymorph.Foundation;
using Polymorph.Representations.CrystalImages;
using Polymorph.Selection.Compositions;
using Polymorph.Structures;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Selection.Tests.Compositions;

public sealed class CandidateCompositionTests
{
    private static readonly CrystalImageLayout Layout = CrystalImageLayout.MgMnO;

    // Counted independently: specs/crystal-gan.md, sections 3 and 8.
    [Theory]
    [InlineData(int.MaxValue, 172, 139)]
    [InlineData(20, 135, 111)]
    public void ManganeseOfTwoToFour(int mostAtoms, int cells, int formulas)
    {
        var found = CandidateCompositions.List(Layout, [OxidationRange.Parse("Mn=2..4")], mostAtoms);
        Assert.Equal(cells, found.Count);
        Assert.Equal(formulas, found.Select(CellCompositions.Reduced).Distinct(CountsComparer.Instance).Count());
    }

    [Fact]
    public void TheFormulasAreThoseOfTheReferenceList()
    {
        var golden = ReferenceData.Json("golden/screening/oxidation_states.json").GetProperty("mn_filter").GetProperty("compositions").EnumerateArray()
            .Select(c => string.Join(' ', new[] { "Mg", "Mn", "O" }.Select(e => c.GetProperty(e).GetInt32()))).Order(StringComparer.Ordinal);
        var found = CandidateCompositions.List(Layout, [OxidationRange.Parse("Mn=2..4")]).Select(CellCompositions.Reduced).Distinct(CountsComparer.Instance);
        Assert.Equal(golden, found.Select(c => string.Join(' ', c)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void AFormulaMeansAllItsCells()
    {
        Assert.Equal(["MgMn2O4", "Mg2Mn4O8", "Mg3Mn6O12"], Formulas("MgMn2O4"));
        Assert.Equal(Formulas("MgMn2O4"), Formulas("Mg2Mn4O8"));
        Assert.Equal([4, 2, 8], CellCompositions.OfCell("Mg4Mn2O8", Layout));
    }

    [Theory]
    [InlineData("MgMn2O4Fe", "PM5062")]
    [InlineData("MgO", "PM5061")]
    [InlineData("MgMn9O4", "PM5061")]
    [InlineData("Mg2MnO", "")]
    [InlineData("MgXx", "PM5060")]
    [InlineData("", "PM5060")]
    [InlineData("mgmno", "PM5060")]
    public void ACompositionThatCannotBeAskedForIsNamed(string formula, string code)
    {
        var problem = Record.Exception(() => CellCompositions.OfFormula(formula, Layout));
        Assert.Equal(code, (problem as PolymorphException)?.Code ?? "");
        Assert.Equal(code.Length > 0, problem is not null);
    }

    [Theory]
    [InlineData("Mn")]
    [InlineData("Mn=")]
    [InlineData("Mn=4..2")]
    [InlineData("Mn=2..3..4")]
    [InlineData("Xx=2")]
    [InlineData("Mn=nan")]
    [InlineData("Mn=99")]
    public void AWrongOxidationStateIsNamed(string text) => Assert.Equal("PM5063", Assert.Throws<PolymorphException>(() => OxidationRange.Parse(text)).Code);

    [Fact]
    public void AnElementWithSeveralStatesMustBeGiven()
    {
        Assert.Equal("PM5064", Assert.Throws<PolymorphException>(() => CandidateCompositions.List(Layout, [])).Code);
        Assert.Equal("PM5066", Assert.Throws<PolymorphException>(() => CandidateCompositions.List(Layout, [OxidationRange.Parse("Mn=2"), OxidationRange.Parse("Fe=2")])).Code);
        Assert.Equal("PM5065", Assert.Throws<PolymorphException>(() => CandidateCompositions.List(CrystalImageLayout.Parse("Li=200,Na=200,K=200,O=200"), [])).Code);

        // VO is V2+, V2O5 is V5+: all vanadium oxides of the preset's caps between them.
        var oxides = CandidateCompositions.List(CrystalImageLayout.Parse("v-o"), [OxidationRange.Parse("V=2..5")]);
        Assert.All(oxides, c => Assert.InRange(2.0 * c[1] / c[0], 2, 5));
        Assert.Contains(oxides, c => c.SequenceEqual([8, 20]));
    }

    private static IEnumerable<string> Formulas(string formula) => CellCompositions.OfFormula(formula, Layout).Select(c => CellCompositions.Formula(c, Layout));
}
