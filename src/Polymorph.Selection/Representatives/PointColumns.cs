using Polymorph.Selection.Kernels;

namespace Polymorph.Selection;

/// <summary>Points stored by coordinate, cut into ranges of fixed size. Work is shared out by range and range results are added in order,
/// so that the number of threads never changes a bit.</summary>
internal sealed class PointColumns
{
    private const int RangeLength = 8192;

    private readonly double[] _columns;
    private readonly ParallelOptions _threads;

    /// <summary>Transposes points.</summary>
    /// <param name="points">[count × dimensions].</param>
    /// <param name="dimensions">Dimensions.</param>
    /// <param name="threads">Threads to use at most.</param>
    public PointColumns(ReadOnlySpan<double> points, int dimensions, int threads)
    {
        (Count, Dimensions) = (points.Length / dimensions, dimensions);
        _columns = new double[points.Length];
        _threads = new ParallelOptions { MaxDegreeOfParallelism = threads };
        for (int i = 0; i < points.Length; i++)
        {
            _columns[i % dimensions * Count + i / dimensions] = points[i];
        }
    }

    public int Count { get; }

    public int Dimensions { get; }

    public int Ranges => (Count + RangeLength - 1) / RangeLength;

    public double this[int point, int dimension] => _columns[dimension * Count + point];

    /// <summary>Mean over the dimensions of the variance (divisor count).</summary>
    public double MeanVariance()
    {
        double sum = 0;
        for (int d = 0; d < Dimensions; d++)
        {
            var column = _columns.AsSpan(d * Count, Count);
            double mean = 0, square = 0;
            foreach (double x in column)
            {
                mean += x / Count;
            }

            foreach (double x in column)
            {
                square += (x - mean) * (x - mean);
            }

            sum += square / Count;
        }

        return sum / Dimensions;
    }

    /// <summary>Runs an action on every range of points.</summary>
    /// <param name="action">Called with the index of the range, its first point, and the point behind its last.</param>
    public void ForRanges(Action<int, int, int> action) =>
        Parallel.For(0, Ranges, _threads, range => action(range, range * RangeLength, Math.Min(Count, (range + 1) * RangeLength)));

    /// <summary>Nearest centre of the points of a range.</summary>
    public void Assign(int from, int to, double[] centres, int[] labels, double[] distances) =>
        NearestCentre.Simd(_columns, Count, from, to, centres, Dimensions, labels, distances);

    /// <summary>Squared distance of two points.</summary>
    public double SquaredDistance(int a, int b)
    {
        double sum = 0;
        for (int d = 0; d < Dimensions; d++)
        {
            double difference = this[a, d] - this[b, d];
            sum += difference * difference;
        }

        return sum;
    }
}
