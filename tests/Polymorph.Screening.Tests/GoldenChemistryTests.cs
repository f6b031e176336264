using System.Globalization;
using System.Text;
using System.Text.Json;
using Polymorph.Screening.Chemistry;
using Polymorph.Screening.Compositions;
using Polymorph.Selection.Metrics;
using Polymorph.Structures;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Screening.Tests;

/// Charge balance as SMACT (list of 2014) and pymatgen 2022.11.7 (ICSD list) find it, for 200 formulas.
public sealed class GoldenChemistryTests
{
    private static readonly Lazy<JsonElement> Golden = new(() => ReferenceData.Json("golden/screening/oxidation_states.json"));

    [Fact]
    public void TheListOfStatesIsThatOfTheTool()
    {
        foreach (var row in Golden.Value.GetProperty("tables").EnumerateObject())
        {
            Assert.Equal(row.Value.GetProperty("icsd").EnumerateArray().Select(s => s.GetInt32()).Order(), OxidationLists.Icsd.States(Element.Parse(row.Name)));
        }
    }

    [Fact]
    public void NeutralChoicesAndVerdictsAgree()
    {
        var table = Table();
        int valid = 0, withAlloys = 0;
        foreach (var (golden, composition) in Compositions())
        {
            Assert.Equal(States(golden, "neutral_states"), Texts(composition, ChargeBalance.Neutral(composition, table).Select(s => s.Select(v => (double)v))));
            var ordered = ChargeBalance.Neutral(composition, table).Where(s => ChargeBalance.FollowsElectronegativity(composition, s, table));
            Assert.Equal(States(golden, "valid_states"), Texts(composition, ordered.Select(s => s.Select(v => (double)v))));
            Assert.Equal(golden.GetProperty("smact_valid").GetBoolean(), ChargeBalance.IsValid(composition, table, alloysPass: false));
            Assert.Equal(golden.GetProperty("smact_valid_with_alloys").GetBoolean(), ChargeBalance.IsValid(composition, table));
            valid += ChargeBalance.IsValid(composition, table, alloysPass: false) ? 1 : 0;
            withAlloys += ChargeBalance.IsValid(composition, table) ? 1 : 0;
        }

        Assert.Equal((115, 152), (valid, withAlloys)); // the counts of the specification
    }

    [Fact]
    public void MixedValencesAgree()
    {
        int found = 0;
        foreach (var (golden, composition) in Compositions())
        {
            long count = MixedValence.Count(composition, OxidationLists.Icsd);
            Assert.Equal(golden.GetProperty("icsd_sum_solutions").GetInt64(), count);
            var means = MixedValence.MeanStates(composition, OxidationLists.Icsd).Take(1000).ToList();
            Assert.Equal(Math.Min(count, 1000), means.Count);
            var ours = Texts(composition, means);
            var theirs = golden.GetProperty("icsd_mean_states").EnumerateArray()
                .Select(m => string.Join(' ', m.EnumerateObject().OrderBy(e => e.Name, StringComparer.Ordinal).Select(e => Text(e.Name, e.Value.GetDouble())))).ToHashSet();
            Assert.Subset(ours, theirs);
            found += theirs.Count;
        }

        Assert.True(found > 100);
    }

    [Fact]
    public void TheFilterOfTheStudyKeepsTheSameFormulas()
    {
        var golden = Golden.Value.GetProperty("mn_filter");
        var rule = MeanOxidationState.ManganeseOfPhotoanodes;
        var most = golden.GetProperty("max_atoms").EnumerateObject().Select(e => KeyValuePair.Create(Element.Parse(e.Name), e.Value.GetInt32())).ToList();
        var kept = ReducedFormulas.UpTo(most).Where(c => rule.Passes(new ElementAmounts(c)) == true).ToDictionary(c => c.Formula, c => rule.Of(new ElementAmounts(c))!.Value);
        Assert.Equal(139, kept.Count);
        foreach (var row in golden.GetProperty("compositions").EnumerateArray())
        {
            string formula = Composition.Parse(string.Create(CultureInfo.InvariantCulture, $"Mg{row.GetProperty("Mg").GetInt32()}Mn{row.GetProperty("Mn").GetInt32()}O{row.GetProperty("O").GetInt32()}")).Formula;
            Assert.Equal(row.GetProperty("OS_Mn").GetDouble(), kept[formula], 1e-12); // a quotient of small numbers
        }
    }

    [Fact]
    public void AnUnknownStateDoesNotPass()
    {
        var rule = MeanOxidationState.ManganeseOfPhotoanodes;
        Assert.Null(rule.Passes(ElementAmounts.Parse("LiMnO2")));
        Assert.Null(rule.Passes(ElementAmounts.Parse("MgO")));
        Assert.True(rule.Passes(ElementAmounts.Parse("MnO2"))); // bounds belong to the range
        Assert.True(rule.Passes(ElementAmounts.Parse("MnO")));
        Assert.False(rule.Passes(ElementAmounts.Parse("Mn2O5")));
    }

    // The golden file's own list: that of 2014, with pymatgen's metals, among which germanium is none.
    private static OxidationTable Table()
    {
        var text = new StringBuilder();
        foreach (var row in Golden.Value.GetProperty("tables").EnumerateObject())
        {
            var x = row.Value.GetProperty("electronegativity");
            string states = string.Join(' ', row.Value.GetProperty("smact14").EnumerateArray().Select(s => s.GetInt32()));
            text.Append(CultureInfo.InvariantCulture, $"{row.Name},{(x.ValueKind == JsonValueKind.Null ? "" : x.GetRawText())},{(row.Value.GetProperty("is_metal").GetBoolean() ? 1 : 0)},{states}\n");
            Assert.Equal(states, string.Join(' ', OxidationTable.Smact2014.States(Element.Parse(row.Name))));
        }

        using var reader = new StreamReader(new MemoryStream(Encoding.UTF8.GetBytes(text.ToString())));
        return OxidationTable.Read(reader, "golden");
    }

    private static IEnumerable<(JsonElement Golden, Composition Composition)> Compositions() => Golden.Value.GetProperty("compositions").EnumerateArray()
        .Select(c => (c, new Composition(c.GetProperty("composition").EnumerateObject().SelectMany(e => Enumerable.Repeat(Element.Parse(e.Name), e.Value.GetInt32())))));

    // The choices in a form that does not depend on any order.
    private static HashSet<string> States(JsonElement golden, string field)
    {
        string[] symbols = [.. golden.GetProperty("elements").EnumerateArray().Select(e => e.GetString()!)];
        return [.. golden.GetProperty(field).EnumerateArray().Select(choice =>
            string.Join(' ', symbols.Zip(choice.EnumerateArray()).OrderBy(p => p.First, StringComparer.Ordinal).Select(p => Text(p.First, p.Second.GetDouble()))))];
    }

    private static HashSet<string> Texts(Composition composition, IEnumerable<IEnumerable<double>> choices) =>
        [.. choices.Select(choice => string.Join(' ', composition.Counts.Keys.Zip(choice).OrderBy(p => p.First.Symbol, StringComparer.Ordinal).Select(p => Text(p.First.Symbol, p.Second))))];

    private static HashSet<string> Texts(Composition composition, IEnumerable<System.Collections.Immutable.ImmutableArray<double>> choices) => Texts(composition, choices.Select(c => (IEnumerable<double>)c));

    // Nine digits: means are quotients of small numbers.
    private static string Text(string symbol, double state) => string.Create(CultureInfo.InvariantCulture, $"{symbol}{state:+0.#########;-0.#########;0}");
}
