using System.Collections.Immutable;
using Polymorph.Foundation;
using Polymorph.Learning;
using Polymorph.Screening.Compositions;
using Polymorph.Screening.Drawings;
using Polymorph.Screening.Hull;
using Polymorph.Structures;
using Xunit;

namespace Polymorph.Screening.Tests;

/// What must hold of any convex hull, on random systems of two to six elements.
public sealed class HullPropertyTests
{
    // Sums of a few eV/atom through a linear solve of six rows.
    private const double Tolerance = 1e-9;

    private static readonly ImmutableArray<Element> Elements = [.. "Li Mg Mn Fe O P".Split(' ').Select(Element.Parse)];

    public static TheoryData<int, ulong> Cases => new(from elements in Enumerable.Range(2, 5) from seed in Enumerable.Range(0, 6) select (elements, (ulong)seed));

    [Theory, MemberData(nameof(Cases))]
    public void LoweringOneEntryLowersNoOther(int elements, ulong seed)
    {
        var entries = RandomEntries(elements, seed);
        var before = Above(entries);
        int changed = entries.FindIndex(e => e.Composition.Elements.Length > 1);
        var lowered = entries.ToList();
        lowered[changed] = lowered[changed] with { RawEnergyEV = lowered[changed].RawEnergyEV - 0.3 * lowered[changed].Composition.Total };
        var after = Above(lowered);
        for (int i = 0; i < entries.Count; i++)
        {
            Assert.True(before[i] >= -Tolerance);
            Assert.True(i == changed || after[i] >= before[i] - Tolerance);
        }

        // Adding is lowering from above.
        var fewer = Above([.. entries.Where((e, i) => i != changed)]);
        Assert.All(entries.Where((e, i) => i != changed).Select((e, i) => (e, i)), p => Assert.True(before[entries.IndexOf(p.e)] >= fewer[p.i] - Tolerance));
    }

