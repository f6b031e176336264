using Polymorph.Screening.Compositions;
using Polymorph.Screening.Corrections;
using Polymorph.Screening.Hull;
using Xunit;

namespace Polymorph.Screening.Tests;

/// Energies of elements by least squares, against energies that were made from known ones.
public sealed class FittedElementsTests
{
    // Any energies of Mg, Mn and O, eV/atom.
    private const double Mg = -1.3, Mn = -8.7, O = -4.4;

    private static readonly (string Formula, double FormationEV)[] Measured = [("MgO", -5.9), ("MnO", -3.76), ("Mn3O4", -13.3), ("Mn2O3", -9.13), ("MnO2", -4.82)];

    [Fact]
    public void EnergiesMadeFromElementsGiveTheseBack()
    {
        var fit = FittedElements.Of(Measured.Select(m => Entry(m.Formula, m.FormationEV)), Measured.Select(m => (ElementAmounts.Parse(m.Formula), m.FormationEV)));
        Assert.NotNull(fit);
        Assert.Equal(5, fit.Compounds);
        // The equations of five compounds by three elements are exact, so rounding alone is left.
        Assert.Equal(0, fit.ResidualEVPerAtom, 1e-12);
        var spinel = ElementAmounts.Parse("Mg2MnO4");
        Assert.Equal(-7.5, fit.FormationEnergyEV(spinel, 2 * Mg + Mn + 4 * O - 7.5)!.Value, 1e-10);
        Assert.Null(fit.FormationEnergyEV(ElementAmounts.Parse("ZnO"), -1));
    }

    /// Two oxides of one metal with one unknown too few: half of what does not fit is left to each, weighted by nothing else.
    [Fact]
    public void TheResidualIsWhatDoesNotFit()
    {
        // Entries of one element ratio differ by 0.2 eV/atom in what they say: the mean is fitted, 0.1 each way; one equation more than unknowns.
        var fit = FittedElements.Of([Entry("MnO", -3.76), Entry("Mn3O4", -13.3), Entry("Mn2O3", -9.13, 0.2 * 5)], Measured.Skip(1).Take(3).Select(m => (ElementAmounts.Parse(m.Formula), m.FormationEV)));
        // Least squares of a line through x(O) = 1/2, 4/7, 3/5 with targets 0, 0, 0.2 off it.
        double[] x = [0.5, 4 / 7.0, 0.6], y = [0, 0, 0.2];
        double mean = x.Average(), slope = x.Zip(y, (a, b) => (a - mean) * b).Sum() / x.Sum(a => (a - mean) * (a - mean));
        double squares = x.Zip(y, (a, b) => Math.Pow(b - y.Average() - slope * (a - mean), 2)).Sum();
        Assert.Equal(Math.Sqrt(squares), fit!.ResidualEVPerAtom, 1e-9);
    }

    [Fact]
    public void TooFewCompoundsGiveNothing()
    {
        Assert.Null(FittedElements.Of([Entry("MgO", -5.9)], [(ElementAmounts.Parse("MgO"), -5.9)]));
        Assert.Null(FittedElements.Of([Entry("MgO", -5.9)], [(ElementAmounts.Parse("MnO"), -3.76)]));
    }

    private static HullEntry Entry(string formula, double formation, double error = 0)
    {
        var amounts = ElementAmounts.Parse(formula);
        double elements = amounts.Elements.Sum(e => amounts[e] * (e.Symbol switch { "Mg" => Mg, "Mn" => Mn, _ => O }));
        return new HullEntry(formula, amounts, elements + formation + error);
    }
}
