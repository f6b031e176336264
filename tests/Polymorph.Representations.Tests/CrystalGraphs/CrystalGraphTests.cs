using Polymorph.Foundation;
using Polymorph.Representations.CrystalGraphs;
using Polymorph.Structures;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Representations.Tests.CrystalGraphs;

public sealed class CrystalGraphTests
{
    private static readonly CrystalGraphOptions Published = new();

    /// Elements and distances of the neighbours, sorted: which of several equally near atoms comes first or is left out is the tie rule's choice, not physics.
    [Fact]
    public void NeighboursAreThoseOfThePublishedCode()
    {
        foreach (var record in ReferenceData.Json("golden/cgcnn/graphs.json").GetProperty("graphs").EnumerateArray())
        {
            var structure = ReferenceCrystal.OfNumbers(record);
            var graph = CrystalGraph.Build(structure, Published);
            for (int atom = 0; atom < structure.AtomCount; atom++)
            {
                double[] expected = [.. record.GetProperty("nbr_dist")[atom].EnumerateArray().Select(d => d.GetDouble())];
                int start = graph.RowStarts[atom];
                Assert.Equal(12, graph.RowStarts[atom + 1] - start);
                for (int k = 0; k < 12; k++)
                {
                    // The file's distances go through the CIF's rounded coordinates: 1e-6 Å as its README says.
                    Assert.Equal(expected[k], graph.Distances[start + k], 1e-6);
                }

                // Neighbours clearly nearer than the last are in both lists, whatever the ties.
                var near = Enumerable.Range(0, 12).Where(k => expected[k] < expected[11] - 1e-5).ToList();
                Assert.Equal(
                    near.Select(k => Key(structure.Species[record.GetProperty("nbr_idx")[atom][k].GetInt32()], expected[k])).Order(),
                    near.Select(k => Key(structure.Species[graph.Neighbours[start + k]], graph.Distances[start + k])).Order());
            }
        }
    }

    [Fact]
    public void EdgeFeaturesAreThoseOfThePublishedCode()
    {
        var features = new double[Published.Centres];
        foreach (var record in ReferenceData.Json("golden/cgcnn/graphs.json").GetProperty("gaussian_examples").EnumerateArray())
        {
            Published.Expand(record.GetProperty("d").GetDouble(), features);
            double[] expected = [.. record.GetProperty("values").EnumerateArray().Select(v => v.GetDouble())];
            Assert.Equal(expected.Length, features.Length);

            // The file has single precision.
            Assert.All(expected.Zip(features), pair => Assert.Equal(pair.First, pair.Second, 2e-7));
        }
    }

    [Fact]
    public void ElementFeaturesAreThoseOfThePublishedFile()
    {
        foreach (var record in ReferenceData.Json("data/cgcnn/atom_init.json").EnumerateObject())
        {
            var features = new int[AtomFeatures.Count];
            foreach (int place in AtomFeatures.Of(new Element(int.Parse(record.Name, System.Globalization.CultureInfo.InvariantCulture))))
            {
                features[place] = 1;
            }

            Assert.Equal(record.Value.EnumerateArray().Select(v => v.GetInt32()), features);
        }
    }

    [Fact]
    public void MissingNeighboursAreFilledUpAsPublishedOrLeftOut()
    {
        // In a cubic cell of 7.9 Å an atom has six images within 8 Å.
        var structure = Cube(7.9, "Po");
        var filled = CrystalGraph.Build(structure, Published);
        Assert.Equal([.. Enumerable.Repeat(7.9, 6), .. Enumerable.Repeat(9.0, 6)], filled.Distances.Select(d => Math.Round(d, 9)));
        Assert.Equal(6, CrystalGraph.Build(structure, Published with { LeaveOutMissing = true }).Neighbours.Length);
        Assert.Empty(CrystalGraph.Build(Cube(9, "Po"), Published with { LeaveOutMissing = true }).Neighbours);
    }

    /// A neighbour at the radius itself counts.
    [Fact]
    public void TheRadiusIsInclusive() => Assert.Equal(6, CrystalGraph.Build(Cube(8, "Po"), Published).Distances.Count(d => d < 8.5));

    [Fact]
    public void TheGraphDoesNotDependOnTheChoiceOfTheCell()
    {
        var structure = Cube(3.3, "Po");
        var other = structure.Repeat(1, 1, 2);
        Assert.Equal(CrystalGraph.Build(structure, Published).Distances.Select(d => Math.Round(d, 9)), CrystalGraph.Build(other, Published).Distances.Take(12).Select(d => Math.Round(d, 9)));
    }

    [Fact]
    public void MoleculesAndUnknownElementsAreNamed()
    {
        Assert.Equal("PM3110", Assert.Throws<PolymorphException>(() => CrystalGraph.Build(new Structure([Element.Parse("O")], [default]), Published)).Code);
        var error = Assert.Throws<PolymorphException>(() => CrystalGraph.Build(Cube(4, "Md"), Published));
        Assert.Equal("PM3111", error.Code);
        Assert.Contains("Md", error.Reason, StringComparison.Ordinal);
    }

    private static string Key(Element element, double distance) => FormattableString.Invariant($"{element.Symbol} {distance:F4}");

    private static Structure Cube(double edge, string symbol) => new([Element.Parse(symbol)], [default], new Lattice(new(edge, 0, 0), new(0, edge, 0), new(0, 0, edge)));
}