    [Theory, MemberData(nameof(Cases))]
    public void ScaleOrderAndLinearShiftsChangeNothing(int elements, ulong seed)
    {
        var entries = RandomEntries(elements, seed);
        var expected = Above(entries);
        var random = new CounterRandom(seed, 1).Sequence(0);
        var changed = new List<HullEntry>();
        double[] shift = [.. Elements.Select(_ => 20 * random.NextDouble() - 10)];
        foreach (var entry in entries)
        {
            double factor = 1 + random.NextIndex(5), energy = entry.RawEnergyEV + Elements.Select((e, k) => entry.Composition[e] * shift[k]).Sum();
            var scaled = entry.Composition.Elements.Reverse().Select(e => KeyValuePair.Create(e, factor * entry.Composition[e]));
            changed.Add(new HullEntry(entry.Id, new ElementAmounts(scaled), factor * energy));
        }

        var order = Enumerable.Range(0, entries.Count).OrderBy(i => new CounterRandom(seed, 2).Block(0, (uint)i, 0)).ToList();
        var hull = new ConvexHull(new ReferenceSet(order.Select(i => changed[i])));
        for (int i = 0; i < entries.Count; i++)
        {
            Assert.Equal(expected[i], hull.EnergyAbove(changed[i]), Tolerance);
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void ProductsGiveTheCompositionAndFacetsTheEnergy(int elements, ulong seed)
    {
        var entries = RandomEntries(elements, seed);
        var hull = new ConvexHull(new ReferenceSet(entries));
        foreach (var entry in entries)
        {
            var standing = hull.Of(entry);
            double energy = standing.Hull.Decomposition.Sum(p => p.Fraction * p.Entry.EnergyEVPerAtom), potentials = 0;
            Assert.Equal(standing.Hull.EnergyEVPerAtom, energy, Tolerance);
            foreach (var (element, potential) in standing.Hull.ChemicalPotentials)
            {
                double share = entry.Composition[element] / entry.Composition.Total;
                Assert.Equal(share, standing.Hull.Decomposition.Sum(p => p.Fraction * p.Entry.Composition[element] / p.Entry.Composition.Total), Tolerance);
                potentials += share * potential;
            }

            // Duality: the potentials of the elements make up the energy of the hull.
            Assert.Equal(standing.Hull.EnergyEVPerAtom, potentials, Tolerance);
            Assert.InRange(standing.PhaseSeparationEnergyEVPerAtom, double.NegativeInfinity, standing.EnergyAboveHullEVPerAtom + Tolerance);
        }

        var facets = hull.Facets([.. Elements.Take(elements)]);
        var random = new CounterRandom(seed, 3).Sequence(0);
        foreach (var facet in facets.Facets)
        {
            double[] shares = [.. facet.Select(_ => 0.05 + random.NextDouble())];
            double sum = shares.Sum();
            var mixture = new ElementAmounts(Elements.Take(elements).Select(e => KeyValuePair.Create(e, facet.Select((p, k) => shares[k] / sum * p.Composition[e] / p.Composition.Total).Sum())));
            // The lift that triangulates flat parts is 1e-9 eV/atom times at most three.
            Assert.Equal(facet.Select((p, k) => shares[k] / sum * p.EnergyEVPerAtom).Sum(), hull.At(mixture).EnergyEVPerAtom, 5e-9);
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void TheFirstOfAThousandQuestionsIsAnsweredAsTheLast(int elements, ulong seed)
    {
        var entries = RandomEntries(elements, seed);
        var set = new ReferenceSet(entries);
        var warm = new ConvexHull(set);
        for (int round = 0; round < 3; round++)
        {
            foreach (var entry in entries)
            {
                var (last, first) = (warm.Of(entry), new ConvexHull(set).Of(entry));
                Assert.Equal(first.EnergyAboveHullEVPerAtom, last.EnergyAboveHullEVPerAtom, Tolerance);
                Assert.Equal(first.PhaseSeparationEnergyEVPerAtom, last.PhaseSeparationEnergyEVPerAtom, Tolerance);
                Assert.Equal(first.Hull.Decomposition.Select(p => p.Entry.Id), last.Hull.Decomposition.Select(p => p.Entry.Id));
            }
        }
    }

    [Fact]
    public void OfEqualMixturesTheFirstByIdIsChosen()
    {
        // On the line between the elements, energies are linear: AB3, AB and A3B all lie on it, and every mixture is as good.
        HullEntry[] entries = [Entry("z-A", "Li", -1), Entry("y-B", "O", -1), Entry("c", "LiO3", -4), Entry("b", "LiO", -2), Entry("a", "Li3O", -4)];
        var hull = new ConvexHull(new ReferenceSet(entries));
        var point = hull.At(ElementAmounts.Parse("Li2O3"));
        Assert.True(point.IsDegenerate);
        Assert.Equal(["a", "c"], point.Decomposition.Select(p => p.Entry.Id)); // 0.6 of O = 0.3·0.25 + 0.7·0.75
        Assert.Equal([0.3, 0.7], point.Decomposition.Select(p => Math.Round(p.Fraction, 12)));
        Assert.Equal(-1, point.EnergyEVPerAtom, Tolerance);
        Assert.Equal(5, hull.Facets([Element.Parse("Li"), Element.Parse("O")]).Stable.Length);
    }

    [Fact]
    public void IdenticalEntriesAreSaidToBeDegenerate()
    {
        HullEntry[] entries = [Entry("A", "Li", -1), Entry("B", "O", -1), Entry("b", "LiO", -6), Entry("a", "Li2O2", -12)];
        var point = new ConvexHull(new ReferenceSet(entries)).At(ElementAmounts.Parse("LiO"));
        Assert.True(point.IsDegenerate);
        Assert.Equal("a", Assert.Single(point.Decomposition).Entry.Id);
    }

    [Fact]
    public void FormulasMayHaveBrokenAmounts()
    {
        HullEntry[] entries = [Entry("A", "Li", -1), Entry("B", "O", -1), Entry("a", "Li2O", -6)];
        var hull = new ConvexHull(new ReferenceSet(entries));
        Assert.Equal(0, hull.EnergyAbove(Entry("h", "LiO0.5", -3)), Tolerance);
        Assert.Equal("Li2O", ElementAmounts.Parse("Li0.5O0.25").ReducedFormula);
        Assert.Equal("CaH2O2", ElementAmounts.Parse("Ca(OH)2").ReducedFormula);
        Assert.Equal(["O"], new ElementAmounts([KeyValuePair.Create(Element.Parse("Li"), 0.0), KeyValuePair.Create(Element.Parse("O"), 1.0)]).Elements.Select(e => e.Symbol));
    }

    [Fact]
    public void DrawingsAreWholeDocuments()
    {
        var entries = RandomEntries(3, 1);
        var hull = new ConvexHull(new ReferenceSet(entries));
        foreach (int count in new[] { 2, 3 })
        {
            var drawing = System.Xml.Linq.XDocument.Parse(HullDrawing.Of(hull, [.. Elements.Take(count)]));
            int stable = hull.Facets([.. Elements.Take(count)]).Stable.Length;
            Assert.Equal(stable, drawing.Descendants().Count(e => e.Name.LocalName == "circle" && e.Attribute("r")!.Value == "5.5"));
        }

        var histogram = System.Xml.Linq.XDocument.Parse(HistogramDrawing.Of([.. entries.Select(hull.Of)]));
        Assert.NotEmpty(histogram.Descendants());
        Assert.Equal("PM5210", Assert.Throws<PolymorphException>(() => HullDrawing.Of(hull, Elements)).Code);
    }

    private static HullEntry Entry(string id, string formula, double energy) => new(id, ElementAmounts.Parse(formula), energy);

    private static double[] Above(List<HullEntry> entries)
    {
        var hull = new ConvexHull(new ReferenceSet(entries));
        return [.. entries.Select(hull.EnergyAbove)];
    }

    // Pure elements at random energies and compounds up to 3 eV/atom below them, some above.
    private static List<HullEntry> RandomEntries(int elements, ulong seed)
    {
        var random = new CounterRandom(seed, 0).Sequence((uint)elements);
        var entries = new List<HullEntry>();
        double[] pure = new double[elements];
        for (int k = 0; k < elements; k++)
        {
            pure[k] = -8 * random.NextDouble();
            entries.Add(new HullEntry($"e{k}", new ElementAmounts([KeyValuePair.Create(Elements[k], 2.0)]), 2 * pure[k]));
        }

        for (int i = 0; i < 60; i++)
        {
            var amounts = new Dictionary<Element, double>();
            for (int k = 0; k < elements; k++)
            {
                amounts[Elements[k]] = random.NextIndex(4);
            }

            if (amounts.Values.Sum() > 0)
            {
                var composition = new ElementAmounts(amounts);
                double energy = Enumerable.Range(0, elements).Sum(k => composition[Elements[k]] * pure[k]) + composition.Total * (0.3 - 3.3 * random.NextDouble());
                entries.Add(new HullEntry($"c{i}", composition, energy));
            }
        }

        return entries;
    }
}
