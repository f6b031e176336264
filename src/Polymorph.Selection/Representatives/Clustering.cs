namespace Polymorph.Selection;

/// <summary>What k-means found.</summary>
public sealed class Clustering
{
    private readonly double[] _centres;
    private readonly int[] _labels;

    internal Clustering(double[] centres, int[] labels, double inertia, int iterations, int dimensions) =>
        (_centres, _labels, Inertia, Iterations, Dimensions) = (centres, labels, inertia, iterations, dimensions);

    /// <summary>Number of clusters.</summary>
    public int Count => _centres.Length / Dimensions;

    /// <summary>Coordinates per point.</summary>
    public int Dimensions { get; }

    /// <summary>Centres, [clusters × dimensions].</summary>
    public ReadOnlySpan<double> Centres => _centres;

    /// <summary>Cluster of each point, [points].</summary>
    public ReadOnlySpan<int> Labels => _labels;

    /// <summary>Sum of the squared distances of all points to their centres.</summary>
    public double Inertia { get; }

    /// <summary>Lloyd iterations done.</summary>
    public int Iterations { get; }

    /// <summary>Number of points in each cluster.</summary>
    public int[] Sizes()
    {
        var sizes = new int[Count];
        foreach (int label in _labels)
        {
            sizes[label]++;
        }

        return sizes;
    }

    /// <summary>The point nearest to each centre, the first on ties; two centres may share one.</summary>
    /// <param name="points">The points that were clustered, [count × dimensions].</param>
    /// <exception cref="ArgumentException">Another number of coordinates than was clustered.</exception>
    public int[] NearestPoints(ReadOnlySpan<double> points)
    {
        if (points.Length != _labels.Length * Dimensions)
        {
            throw new ArgumentException($"expected the {_labels.Length} points that were clustered", nameof(points));
        }

        var nearest = new int[Count];
        for (int k = 0; k < Count; k++)
        {
            double best = double.PositiveInfinity;
            for (int i = 0; i < _labels.Length; i++)
            {
                double squared = 0;
                for (int d = 0; d < Dimensions; d++)
                {
                    double difference = points[i * Dimensions + d] - _centres[k * Dimensions + d];
                    squared += difference * difference;
                }

                if (squared < best)
                {
                    (best, nearest[k]) = (squared, i);
                }
            }
        }

        return nearest;
    }
}
