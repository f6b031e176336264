using Polymorph.Selection.Kernels;

namespace Polymorph.Selection;

/// <summary>Mean and covariance of rows that stream by; memory depends on their width alone.</summary>
/// <remarks>Sums are taken in double precision relative to the first row, so that a mean that is large against the spread costs no digits
/// (Chan, Golub, LeVeque, Am. Stat. 37 (1983) 242). The result depends on the order of the rows, not on how they are cut into batches.</remarks>
public sealed class CovarianceAccumulator
{
    private const int BlockRows = 64;

    private readonly int _padded;
    private readonly double[] _shift;
    private readonly double[] _sums;
    private readonly double[] _products;
    private readonly double[] _block;
    private int _blockCount;

    /// <summary>An accumulator without rows.</summary>
    /// <param name="width">Numbers per row, at least 1.</param>
    public CovarianceAccumulator(int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        Width = width;
        _padded = (width + SymmetricRankUpdate.WidthUnit - 1) / SymmetricRankUpdate.WidthUnit * SymmetricRankUpdate.WidthUnit;
        _shift = new double[width];
        _sums = new double[width];
        _products = new double[_padded * _padded];
        _block = new double[BlockRows * _padded];
    }

    /// <summary>Numbers per row.</summary>
    public int Width { get; }

    /// <summary>Rows so far.</summary>
    public long Count { get; private set; }

    /// <summary>Adds rows.</summary>
    /// <param name="rows">[count × width], finite.</param>
    /// <exception cref="ArgumentException">The length is not a multiple of the width.</exception>
    public void Add(ReadOnlySpan<float> rows)
    {
        if (rows.Length % Width != 0)
        {
            throw new ArgumentException($"expected whole rows of {Width} numbers, {rows.Length} numbers came", nameof(rows));
        }

        for (; !rows.IsEmpty; rows = rows[Width..])
        {
            var row = rows[..Width];
            if (Count++ == 0)
            {
                for (int i = 0; i < Width; i++)
                {
                    _shift[i] = row[i];
                }
            }

            var target = _block.AsSpan(_blockCount * _padded, Width);
            for (int i = 0; i < Width; i++)
            {
                target[i] = row[i] - _shift[i];
            }

            if (++_blockCount == BlockRows)
            {
                Flush();
            }
        }
    }

    /// <summary>The mean of all rows, [width].</summary>
    /// <exception cref="InvalidOperationException">There are no rows.</exception>
    public double[] Mean()
    {
        if (Count == 0)
        {
            throw new InvalidOperationException("no rows have been added");
        }

        Flush();
        return [.. _shift.Zip(_sums, (shift, sum) => shift + sum / Count)];
    }

    /// <summary>The covariance with divisor count − 1, [width × width], symmetric.</summary>
    /// <exception cref="InvalidOperationException">There are fewer than two rows.</exception>
    public double[,] Covariance()
    {
        if (Count < 2)
        {
            throw new InvalidOperationException("a covariance needs at least two rows");
        }

        Flush();
        var result = new double[Width, Width];
        for (int i = 0; i < Width; i++)
        {
            for (int j = i; j < Width; j++)
            {
                result[i, j] = result[j, i] = (_products[i * _padded + j] - _sums[i] / Count * _sums[j]) / (Count - 1);
            }
        }

        return result;
    }

    private void Flush()
    {
        var rows = _block.AsSpan(0, _blockCount * _padded);
        SymmetricRankUpdate.Simd(rows, _padded, _products);
        for (; !rows.IsEmpty; rows = rows[_padded..])
        {
            for (int i = 0; i < Width; i++)
            {
                _sums[i] += rows[i];
            }
        }

        _blockCount = 0;
    }
}
