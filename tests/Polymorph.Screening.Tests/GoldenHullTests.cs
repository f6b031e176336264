using System.Text.Json;
using Polymorph.Screening.Compositions;
using Polymorph.Screening.Hull;
using Polymorph.Structures;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Screening.Tests;

/// The hull of pymatgen 2022.11.7, whose numbers an independent linear program has repeated to 1.1e-13 eV/atom.
public sealed class GoldenHullTests
{
    // Energies: the last digits of sums of up to 859 doubles of a hundred eV, per atom. Amounts: the tolerance of the golden file.
    private const double EnergyTolerance = 1e-9, AmountTolerance = 1e-6;

    public static TheoryData<string> Systems => ["pd1-Fe", "pd1-P", "pd2-Fe-O", "pd2-Li-P", "pd3-Mg-Mn-O-exp", "pd3-Li-Fe-O", "pd4-Li-Fe-P-O", "pd4-Ca-Al-Si-O-exp"];

    [Theory, MemberData(nameof(Systems))]
    public void EveryCaseAgrees(string id)
    {
        var system = System(id);
        var entries = Entries(system);
        var hull = new ConvexHull(new ReferenceSet(entries));
        EnergyUnitCheck.Refuse(entries, id);
        var byId = entries.ToDictionary(e => e.Id);
        int cases = 0;
        foreach (var golden in system.GetProperty("cases").EnumerateArray())
        {
            var standing = hull.Of(byId[golden.GetProperty("id").GetString()!]);
            Assert.Equal(golden.GetProperty("formation_energy_per_atom").GetDouble(), standing.FormationEnergyEVPerAtom, EnergyTolerance);
            Assert.Equal(golden.GetProperty("e_above_hull").GetDouble(), standing.EnergyAboveHullEVPerAtom, EnergyTolerance);
            Assert.Equal(golden.GetProperty("stable").GetBoolean(), standing.IsStable);
            Assert.Equal(golden.GetProperty("phase_separation_energy").GetDouble(), standing.PhaseSeparationEnergyEVPerAtom, EnergyTolerance);
            SameMixture(golden, standing.Hull, standing.Entry.Composition);
            cases++;
        }

        foreach (var golden in system.GetProperty("points").EnumerateArray())
        {
            var composition = Amounts(golden.GetProperty("composition"));
            var point = hull.At(composition);
            Assert.Equal(golden.GetProperty("hull_energy_per_atom").GetDouble(), point.EnergyEVPerAtom, EnergyTolerance);
            SameMixture(golden, point, composition);
        }

        Assert.True(cases > 0);
    }

    [Theory, MemberData(nameof(Systems))]
    public void ReferencesAndStablePhasesAgree(string id)
    {
        var system = System(id);
        var entries = Entries(system);
        var set = new ReferenceSet(entries);
        var hull = new ConvexHull(set);
        foreach (var reference in system.GetProperty("elemental_references").EnumerateObject())
        {
            Assert.Equal(reference.Value.GetProperty("energy_per_atom").GetDouble(), set.Reference(Element.Parse(reference.Name)).EnergyEVPerAtom, EnergyTolerance);
        }

        var stable = system.GetProperty("stable_ids").EnumerateArray().Select(s => s.GetString()!).Order(StringComparer.Ordinal);
        Assert.Equal(stable, entries.Where(e => hull.Of(e).IsStable).Select(e => e.Id).Order(StringComparer.Ordinal));
        if (system.GetProperty("components").GetInt32() > 1)
        {
            var elements = entries.SelectMany(e => e.Composition.Elements).Distinct().Order();
            Assert.Equal(stable, hull.Facets([.. elements]).Stable.Select(e => e.Id).Order(StringComparer.Ordinal));
        }
    }

    internal static JsonElement System(string id) =>
        ReferenceData.Json("golden/screening/phase_diagrams.json").GetProperty("systems").EnumerateArray().Single(s => s.GetProperty("id").GetString() == id || s.GetProperty("system").GetString() == id);

    internal static List<HullEntry> Entries(JsonElement system) =>
        [.. system.GetProperty("entries").EnumerateArray().Select(e => new HullEntry(e.GetProperty("id").GetString()!, Amounts(e.GetProperty("composition")), e.GetProperty("energy").GetDouble()))];

    internal static ElementAmounts Amounts(JsonElement composition) =>
        new(composition.EnumerateObject().Select(e => KeyValuePair.Create(Element.Parse(e.Name), e.Value.GetDouble())));

    private static void SameMixture(JsonElement golden, HullPoint point, ElementAmounts composition)
    {
        var expected = golden.GetProperty("decomposition").EnumerateArray().ToDictionary(p => p.GetProperty("id").GetString()!, p => p.GetProperty("amount").GetDouble());
        Assert.Equal(1, point.Decomposition.Sum(p => p.Fraction), AmountTolerance);
        foreach (var element in composition.Elements)
        {
            double amount = point.Decomposition.Sum(p => p.Fraction * p.Entry.Composition[element] / p.Entry.Composition.Total);
            Assert.Equal(composition[element] / composition.Total, amount, AmountTolerance);
        }

        if (!point.IsDegenerate)
        {
            Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), point.Decomposition.Select(p => p.Entry.Id));
            Assert.All(point.Decomposition, p => Assert.Equal(expected[p.Entry.Id], p.Fraction, AmountTolerance));
        }
    }
}
