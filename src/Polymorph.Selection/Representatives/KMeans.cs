using Polymorph.Foundation;

namespace Polymorph.Selection;

/// <summary>Clusters of points around centres: each point belongs to its nearest centre, each centre is the mean of its points.</summary>
/// <remarks>Lloyd, IEEE Trans. Inf. Theory 28 (1982) 129, with the k-means++ start. Stopping rule and treatment of empty clusters are those of scikit-learn's
/// KMeans, which the LoGAN study used: an empty cluster moves to the point farthest from its centre.</remarks>
public static class KMeans
{
    /// <summary>Clusters points from k-means++ starts.</summary>
    /// <param name="points">[count × dimensions], finite.</param>
    /// <param name="dimensions">Dimensions, at least 1.</param>
    /// <param name="options">Number of clusters and the rest.</param>
    /// <exception cref="PolymorphException">PM5002: more clusters than points, or a coordinate that is not finite.</exception>
    public static Clustering Cluster(ReadOnlySpan<double> points, int dimensions, KMeansOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var columns = Checked(points, dimensions, options.Clusters, options);
        Clustering? best = null;
        for (int start = 0; start < options.Starts; start++)
        {
            var result = Lloyd(columns, KMeansPlusPlus.Draw(columns, options.Clusters, options.Seed, start), options);
            best = best is null || result.Inertia < best.Inertia ? result : best;
        }

        return best!;
    }

    /// <summary>Clusters points from given centres.</summary>
    /// <param name="points">[count × dimensions], finite.</param>
    /// <param name="dimensions">Dimensions, at least 1.</param>
    /// <param name="centres">[clusters × dimensions].</param>
    /// <param name="options">Stopping rule and threads; number of clusters, starts and seed are not used.</param>
    /// <exception cref="PolymorphException">PM5002: more clusters than points, or a coordinate that is not finite.</exception>
    public static Clustering ClusterFrom(ReadOnlySpan<double> points, int dimensions, ReadOnlySpan<double> centres, KMeansOptions? options = null)
    {
        options ??= new KMeansOptions();
        return Lloyd(Checked(points, dimensions, centres.Length / dimensions, options), centres.ToArray(), options);
    }

    private static PointColumns Checked(ReadOnlySpan<double> points, int dimensions, int clusters, KMeansOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        if (points.Length % dimensions != 0)
        {
            throw new ArgumentException($"expected whole points of {dimensions} coordinates, {points.Length} coordinates came", nameof(points));
        }

        int count = points.Length / dimensions;
        foreach (double x in points)
        {
            if (!double.IsFinite(x))
            {
                throw Impossible("a point has a coordinate that is not a finite number");
            }
        }

        return clusters >= 1 && clusters <= count ? new PointColumns(points, dimensions, options.Threads) : throw Impossible($"{count} structures cannot form {clusters} clusters");
    }

    private static Clustering Lloyd(PointColumns points, double[] centres, KMeansOptions options)
    {
        double tolerance = options.Tolerance * points.MeanVariance();
        int[] labels = new int[points.Count], previous = new int[points.Count];
        Array.Fill(previous, -1);
        var distances = new double[points.Count];
        var state = new LloydStep(points, centres.Length / points.Dimensions);
        int iterations = 0;
        bool settled = false;
        while (!settled && iterations < options.MaxIterations)
        {
            iterations++;
            state.Assign(centres, labels, distances);
            double[] moved = state.Means(labels, distances, centres);
            double shift = centres.Zip(moved, (a, b) => (a - b) * (a - b)).Sum();
            centres = moved;
            settled = labels.AsSpan().SequenceEqual(previous);
            (labels, previous) = (previous, labels);
            if (!settled && shift <= tolerance)
            {
                break;
            }
        }

        // After a stop by tolerance the centres have moved once more than the labels.
        state.Assign(centres, labels, distances);
        return new Clustering(centres, labels, distances.Sum(), iterations, points.Dimensions);
    }

    private static PolymorphException Impossible(string reason) =>
        new("PM5002", reason, null, "Ask for fewer clusters or generate more structures.", ExitCode.NothingSurvived);
}
