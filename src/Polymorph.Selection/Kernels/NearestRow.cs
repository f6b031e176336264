using System.Runtime.Intrinsics;

namespace Polymorph.Selection.Kernels;

/// <summary>The row of a table nearest to a point, the first on ties, and its squared Euclidean distance.</summary>
internal static class NearestRow
{
    /// <summary>Lengths of rows are padded with zeros to a multiple of this.</summary>
    public const int Padding = 8;

    /// <summary>The definition. The other version is tested against this one.</summary>
    /// <param name="table">[rows × width], at least one row.</param>
    /// <param name="point">[width].</param>
    public static (int Row, double Squared) Reference(ReadOnlySpan<double> table, ReadOnlySpan<double> point)
    {
        (int Row, double Squared) best = (-1, double.PositiveInfinity);
        for (int row = 0; row < table.Length / point.Length; row++)
        {
            double squared = 0;
            for (int k = 0; k < point.Length; k++)
            {
                double difference = table[row * point.Length + k] - point[k];
                squared += difference * difference;
            }

            best = squared < best.Squared ? (row, squared) : best;
        }

        return best;
    }

    /// <summary>8 columns at a time; a row is left as soon as it is farther than the best one so far.</summary>
    /// <param name="table">[rows × width].</param>
    /// <param name="point">[width]; the width is a multiple of <see cref="Padding"/>.</param>
    public static (int Row, double Squared) Simd(ReadOnlySpan<double> table, ReadOnlySpan<double> point)
    {
        (int Row, double Squared) best = (-1, double.PositiveInfinity);
        for (int row = 0; row < table.Length / point.Length; row++)
        {
            double squared = SquaredDistance(table.Slice(row * point.Length, point.Length), point, best.Squared);
            best = squared < best.Squared ? (row, squared) : best;
        }

        return best;
    }

    /// <summary>Squared Euclidean distance of one row to a point, given up as soon as it reaches a limit.</summary>
    /// <param name="row">[width].</param>
    /// <param name="point">[width]; the width is a multiple of <see cref="Padding"/>.</param>
    /// <param name="limit">A larger distance need not be exact.</param>
    /// <returns>The squared distance, or a part of it that is no smaller than the limit.</returns>
    public static double SquaredDistance(ReadOnlySpan<double> row, ReadOnlySpan<double> point, double limit)
    {
        const int stretch = 4 * Padding;
        ArgumentOutOfRangeException.ThrowIfNotEqual(point.Length % Padding, 0);
        double squared = 0;
        for (int k = 0; k < point.Length && squared < limit; k += stretch)
        {
            var sum = Vector512<double>.Zero;
            for (int l = k; l < Math.Min(k + stretch, point.Length); l += Padding)
            {
                var difference = Vector512.Create(row.Slice(l, Padding)) - Vector512.Create(point.Slice(l, Padding));
                sum = Vector512.FusedMultiplyAdd(difference, difference, sum);
            }

            squared += Vector512.Sum(sum);
        }

        return squared;
    }
}
