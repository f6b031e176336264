using System.Runtime.Intrinsics;

namespace Polymorph.Selection.Kernels;

/// <summary>For each point the nearest of a few centres, the first on ties, and its squared distance.</summary>
internal static unsafe class NearestCentre
{
    private const int Lanes = 8;

    /// <summary>The definition. The other version is tested against this one.</summary>
    /// <param name="columns">Coordinates by dimension, [dimensions × stride].</param>
    /// <param name="stride">Length of a column.</param>
    /// <param name="from">First point.</param>
    /// <param name="to">Behind the last point.</param>
    /// <param name="centres">[centres × dimensions].</param>
    /// <param name="dimensions">Dimensions.</param>
    /// <param name="labels">[points], overwritten in the range.</param>
    /// <param name="distances">Squared distances, [points], overwritten in the range.</param>
    public static void Reference(
        ReadOnlySpan<double> columns, int stride, int from, int to, ReadOnlySpan<double> centres, int dimensions, Span<int> labels, Span<double> distances)
    {
        for (int point = from; point < to; point++)
        {
            double best = double.PositiveInfinity;
            int label = 0;
            for (int k = 0; k < centres.Length / dimensions; k++)
            {
                double squared = 0;
                for (int d = 0; d < dimensions; d++)
                {
                    double difference = columns[d * stride + point] - centres[k * dimensions + d];
                    squared = Math.FusedMultiplyAdd(difference, difference, squared);
                }

                (best, label) = squared < best ? (squared, k) : (best, label);
            }

            (labels[point], distances[point]) = (label, best);
        }
    }

    /// <summary>8 points at a time; the same roundings as the definition, so equal bits.</summary>
    /// <inheritdoc cref="Reference"/>
    public static void Simd(
        ReadOnlySpan<double> columns, int stride, int from, int to, ReadOnlySpan<double> centres, int dimensions, Span<int> labels, Span<double> distances)
    {
        int whole = from + (to - from) / Lanes * Lanes;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(to, Math.Min(stride, Math.Min(labels.Length, distances.Length)));
        fixed (double* c = columns, m = centres, squares = distances)
        fixed (int* names = labels)
        {
            for (int point = from; point < whole; point += Lanes)
            {
                var best = Vector512.Create(double.PositiveInfinity);
                var label = Vector512<long>.Zero;
                double* centre = m;
                for (int k = 0; k < centres.Length / dimensions; k++, centre += dimensions)
                {
                    var squared = Vector512<double>.Zero;
                    for (int d = 0; d < dimensions; d++)
                    {
                        var difference = Vector512.Load(c + d * stride + point) - Vector512.Create(centre[d]);
                        squared = Vector512.FusedMultiplyAdd(difference, difference, squared);
                    }

                    var nearer = Vector512.LessThan(squared, best);
                    best = Vector512.ConditionalSelect(nearer, squared, best);
                    label = Vector512.ConditionalSelect(nearer.AsInt64(), Vector512.Create((long)k), label);
                }

                best.Store(squares + point);
                Vector512.Narrow(label, label).GetLower().Store(names + point);
            }
        }

        Reference(columns, stride, whole, to, centres, dimensions, labels, distances);
    }
}
