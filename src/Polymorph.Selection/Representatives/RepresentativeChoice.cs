namespace Polymorph.Selection;

/// <summary>Points that stand for others.</summary>
/// <param name="Picks">The chosen points, without repeats.</param>
/// <param name="StandsFor">For each point the chosen one that stands for it, [points].</param>
/// <param name="Clustering">The clusters, where k-means made the choice.</param>
internal sealed record RepresentativeChoice(int[] Picks, int[] StandsFor, Clustering? Clustering = null)
{
    /// <summary>Chooses by a method.</summary>
    /// <param name="method">The method.</param>
    /// <param name="points">[count × dimensions], finite.</param>
    /// <param name="dimensions">Dimensions.</param>
    /// <param name="options">How many, seed, threads.</param>
    /// <param name="topologies">Gives the topology of each point; asked for where it decides.</param>
    public static RepresentativeChoice Of(RepresentativeMethod method, double[] points, int dimensions, KMeansOptions options, Func<ulong[]> topologies) => method switch
    {
        RepresentativeMethod.KMedoids => KMedoids.Choose(points, dimensions, options),
        RepresentativeMethod.Farthest => FarthestPoints.Choose(points, dimensions, options.Clusters),
        RepresentativeMethod.Topology => OnePerTopology.Choose(points, dimensions, topologies(), options),
        _ => ByKMeans(points, dimensions, options),
    };

    /// <summary>The points nearest to the centres of k-means clusters.</summary>
    public static RepresentativeChoice ByKMeans(ReadOnlySpan<double> points, int dimensions, KMeansOptions options)
    {
        var clustering = KMeans.Cluster(points, dimensions, options);
        int[] nearest = clustering.NearestPoints(points), standsFor = new int[points.Length / dimensions];
        for (int i = 0; i < standsFor.Length; i++)
        {
            standsFor[i] = nearest[clustering.Labels[i]];
        }

        // A centre's nearest point may belong to another cluster by rounding, or to two: a chosen point stands for itself.
        foreach (int pick in nearest)
        {
            standsFor[pick] = pick;
        }

        return new RepresentativeChoice([.. nearest.Distinct()], standsFor, clustering);
    }
}
