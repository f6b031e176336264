using System.Collections.Immutable;
using Polymorph.Selection.Kernels;

namespace Polymorph.Selection.Metrics;

/// <summary>Fingerprints of many structures, for the nearest one to a given point.</summary>
public sealed class FingerprintTable
{
    private readonly double[] _rows;
    private readonly int _stride;

    /// <summary>Copies fingerprints of one length.</summary>
    /// <param name="rows">The fingerprints; all of one length.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public FingerprintTable(IReadOnlyList<double[]> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        Count = rows.Count;
        Length = rows.Count > 0 ? rows[0].Length : 0;
        _stride = (Length + NearestRow.Padding - 1) / NearestRow.Padding * NearestRow.Padding;
        _rows = new double[(long)Count * _stride];
        for (int i = 0; i < Count; i++)
        {
            if (rows[i].Length != Length)
            {
                throw new ArgumentException($"fingerprint {i} has {rows[i].Length} numbers instead of {Length}", nameof(rows));
            }

            rows[i].CopyTo(_rows.AsSpan(i * _stride));
        }
    }

    /// <summary>Number of fingerprints.</summary>
    public int Count { get; }

    /// <summary>Numbers in a fingerprint.</summary>
    public int Length { get; }

    /// <summary>The nearest fingerprint, the first on ties.</summary>
    /// <param name="point">[<see cref="Length"/>].</param>
    /// <returns>Its row and the Euclidean distance; row -1 and infinity when the table is empty.</returns>
    public (int Row, double Distance) Nearest(ReadOnlySpan<double> point)
    {
        if (Count == 0)
        {
            return (-1, double.PositiveInfinity);
        }

        ArgumentOutOfRangeException.ThrowIfNotEqual(point.Length, Length);
        Span<double> padded = stackalloc double[_stride];
        padded[point.Length..].Clear();
        point.CopyTo(padded);
        var (row, squared) = NearestRow.Simd(_rows, padded);
        return (row, Math.Sqrt(squared));
    }

    /// <summary>The nearest fingerprints, the nearest first, of equally near ones the first.</summary>
    /// <param name="point">[<see cref="Length"/>].</param>
    /// <param name="count">How many; fewer come when the table has fewer.</param>
    public IReadOnlyList<(int Row, double Distance)> Nearest(ReadOnlySpan<double> point, int count)
    {
        if (Count == 0 || count == 0)
        {
            return [];
        }

        ArgumentOutOfRangeException.ThrowIfNotEqual(point.Length, Length);
        var padded = new double[_stride];
        point.CopyTo(padded);
        var best = new PriorityQueue<int, (double, int)>(Comparer<(double, int)>.Create((a, b) => b.CompareTo(a)));
        double limit = double.PositiveInfinity;
        for (int row = 0; row < Count; row++)
        {
            double squared = NearestRow.SquaredDistance(_rows.AsSpan(row * _stride, _stride), padded, limit);
            if (best.Count < count)
            {
                best.Enqueue(row, (squared, row));
            }
            else if (squared < limit)
            {
                best.EnqueueDequeue(row, (squared, row));
            }

            limit = best.Count == count && best.TryPeek(out _, out var farthest) ? farthest.Item1 : limit;
        }

        return [.. best.UnorderedItems.OrderBy(i => i.Priority).Select(i => (i.Element, Math.Sqrt(i.Priority.Item1)))];
    }

    /// <summary>The nearest fingerprint of each point, on several threads; the result does not depend on their number.</summary>
    /// <param name="points">The points.</param>
    /// <param name="threads">How many threads.</param>
    /// <param name="cancellation">Stops.</param>
    public ImmutableArray<(int Row, double Distance)> Nearest(IReadOnlyList<double[]> points, int threads, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(points);
        var result = new (int, double)[points.Count];
        Parallel.For(0, points.Count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, i => result[i] = Nearest(points[i]));
        return [.. result];
    }
}
