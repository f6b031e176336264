using Polymorph.Learning;
using Polymorph.Screening.Drawings;
using Polymorph.Screening.Pourbaix;
using Polymorph.Screening.Pourbaix.Kernels;
using Xunit;

namespace Polymorph.Screening.Tests;

public sealed class PourbaixPropertyTests
{
    private const double Tolerance = 1e-9;

    [Theory]
    [InlineData("pbx-Zn")]
    [InlineData("pbx-MgMn2")]
    [InlineData("pbx-Ag-Te-N")]
    public void SolidsThatPassedTheFilterAreNeverBelowTheHull(string id)
    {
        var (_, file, diagram) = GoldenPourbaixTests.Read(id);
        foreach (var solid in file.Entries.Where(e => !e.IsIon && diagram.HasRatioOf(e) && !diagram.IsFiltered(e)))
        {
            for (int i = 0; i <= 18; i++)
            {
                for (int k = 0; k <= 16; k++)
                {
                    Assert.True(diagram.DecompositionEnergy(solid, i - 2, 0.5 * k - 4) >= -Tolerance);
                }
            }
        }

        // Each species of a domain has the energy zero there, if it has the ratio of the metals.
        foreach (var domain in new PourbaixMap(diagram).Domains)
        {
            var alone = domain.Assemblage.Stable.FirstOrDefault(s => diagram.HasRatioOf(s.Entry)).Entry;
            Assert.True(alone is null || Math.Abs(diagram.DecompositionEnergy(alone, domain.Centre.PH, domain.Centre.Potential)) < Tolerance);
        }
    }

    [Fact]
    public void AScanAgainstRheIsASlantedCutOfTheMap()
    {
        var (_, file, diagram) = GoldenPourbaixTests.Read("pbx-MgMn2");
        var solid = file.Entries.First(e => !e.IsIon && diagram.HasRatioOf(e));
        double[] pH = [.. Enumerable.Range(0, 29).Select(i => 0.5 * i)], potentials = [.. pH.Select(p => 1.5 - 0.0591 * p)], energies = new double[29];
        new PourbaixMap(diagram).DecompositionEnergies(solid, pH, potentials, energies);
        Assert.Equal(energies.Min(), diagram.MinimumAgainstRhe(solid).MinimumEVPerAtom, Tolerance);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 33)]
    [InlineData(26, 64)]
    public void TheKernelIsItsReference(int planeCount, int points)
    {
        var random = new CounterRandom(5, 0).Sequence(0);
        var planes = new (double, double, double)[planeCount];
        for (int i = 0; i < planeCount; i++)
        {
            planes[i] = (random.NextNormal(), random.NextNormal(), random.NextNormal());
        }

        double[] x = new double[points], y = new double[points], expected = new double[points], result = new double[points];
        for (int k = 0; k < points; k++)
        {
            (x[k], y[k]) = (14 * random.NextDouble(), random.NextNormal());
        }

        LowerEnvelope.Reference(planes, x, y, expected);
        LowerEnvelope.Simd(planes, x, y, result);
        for (int k = 0; k < points; k++)
        {
            Assert.Equal(expected[k], result[k], 1e-13); // one rounding of a product near 14 less
        }
    }

    [Fact]
    public void MapsAreWholeDocuments()
    {
        var (_, file, diagram) = GoldenPourbaixTests.Read("pbx-MgMn2");
        var map = System.Xml.Linq.XDocument.Parse(PourbaixDrawing.Of(diagram, "Mg, Mn"));
        Assert.Equal(2, map.Descendants().Count(e => e.Name.LocalName == "line" && e.Attribute("stroke-dasharray") is not null)); // the lines of water
        var solid = file.Entries.First(e => !e.IsIon && diagram.HasRatioOf(e));
        Assert.NotEmpty(System.Xml.Linq.XDocument.Parse(PourbaixDrawing.Of(diagram, "Mg, Mn", solid)).Descendants());
    }
}
