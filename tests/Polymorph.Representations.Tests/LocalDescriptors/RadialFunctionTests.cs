using System.Text.Json;
using Polymorph.Representations.LocalDescriptors;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Representations.Tests.LocalDescriptors;

/// <summary>Against 40-digit roots and the tables of radial.json.</summary>
public sealed class RadialFunctionTests
{
    [Fact]
    public void RootsHaveTwelveDigits()
    {
        var expected = ReferenceData.Json("golden/logan/radial.json").GetProperty("roots");
        double[][] roots = SphericalBesselRoots.Table(expected.GetArrayLength() - 1, expected[0].GetArrayLength());
        for (int l = 0; l < expected.GetArrayLength(); l++)
        {
            for (int n = 0; n < expected[l].GetArrayLength(); n++)
            {
                double root = expected[l][n].GetDouble();
                Assert.True(Math.Abs(roots[l][n] / root - 1) < 1e-14, $"l {l}, n {n}: {roots[l][n]} instead of {root}");
            }
        }
    }

    [Fact]
    public void ValuesAndSlopesAgreeWithTheTables()
    {
        var file = ReferenceData.Json("golden/logan/radial.json");
        double[] x = [.. file.GetProperty("x").EnumerateArray().Select(v => v.GetDouble())];
        foreach (var grid in file.GetProperty("grids").EnumerateArray())
        {
            var options = new PowerSpectrumOptions
            {
                Radial = Enum.Parse<RadialBasis>(grid.GetProperty("radial").GetString()!, ignoreCase: true),
                MaximumOrder = grid.GetProperty("n_max").GetInt32(),
                CutoffRadius = grid.GetProperty("r_cut").GetDouble(),
            };
            var radial = options.CreateRadialFunctions();
            Assert.Equal(options.CoefficientCount, radial.Count);
            double[] g = new double[radial.Count], slope = new double[radial.Count];
            for (int i = 0; i < x.Length; i++)
            {
                radial.Evaluate(x[i] * options.CutoffRadius, g, slope);
                for (int f = 0; f < g.Length; f++)
                {
                    Compare(grid.GetProperty("g"), g, 1e-12);
                    Compare(grid.GetProperty("dg_dr"), slope, 1e-11);

                    void Compare(JsonElement table, double[] values, double tolerance) =>
                        Assert.True(Math.Abs(table[f][i].GetDouble() - values[f]) <= tolerance, $"{options}, x {x[i]}, function {f}: {values[f]} instead of {table[f][i]}");
                }
            }
        }
    }

    /// <summary>∫ g_n g_m r² dr = δ_nm for every l, by composite Simpson quadrature (error about 1e-10 with 4000 steps).</summary>
    [Fact]
    public void BesselFunctionsAreOrthonormal()
    {
        const int steps = 4000, order = 5;
        const double cutoff = 4.3;
        var radial = new BesselRadialFunctions(order, cutoff);
        double[] g = new double[radial.Count], slope = new double[radial.Count];
        var overlap = new double[radial.Count, radial.Count];
        for (int i = 0; i <= steps; i++)
        {
            double r = cutoff * i / steps, weight = cutoff / steps / 3 * (i is 0 or steps ? 1 : i % 2 == 1 ? 4 : 2) * r * r;
            radial.Evaluate(r, g, slope);
            for (int a = 0; a < g.Length; a++)
            {
                for (int b = 0; b < g.Length; b++)
                {
                    overlap[a, b] += weight * g[a] * g[b];
                }
            }
        }

        for (int l = 0, first = 0; l <= order; first += order - l + 1, l++)
        {
            for (int n = 0; n <= order - l; n++)
            {
                for (int k = 0; k <= order - l; k++)
                {
                    Assert.Equal(n == k ? 1 : 0, overlap[first + n, first + k], 1e-9);
                }
            }
        }
    }
}
