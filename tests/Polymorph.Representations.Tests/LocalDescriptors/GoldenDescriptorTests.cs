using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Polymorph.Learning.Kernels;
using Polymorph.Representations.LocalDescriptors;
using Polymorph.Structures;
using Xunit;

namespace Polymorph.Representations.Tests.LocalDescriptors;

/// <summary>All 184 cases of the published descriptor code (tolerances: section 13 of the specification).</summary>
public sealed class GoldenDescriptorTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ReferenceAgreesWithThePublishedCode(bool byImages)
    {
        Assert.Equal(184, DescriptorCase.All.Value.Length);
        foreach (var c in DescriptorCase.All.Value)
        {
            var neighbours = byImages ? Neighbourhood.ByImages(c.Structure, c.Options) : Neighbourhood.BySupercell(c.Structure, c.Options);
            var reference = new PowerSpectrumReference(c.Options, c.TypeCount);
            double[][] rows = reference.Describe(neighbours, c.Types);
            var gradient = reference.Gradient(neighbours, c.Types, c.FunctionalGradient);
            for (int i = 0; i < c.Types.Length; i++)
            {
                // The golden numbers carry 15 digits; two implementations agreed to 1.4e-13.
                AssertClose(c.Descriptors[i], rows[i].AsSpan(0, c.Descriptors[i].Length), 1e-11, c, "value");
                AssertClose(c.Gradient[i], [gradient[i].X, gradient[i].Y, gradient[i].Z], 1e-9, c, "gradient");
                Assert.Equal(Enumerable.Range(0, c.TypeCount).Select(t => t == c.Types[i] ? 1.0 : 0.0), rows[i].Skip(c.Descriptors[i].Length));
            }
        }
    }

    [Theory]
    [InlineData(16)]
    [InlineData(8)]
    [InlineData(4)]
    public void BatchAgreesWithThePublishedCode(int lanes)
    {
        // Without fused multiply-add every product is rounded once more; the largest entries are 5.
        double tolerance = Fma.IsSupported || AdvSimd.IsSupported ? 2e-6 : 4e-6;
        foreach (var c in DescriptorCase.All.Value)
        {
            int atoms = c.Types.Length, columns = c.Descriptors[0].Length, stride = (columns + c.TypeCount + 15) / 16 * 16;
            var batch = new PowerSpectrumBatch(c.Options, c.Types, c.TypeCount, c.Structure.Lattice, c.Structure.Periodicity, (VectorWidth)lanes);
            float[] positions = [.. c.Structure.Positions.SelectMany(p => new[] { (float)p.X, (float)p.Y, (float)p.Z })];
            float[] rows = new float[atoms * stride], v = new float[atoms * stride], gradient = new float[3 * atoms];
            Array.Fill(rows, float.NaN);
            batch.Describe(positions, 1, rows, stride);
            double[][] functional = c.FunctionalGradient;
            for (int i = 0; i < atoms; i++)
            {
                double[] row = [.. rows.Skip(i * stride).Take(stride).Select(x => (double)x)];
                AssertClose(c.Descriptors[i], row.AsSpan(0, columns), tolerance, c, "value");
                Assert.Equal(Enumerable.Range(0, stride - columns).Select(t => t == c.Types[i] ? 1.0 : 0.0), row.Skip(columns));
                for (int k = 0; k < columns; k++)
                {
                    v[i * stride + k] = (float)functional[i][k];
                }
            }

            batch.Gradient(positions, 1, v, stride, gradient);
            double largest = c.Gradient.Max(g => g.Max(Math.Abs));
            AssertClose([.. c.Gradient.SelectMany(g => g)], [.. gradient.Select(g => (double)g)], 1e-4 * largest, c, "gradient");
        }
    }

    [Fact]
    public void SupercellsAreThoseOfThePublishedCode()
    {
        foreach (var c in DescriptorCase.All.Value)
        {
            Assert.Equal(c.Multiples, SupercellRule.Multiples(c.Structure.Lattice, c.Structure.Periodicity, c.Options.CutoffRadius));
        }
    }

    private static void AssertClose(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, double tolerance, DescriptorCase c, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int k = 0; k < expected.Length; k++)
        {
            Assert.True(Math.Abs(expected[k] - actual[k]) <= tolerance, $"{c}, {what} {k}: expected {expected[k]}, got {actual[k]}");
        }
    }
}
