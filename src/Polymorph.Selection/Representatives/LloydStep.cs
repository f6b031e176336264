namespace Polymorph.Selection;

/// <summary>The two halves of a Lloyd iteration, and their memory.</summary>
internal sealed class LloydStep
{
    private readonly PointColumns _points;
    private readonly int _clusters;
    private readonly double[][] _sums;

    public LloydStep(PointColumns points, int clusters)
    {
        (_points, _clusters) = (points, clusters);
        // Per range and cluster: the sum of each coordinate, then the number of points.
        _sums = [.. Enumerable.Range(0, points.Ranges).Select(_ => new double[clusters * (points.Dimensions + 1)])];
    }

    /// <summary>Each point to its nearest centre; coordinate sums by cluster are kept for <see cref="Means"/>.</summary>
    public void Assign(double[] centres, int[] labels, double[] distances) => _points.ForRanges((range, from, to) =>
    {
        _points.Assign(from, to, centres, labels, distances);
        var sums = _sums[range];
        Array.Clear(sums);
        int width = _points.Dimensions + 1;
        for (int i = from; i < to; i++)
        {
            var sum = sums.AsSpan(labels[i] * width, width);
            for (int d = 0; d < width - 1; d++)
            {
                sum[d] += _points[i, d];
            }

            sum[^1]++;
        }
    });

    /// <summary>Means of the clusters just assigned, [clusters × dimensions].</summary>
    public double[] Means(int[] labels, double[] distances, double[] centres)
    {
        int dimensions = _points.Dimensions, width = dimensions + 1;
        var total = new double[_clusters * width];
        foreach (var sums in _sums)
        {
            for (int i = 0; i < total.Length; i++)
            {
                total[i] += sums[i];
            }
        }

        FillEmpty(total, labels, distances);
        var means = new double[_clusters * dimensions];
        for (int k = 0; k < _clusters; k++)
        {
            double count = total[k * width + dimensions];
            for (int d = 0; d < dimensions; d++)
            {
                means[k * dimensions + d] = count > 0 ? total[k * width + d] / count : centres[k * dimensions + d];
            }
        }

        return means;
    }

    // Empty clusters take the points farthest from their centres, the farthest first, out of their old clusters.
    private void FillEmpty(double[] total, int[] labels, double[] distances)
    {
        int width = _points.Dimensions + 1;
        int[] empty = [.. Enumerable.Range(0, _clusters).Where(k => total[k * width + width - 1] == 0)];
        if (empty.Length == 0)
        {
            return;
        }

        var farthest = Enumerable.Range(0, labels.Length).OrderByDescending(i => distances[i]).Take(empty.Length);
        foreach (var (k, point) in empty.Zip(farthest))
        {
            if (distances[point] == 0)
            {
                return; // fewer different points than clusters
            }

            for (int d = 0; d < width; d++)
            {
                double coordinate = d < width - 1 ? _points[point, d] : 1;
                total[k * width + d] += coordinate;
                total[labels[point] * width + d] -= coordinate;
            }
        }
    }
}
