using System.Text.Json;
using Polymorph.Screening.Entries;
using Polymorph.Screening.Pourbaix;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Screening.Tests;

/// Diagrams of pymatgen 2022.11.7, whose hull energies an independent linear program has repeated to 6.4e-14 eV.
public sealed class GoldenPourbaixTests
{
    // Energies are sums of a few eV.
    private const double EnergyTolerance = 1e-9;

    public static TheoryData<string> Systems => ["pbx-Zn", "pbx-Zn-nofilter-1e-3", "pbx-Ag-Te", "pbx-MgMn2", "pbx-Mg2Mn", "pbx-Ag-Te-N"];

    [Theory, MemberData(nameof(Systems))]
    public void EveryPointOfTheGridAgrees(string id)
    {
        var (golden, file, diagram) = Read(id);
        var cases = golden.GetProperty("cases").EnumerateArray().Select(c => file.Entries.Single(e => e.Id == c.GetProperty("id").GetString())).ToList();
        var map = new PourbaixMap(diagram);
        var together = new double[1];
        int points = 0;
        foreach (var at in golden.GetProperty("grid").EnumerateArray())
        {
            double pH = at.GetProperty("pH").GetDouble(), potential = at.GetProperty("V_SHE").GetDouble();
            Assert.Equal(at.GetProperty("V_RHE").GetDouble(), Electrochemistry.AgainstRhe(potential, PotentialScale.She, pH), EnergyTolerance);
            var point = diagram.At(pH, potential);
            Assert.Equal(at.GetProperty("hull_energy").GetDouble(), point.EnergyEVPerMetal, EnergyTolerance);
            double[] expected = [.. at.GetProperty("dG_pbx").EnumerateArray().Select(d => d.GetDouble())];
            for (int k = 0; k < cases.Count; k++)
            {
                Assert.Equal(expected[k], diagram.DecompositionEnergy(cases[k], pH, potential), EnergyTolerance);
                map.DecompositionEnergies(cases[k], [pH], [potential], together);
                Assert.Equal(expected[k], together[0], EnergyTolerance);
            }

            var stable = at.GetProperty("stable").EnumerateArray().ToDictionary(s => s.GetProperty("id").GetString()!, s => s.GetProperty("weight").GetDouble());
            Assert.Equal(stable.Keys.Order(StringComparer.Ordinal), point.Stable.Select(s => s.Entry.Id));
            Assert.All(point.Stable, s => Assert.Equal(stable[s.Entry.Id], s.Weight, 1e-6)); // the golden file's own tolerance of weights
            points++;
        }

        Assert.True(points > 0);
    }

    [Theory, MemberData(nameof(Systems))]
    public void TheStudysNumberAgrees(string id)
    {
        var (golden, file, diagram) = Read(id);
        foreach (var expected in golden.GetProperty("rhe_1p5").GetProperty("results").EnumerateArray())
        {
            var entry = file.Entries.Single(e => e.Id == expected.GetProperty("id").GetString());
            var minimum = diagram.MinimumAgainstRhe(entry);
            Assert.Equal(expected.GetProperty("dG_pbx_min").GetDouble(), minimum.MinimumEVPerAtom, EnergyTolerance);
            Assert.Equal(expected.GetProperty("dG_pbx_max").GetDouble(), minimum.MaximumEVPerAtom, EnergyTolerance);
            // Where the minimum is flat, rounding decides which pH the tool names: its pH must have our minimum too.
            double there = expected.GetProperty("pH_at_min").GetDouble();
            Assert.Equal(minimum.MinimumEVPerAtom, diagram.DecompositionEnergy(entry, there, 1.5 - 0.0591 * there), EnergyTolerance);
            Assert.True(minimum.PH <= there);

            // No pH of a scan fifty times finer has less than the exact minimum, and the kinks are hit within what 0.01 of pH can change: less than 0.0591 times 10 electrons per atom.
            double finest = Enumerable.Range(0, 1401).Min(i => diagram.DecompositionEnergy(entry, 0.01 * i, 1.5 - 0.0591 * 0.01 * i));
            Assert.InRange(finest - minimum.ExactMinimumEVPerAtom, -EnergyTolerance, 0.006);
            Assert.True(minimum.ExactMinimumEVPerAtom <= minimum.MinimumEVPerAtom);
        }
    }

    [Theory, MemberData(nameof(Systems))]
    public void DomainsFillTheWindowAndAreThoseOfTheTool(string id)
    {
        var (golden, _, diagram) = Read(id);
        var domains = new PourbaixMap(diagram).Domains;
        Assert.Equal(18 * 8, domains.Sum(d => d.Area), 1e-6); // areas of polygons with some hundred corners
        foreach (var domain in domains)
        {
            foreach (var (pH, potential) in domain.Corners)
            {
                // Halfway between the centre and a corner the same assemblage is stable.
                var inside = diagram.At(0.5 * (pH + domain.Centre.PH), 0.5 * (potential + domain.Centre.Potential));
                Assert.Equal(domain.Assemblage.Stable.Select(s => s.Entry.Id), inside.Stable.Select(s => s.Entry.Id));
            }
        }

        var names = domains.Where(d => d.Area > 1e-4).Select(d => d.Assemblage.Label).ToHashSet();
        var listed = golden.GetProperty("stable_domains").EnumerateArray().Select(s => string.Join(" + ", s.GetString()!.Split(" + ").Order(StringComparer.Ordinal))).ToHashSet();
        Assert.Subset(listed, names);
    }

    [Fact]
    public void ASolidThatTheFilterRemovedIsMarked()
    {
        var (golden, file, diagram) = Read("pbx-Zn");
        var oxide = file.Entries.Single(e => e.Name == "ZnO2(s)");
        Assert.True(diagram.IsFiltered(oxide));
        double least = golden.GetProperty("grid").EnumerateArray().Min(p => diagram.DecompositionEnergy(oxide, p.GetProperty("pH").GetDouble(), p.GetProperty("V_SHE").GetDouble()));
        Assert.Equal(-0.88, least, 0.005); // as the specification rounds it
        Assert.Equal(2, file.Entries.Count(e => !e.IsIon && !diagram.IsFiltered(e)));
    }

    internal static (JsonElement Golden, PourbaixEntryFile File, PourbaixDiagram Diagram) Read(string id)
    {
        var golden = ReferenceData.Json("golden/screening/pourbaix.json").GetProperty("systems").EnumerateArray().Single(s => s.GetProperty("id").GetString() == id);
        using var folder = new TemporaryFolder();
        var file = PourbaixEntryFile.Read(folder.Write("golden.json", golden.GetRawText()));
        var options = new PourbaixOptions { Concentration = file.Concentration!.Value, FilterSolids = file.FilterSolids!.Value };
        return (golden, file, new PourbaixDiagram(file.Entries, file.Metals!, options));
    }
}
