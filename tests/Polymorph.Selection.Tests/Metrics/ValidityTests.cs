using System.Text.Json;
using Polymorph.Foundation;
using Polymorph.Selection.Metrics;
using Polymorph.Structures;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Selection.Tests.Metrics;

/// Validity of structures and compositions against the benchmark's own rules (pymatgen 2022.11.7, the tables of SMACT).
public sealed class ValidityTests
{
    [Fact]
    public void StructuresAreJudgedAsByTheBenchmark()
    {
        foreach (var entry in ReferenceData.Json("golden/matching/structural_validity.json").GetProperty("cases").EnumerateArray())
        {
            var validity = StructuralValidity.Of(ReferenceCrystal.OfParameters(entry));
            Assert.Equal((entry.GetProperty("valid_benchmark").GetBoolean(), entry.GetProperty("valid_strict").GetBoolean()), (validity.Benchmark, validity.Strict));
        }
    }

    [Fact]
    public void CompositionsAreJudgedAsByTheBenchmark()
    {
        foreach (var entry in ReferenceData.Json("golden/matching/composition_validity.json").GetProperty("cases").EnumerateArray())
        {
            var composition = new Composition(entry.GetProperty("counts").EnumerateObject().SelectMany(c => Enumerable.Repeat(Element.Parse(c.Name), c.Value.GetInt32())));
            Assert.True(entry.GetProperty("valid").GetBoolean() == CompositionalValidity.Of(composition, OxidationTable.Smact2014), composition.Formula);
        }
    }

    /// 200 compositions of four sets of elements, with all their neutral states: a formula fails for want of a neutral choice, or because every neutral one defies the electronegativities.
    [Fact]
    public void ImbalancedCompositionsAreToldApartByTheirReason()
    {
        // The file brings its own electronegativities and metals, which differ from the original list for tungsten and germanium.
        int failed = 0;
        var json = ReferenceData.Json("golden/screening/oxidation_states.json");
        var table = Table(json.GetProperty("tables"));
        foreach (var entry in json.GetProperty("compositions").EnumerateArray())
        {
            var composition = new Composition(entry.GetProperty("composition").EnumerateObject().SelectMany(c => Enumerable.Repeat(Element.Parse(c.Name), c.Value.GetInt32())));
            string? why = CompositionalValidity.WhyNot(composition, table);
            bool valid = entry.GetProperty("smact_valid_with_alloys").GetBoolean();
            Assert.True(valid == why is null, composition.Formula);
            failed += valid ? 0 : 1;
            if (why is not null)
            {
                Assert.StartsWith(entry.GetProperty("neutral_states").GetArrayLength() == 0 ? "no choice of one state" : "neutral only", why, StringComparison.Ordinal);
            }
        }

        Assert.True(failed > 20);
        Assert.Equal("no choice of one state for each element is neutral: O -2 -1 +1 +2; Mg +1 +2", CompositionalValidity.WhyNot(Composition.Parse("Mg4O"), OxidationTable.Smact2014));
        Assert.Contains("He has no oxidation states", CompositionalValidity.WhyNot(Composition.Parse("HeO"), OxidationTable.Smact2014), StringComparison.Ordinal);

        static OxidationTable Table(JsonElement elements)
        {
            string path = Path.GetTempFileName();
            try
            {
                File.WriteAllLines(path, elements.EnumerateObject().Select(e => string.Join(',', e.Name, e.Value.GetProperty("electronegativity"), e.Value.GetProperty("is_metal").GetBoolean() ? "1" : "0",
                    string.Join(' ', e.Value.GetProperty("smact14").EnumerateArray()))));
                return OxidationTable.Read(path);
            }
            finally
            {
                File.Delete(path);
            }
        }
    }

    /// One state per element: magnetite needs two of iron.
    [Theory, InlineData("Fe3O4", false), InlineData("Fe2O3", true), InlineData("NaCl", true), InlineData("Na2Cl", false), InlineData("HeO", false), InlineData("C", true), InlineData("CuZn", true)]
    public void KnownFormulasAreJudged(string formula, bool valid) => Assert.Equal(valid, CompositionalValidity.Of(Composition.Parse(formula), OxidationTable.Smact2014));

    /// The search turns back early; trying every choice must give the same verdict.
    [Fact]
    public void TheSearchAgreesWithTryingEverything()
    {
        string[] symbols = ["O", "F", "S", "N", "Cl", "Si", "Ti", "Na", "Ca", "Fe", "P", "H"];
        int valid = 0;
        for (int trial = 0; trial < 300; trial++)
        {
            var parts = Enumerable.Range(0, 4).Select(k => (Element: Element.Parse(symbols[(trial * 7 + k * (1 + trial % 5)) % symbols.Length]), Count: 1 + (trial * 13 + k * 29) % 7)).DistinctBy(p => p.Element).ToArray();
            var composition = new Composition(parts.SelectMany(p => Enumerable.Repeat(p.Element, p.Count)));
            bool expected = Everything(parts, []) || parts.Length == 1 || Array.TrueForAll(parts, p => OxidationTable.Smact2014.IsMetal(p.Element));
            Assert.True(expected == CompositionalValidity.Of(composition, OxidationTable.Smact2014), composition.Formula);
            valid += expected ? 1 : 0;
        }

        Assert.InRange(valid, 50, 290);

        static bool Everything((Element Element, int Count)[] parts, int[] states) => states.Length < parts.Length
            ? OxidationTable.Smact2014.States(parts[states.Length].Element).Any(s => Everything(parts, [.. states, s]))
            : parts.Zip(states).Sum(p => p.First.Count * p.Second) == 0
                && parts.Zip(states).Where(p => p.Second > 0).All(p => parts.Zip(states).Where(q => q.Second < 0).All(q =>
                    OxidationTable.Smact2014.Electronegativity(p.First.Element) < OxidationTable.Smact2014.Electronegativity(q.First.Element)));
    }

    [Fact]
    public void AThousandAtomsInNoSpaceAreInvalid()
    {
        var structure = new Structure([.. Enumerable.Repeat(new Element(6), 20000)], [.. Enumerable.Range(0, 20000).Select(i => new Vector3D(i * 1e-5, 0, 0))], Lattice.Cubic(0.5));
        Assert.Equal(default, StructuralValidity.Of(structure));
    }

    [Fact]
    public void AnotherListOfStatesCanBeRead()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "symbol,electronegativity,metal,states\nNa,0.93,1,2\nCl,3.16,0,-1\n");
            var table = OxidationTable.Read(path);
            Assert.True(CompositionalValidity.Of(Composition.Parse("NaCl2"), table));
            Assert.False(CompositionalValidity.Of(Composition.Parse("NaCl"), table));
            File.WriteAllText(path, "Na,0.93,yes,2\n");
            var error = Assert.Throws<PolymorphException>(() => OxidationTable.Read(path));
            Assert.Equal("PM5040", error.Code);
            Assert.EndsWith(":1", error.Place, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }

        Assert.Equal("PM5040", Assert.Throws<PolymorphException>(() => OxidationTable.Read(path)).Code);
    }
}
