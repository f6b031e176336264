using Polymorph.Learning.Kernels;
using Xunit;

namespace Polymorph.Learning.Tests;

public sealed unsafe class MatrixProductTests
{
    public static TheoryData<VectorWidth> Widths => [.. VectorWidths.Available];

    [Theory, MemberData(nameof(Widths))]
    public void EveryTileAgreesWithThePlainLoop(VectorWidth width)
    {
        foreach (var (rows, columns, terms) in
            from m in new[] { 1, 5, 6, 7, 13, 63 } from n in new[] { 16, 32, 48, 80, 256 } from k in new[] { 1, 17, 270 } select (m, n, k))
        {
            foreach (bool transposed in new[] { false, true })
            {
                var a = transposed ? Normal(terms, rows, 1) : Normal(rows, terms, 1);
                var b = Normal(terms, columns, 2);
                var c = new AlignedMatrix(rows, columns);
                var expected = new double[rows * columns];
                var (rowStride, termStride) = transposed ? (1, a.Stride) : (a.Stride, 1);
                MatrixProduct.Reference(a.Span, rowStride, termStride, b.Span, b.Stride, expected, rows, columns, terms);
                MatrixProduct.Run(width, a.Pointer, rowStride, termStride, b.Pointer, b.Stride, c.Pointer, c.Stride, rows, columns, terms, default(Plain));
                for (int i = 0; i < expected.Length; i++)
                {
                    // Sums of k terms of size 1 reach about 3 sqrt(k); rounding them k times at 6e-8 relative leaves about 5e-6 sqrt(k) at k = 270.
                    Assert.Equal(expected[i], c.Row(i / columns)[i % columns], 5e-6 * Math.Sqrt(terms));
                }
            }
        }
    }

    [Fact]
    public void EveryWidthGivesTheSameBits()
    {
        var a = Normal(29, 100, 3);
        var b = Normal(100, 96, 4);
        var results = VectorWidths.Available.Select(width =>
        {
            var c = new AlignedMatrix(29, 96);
            MatrixProduct.Run(width, a.Pointer, a.Stride, 1, b.Pointer, b.Stride, c.Pointer, c.Stride, 29, 96, 100, default(Plain));
            return c.Span.ToArray();
        }).ToArray();
        Assert.All(results, r => Assert.Equal(results[0], r));
    }

    [Fact]
    public void PartsOfTheRowsGiveTheSameBitsAsAll()
    {
        var a = Normal(40, 63, 5);
        var b = Normal(63, 64, 6);
        var kernels = new DenseKernels(VectorWidths.Best);
        var whole = new AlignedMatrix(40, 64);
        var parts = new AlignedMatrix(40, 64);
        kernels.Plain(a, 40, b, whole);
        kernels.Plain(a.RowRange(0, 17), 17, b, parts.RowRange(0, 17));
        kernels.Plain(a.RowRange(17, 23), 23, b, parts.RowRange(17, 23));
        Assert.Equal(whole.Span.ToArray(), parts.Span.ToArray());
    }

    internal static AlignedMatrix Normal(int rows, int columns, ulong seed)
    {
        var matrix = new AlignedMatrix(rows, columns);
        for (int row = 0; row < rows; row++)
        {
            var sequence = new CounterRandom(seed, 99).Sequence(0, (uint)row);
            sequence.FillNormal(matrix.Row(row));
        }

        return matrix;
    }
}
