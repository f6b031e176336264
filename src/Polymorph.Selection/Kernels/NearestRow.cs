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
        const int stretch = 4 * Padding;
        ArgumentOutOfRangeException.ThrowIfNotEqual(point.Length % Padding, 0);
        (int Row, double Squared) best = (-1, double.PositiveInfinity);
        for (int row = 0; row < table.Length / point.Length; row++)
        {
            var values = table.Slice(row * point.Length, point.Length);
            double squared = 0;
            for (int k = 0; k < point.Length && squared < best.Squared; k += stretch)
            {
                var sum = Vector512<double>.Zero;
                for (int l = k; l < Math.Min(k + stretch, point.Length); l += Padding)
                {
                    var difference = Vector512.Create(values.Slice(l, Padding)) - Vector512.Create(point.Slice(l, Padding));
                    sum = Vector512.FusedMultiplyAdd(difference, difference, sum);
                }

                squared += Vector512.Sum(sum);
            }

            best = squared < best.Squared ? (row, squared) : best;
        }

        return best;
    }

    /// <summary>Squared Euclidean distance of every row to a point.</summary>
    /// <param name="table">[rows × width].</param>
    /// <param name="point">[width]; the width is a multiple of <see cref="Padding"/>.</param>
    /// <param name="result">[rows], overwritten.</param>
    public static void SquaredDistances(ReadOnlySpan<double> table, ReadOnlySpan<double> point, Span<double> result)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(point.Length % Padding, 0);
        for (int row = 0; row < result.Length; row++)
        {
            var values = table.Slice(row * point.Length, point.Length);
            var sum = Vector512<double>.Zero;
            for (int k = 0; k < point.Length; k += Padding)
            {
                var difference = Vector512.Create(values.Slice(k, Padding)) - Vector512.Create(point.Slice(k, Padding));
                sum = Vector512.FusedMultiplyAdd(difference, difference, sum);
            }

            result[row] = Vector512.Sum(sum);
        }
    }
}
