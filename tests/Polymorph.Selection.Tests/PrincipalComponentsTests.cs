using System.Globalization;
using Polymorph.Foundation;
using Polymorph.Learning;
using Polymorph.Selection.Kernels;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Selection.Tests;

public sealed class PrincipalComponentsTests
{
    [Theory]
    [InlineData(24, 1)]
    [InlineData(48, 64)]
    [InlineData(288, 17)]
    public void TheKernelEqualsItsReference(int width, int rows)
    {
        double[] x = [.. Rows(rows, width, seed: 3).Select(v => (double)v)];
        double[] expected = new double[width * width], actual = new double[width * width];
        SymmetricRankUpdate.Reference(x, width, expected);
        SymmetricRankUpdate.Simd(x, width, actual);
        for (int i = 0; i < width; i++)
        {
            for (int j = i; j < width; j++)
            {
                // Sums of at most 64 products of order 1: the last bits differ by fused rounding.
                Assert.Equal(expected[i * width + j], actual[i * width + j], 1e-13 * rows);
            }
        }
    }

    /// NumPy's singular values of the centred rows are an independent road to the same components.
    [Fact]
    public void ComponentsAgreeWithASingularValueDecomposition()
    {
        const int width = 37, rows = 200, count = 5;
        float[] data = Rows(rows, width, seed: 11);
        for (int i = 0; i < data.Length; i++)
        {
            // Spreads that differ by component, a large common offset, and one constant column.
            data[i] = i % width == 9 ? 1f : 100f + data[i] * (1 + i % width);
        }

        var components = PrincipalComponents.Of(Accumulated(data, width), count);
        double[] projected = new double[rows * count];
        components.Project(data, projected);

        const string script = """
            import sys, numpy
            x = numpy.array(sys.stdin.read().split(), dtype=numpy.float32).astype(float).reshape(200, 37)
            y = x - x.mean(0)
            u, s, v = numpy.linalg.svd(y, full_matrices=False)
            print(*(s**2 / 199)[:5], *((s**2) / (s**2).sum())[:5], *(y @ v[:5].T).ravel())
            """;
        double[] expected = [.. ExternalProgram.Run("/usr/bin/python3", ["-c", script], string.Join(' ', data.Select(v => v.ToString("R", CultureInfo.InvariantCulture))))
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(t => double.Parse(t, CultureInfo.InvariantCulture))];

        for (int k = 0; k < count; k++)
        {
            // Double precision throughout; entries reach 1e3 and coordinates 1e2, so 1e-9 is some hundred roundings.
            Assert.Equal(expected[k], components.ExplainedVariance[k], 1e-9 * expected[0]);
            Assert.Equal(expected[count + k], components.ExplainedVarianceRatio[k], 1e-11);
            double sign = Math.Sign(expected[2 * count + k] * projected[k]);
            for (int row = 0; row < rows; row++)
            {
                Assert.Equal(expected[2 * count + row * count + k], sign * projected[row * count + k], 1e-8);
            }
        }
    }

    [Fact]
    public void BatchesDoNotChangeABit()
    {
        const int width = 30;
        float[] data = Rows(1000, width, seed: 5);
        var parts = new CovarianceAccumulator(width);
        for (int from = 0, size = 1; from < 1000; from += size, size = size * 3 % 97 + 1)
        {
            parts.Add(data.AsSpan(from * width, Math.Min(size, 1000 - from) * width));
            _ = parts.Mean(); // reading in between changes nothing but the cut of the blocks
        }

        double[,] whole = Accumulated(data, width).Covariance(), cut = parts.Covariance();
        for (int i = 0; i < width; i++)
        {
            Assert.Equal(whole[i, i], cut[i, i], 1e-12); // blocks are cut elsewhere, so sums round differently
        }

        var unread = new CovarianceAccumulator(width);
        unread.Add(data.AsSpan(0, 13 * width));
        unread.Add(data.AsSpan(13 * width));
        Assert.Equal(whole, unread.Covariance());
    }

    [Fact]
    public void TooFewStructuresOrBadNumbersAreRefused()
    {
        var one = Accumulated([1, 2, 3], 3);
        Assert.Equal("PM5001", Assert.Throws<PolymorphException>(() => PrincipalComponents.Of(one)).Code);
        var two = Accumulated([1, 2, 3, 4, 5, 6], 3);
        Assert.Equal("PM5001", Assert.Throws<PolymorphException>(() => PrincipalComponents.Of(two, 4)).Code);
        var bad = Accumulated([1, float.NaN, 3, 4, 5, 6], 3);
        Assert.Equal("PM5001", Assert.Throws<PolymorphException>(() => PrincipalComponents.Of(bad)).Code);
        Assert.Throws<ArgumentException>(() => two.Add([1f]));
    }

    private static CovarianceAccumulator Accumulated(float[] data, int width)
    {
        var result = new CovarianceAccumulator(width);
        result.Add(data);
        return result;
    }

    private static float[] Rows(int rows, int width, ulong seed)
    {
        float[] data = new float[rows * width];
        var random = new CounterRandom(seed, 0).Sequence(0);
        random.FillNormal(data);
        return data;
    }
}
