namespace Polymorph.Selection;

/// <summary>Clusters around points of their own: each medoid has the least sum of distances to the points that it stands for, each point belongs to the nearest medoid.</summary>
/// <remarks>The alternating algorithm of H.-S. Park, C.-H. Jun, Expert Syst. Appl. 36 (2009) 3336, from the k-means++ start. In clusters of more than
/// <see cref="Sample"/> points the sums run over as many of them, evenly spread in their order (as in CLARA: L. Kaufman, P. J. Rousseeuw, Finding Groups in Data, Wiley 1990).</remarks>
internal static class KMedoids
{
    private const int Sample = 2048;

    public static RepresentativeChoice Choose(double[] points, int dimensions, KMeansOptions options)
    {
        var columns = new PointColumns(points, dimensions, options.Threads);
        double[] centres = KMeansPlusPlus.Draw(columns, options.Clusters, options.Seed, start: 0);
        int[] labels = new int[columns.Count], medoids = [];
        double[] distances = new double[columns.Count];
        for (int iteration = 0; iteration < options.MaxIterations; iteration++)
        {
            columns.ForRanges((_, from, to) => columns.Assign(from, to, centres, labels, distances));
            int[] moved = Medoids(columns, labels, centres.Length / dimensions, options.Threads);
            if (moved.AsSpan().SequenceEqual(medoids))
            {
                break;
            }

            medoids = moved;
            centres = [.. medoids.SelectMany(m => Enumerable.Range(0, dimensions).Select(d => columns[m, d]))];
        }

        columns.ForRanges((_, from, to) => columns.Assign(from, to, centres, labels, distances));
        int[] standsFor = [.. labels.Select(label => medoids[label])];
        foreach (int medoid in medoids)
        {
            standsFor[medoid] = medoid;
        }

        return new RepresentativeChoice([.. medoids.Distinct()], standsFor);
    }

    private static int[] Medoids(PointColumns points, int[] labels, int clusters, int threads)
    {
        var members = new List<int>[clusters];
        for (int k = 0; k < clusters; k++)
        {
            members[k] = [];
        }

        for (int i = 0; i < labels.Length; i++)
        {
            members[labels[i]].Add(i);
        }

        // A centre is a point, so its cluster has that one at least; only a point at the same place may have taken it.
        int[] medoids = new int[clusters];
        Parallel.For(0, clusters, new ParallelOptions { MaxDegreeOfParallelism = threads }, k => medoids[k] = members[k].Count > 0 ? Medoid(points, members[k]) : -1);
        return [.. medoids.Where(m => m >= 0)];
    }

    private static int Medoid(PointColumns points, List<int> members)
    {
        int count = Math.Min(members.Count, Sample), best = members[0];
        double least = double.PositiveInfinity;
        for (int a = 0; a < count; a++)
        {
            int candidate = members[(int)((long)a * members.Count / count)];
            double sum = 0;
            for (int b = 0; b < count && sum < least; b++)
            {
                sum += Math.Sqrt(points.SquaredDistance(candidate, members[(int)((long)b * members.Count / count)]));
            }

            (least, best) = sum < least ? (sum, candidate) : (least, best);
        }

        return best;
    }
}
