using System.Text.Json;
using Polymorph.Screening.Corrections;
using Polymorph.Structures;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Screening.Tests;

/// Corrections MP2020 as pymatgen 2022.11.7 applies them to 88 entries.
public sealed class GoldenCorrectionTests
{
    private const double Tolerance = 1e-9; // as the golden file says

    [Fact]
    public void EveryEntryHasTheSameTerms()
    {
        int cases = 0, dropped = 0;
        foreach (var golden in ReferenceData.Json("golden/screening/corrections.json").GetProperty("cases").EnumerateArray())
        {
            var composition = GoldenHullTests.Amounts(golden.GetProperty("composition"));
            OxideClass? oxide = golden.GetProperty("oxide_type").GetString() is { } name && Enum.TryParse<OxideClass>(name, ignoreCase: true, out var parsed) ? parsed : null;
            var states = golden.TryGetProperty("oxidation_states", out var guess) ? Numbers(guess) : [];
            var answer = MaterialsProject2020.Of(composition, new ComputedRun(golden.GetProperty("run_type").GetString()!, Numbers(golden.GetProperty("hubbards")), states, oxide));
            cases++;
            Assert.Equal(golden.GetProperty("compatible").GetBoolean(), answer.WhyIncompatible is null);
            if (answer.WhyIncompatible is not null)
            {
                dropped++;
                Assert.Empty(answer.Corrections);
                continue;
            }

            var expected = golden.GetProperty("corrections").EnumerateArray().ToDictionary(c => c.GetProperty("name").GetString()!);
            Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), answer.Corrections.Select(c => c.Name).Order(StringComparer.Ordinal));
            foreach (var term in answer.Corrections)
            {
                Assert.Equal(expected[term.Name].GetProperty("value").GetDouble(), term.ValueEV, Tolerance);
                Assert.Equal(expected[term.Name].GetProperty("uncertainty").GetDouble(), term.UncertaintyEV, Tolerance);
            }

            Assert.Equal(golden.GetProperty("correction").GetDouble(), answer.TotalEV, Tolerance);
            var entry = new Hull.HullEntry("a", composition, golden.GetProperty("raw_energy").GetDouble(), "GGA") { Corrections = answer.Corrections };
            Assert.Equal(golden.GetProperty("corrected_energy").GetDouble(), entry.EnergyEV, Tolerance);
        }

        Assert.Equal((88, 3), (cases, dropped));
    }

    /// Where every balance of charges agrees on a sign, the most frequent one, which pymatgen takes, has it too.
    [Fact]
    public void SignsThatAreToldFromTheFormulaAreThoseOfTheScheme()
    {
        int told = 0, uncertain = 0;
        foreach (var golden in ReferenceData.Json("golden/screening/corrections.json").GetProperty("cases").EnumerateArray())
        {
            var composition = GoldenHullTests.Amounts(golden.GetProperty("composition"));
            var guess = golden.TryGetProperty("oxidation_states", out var states) ? Numbers(states) : [];
            var elements = guess.Count == 0 ? [] : MaterialsProject2020.AnionsBySign(composition);
            var found = AnionStates.Of(composition, elements);
            uncertain += found.Uncertain.Count;
            foreach (var element in elements.Where(found.States.ContainsKey))
            {
                told++;
                Assert.Equal(guess[element] < 0, found.States[element] < 0);
            }
        }

        Assert.True(told > 0, $"{told} told, {uncertain} uncertain");
    }

    [Theory]
    [InlineData("O O", 1.49, OxideClass.Peroxide)]
    [InlineData("O O", 1.30, OxideClass.Superoxide)]
    [InlineData("O O", 1.60, OxideClass.Oxide)]
    [InlineData("O O O", 1.30, OxideClass.Ozonide)]
    [InlineData("O H", 0.95, OxideClass.Oxide)]
    public void DistancesTellTheClass(string atoms, double distance, OxideClass expected)
    {
        // A chain of atoms along x in a large cell.
        var species = atoms.Split(' ').Select(Element.Parse).Append(Element.Parse("Na")).ToList();
        var positions = species.Select((e, i) => e.Symbol == "Na" ? new Vector3D(5, 5, 5) : new Vector3D(i * distance, 0, 0)).ToList();
        var lattice = new Lattice(new Vector3D(12, 0, 0), new Vector3D(0, 12, 0), new Vector3D(0, 0, 12));
        Assert.Equal(expected, OxideClasses.Of(new Structure([.. species], [.. positions], lattice)));
    }

    [Theory]
    [InlineData("Na2O2", OxideClass.Peroxide)]
    [InlineData("Ba2O4", OxideClass.Peroxide)]
    [InlineData("KO2", OxideClass.Superoxide)]
    [InlineData("KO3", OxideClass.Ozonide)]
    [InlineData("MnO2", OxideClass.Oxide)]
    public void FormulasTellTheClass(string formula, OxideClass expected) => Assert.Equal(expected, OxideClasses.Of(Compositions.ElementAmounts.Parse(formula)));

    private static Dictionary<Element, double> Numbers(JsonElement values) => values.EnumerateObject().ToDictionary(v => Element.Parse(v.Name), v => v.Value.GetDouble());
}
