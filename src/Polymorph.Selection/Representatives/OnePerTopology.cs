namespace Polymorph.Selection;

/// <summary>One point of each topology. More topologies than wanted points: the most frequent ones. Fewer: the rest goes to the topologies by their frequencies, and k-means
/// chooses within each.</summary>
/// <remarks>The rest is shared out as seats are by d'Hondt's rule: the next goes to the topology with the most points per chosen one. Ties go to the topology that came first.</remarks>
internal static class OnePerTopology
{
    public static RepresentativeChoice Choose(double[] points, int dimensions, ulong[] topologies, KMeansOptions options)
    {
        List<List<int>> groups = [.. Enumerable.Range(0, topologies.Length).GroupBy(i => topologies[i]).Select(g => g.ToList()).OrderByDescending(g => g.Count).ThenBy(g => g[0])];
        int[] seats = new int[groups.Count];
        Array.Fill(seats, 1, 0, Math.Min(groups.Count, options.Clusters));
        for (int left = options.Clusters - groups.Count; left > 0; left--)
        {
            int next = Enumerable.Range(0, groups.Count).Where(g => seats[g] < groups[g].Count).MaxBy(g => (double)groups[g].Count / seats[g]);
            seats[next]++;
        }

        var picks = new List<int>();
        int[] standsFor = new int[topologies.Length];
        Array.Fill(standsFor, -1);
        for (int g = 0; g < groups.Count && seats[g] > 0; g++)
        {
            var members = groups[g];
            double[] own = [.. members.SelectMany(i => Enumerable.Range(i * dimensions, dimensions).Select(c => points[c]))];
            var chosen = RepresentativeChoice.ByKMeans(own, dimensions, options with { Clusters = seats[g] });
            picks.AddRange(chosen.Picks.Select(p => members[p]));
            for (int m = 0; m < members.Count; m++)
            {
                standsFor[members[m]] = members[chosen.StandsFor[m]];
            }
        }

        // Topologies without a chosen point are those of the nearest one.
        int[] chosenPoints = [.. picks];
        Parallel.For(0, standsFor.Length, new ParallelOptions { MaxDegreeOfParallelism = options.Threads }, i =>
        {
            if (standsFor[i] < 0)
            {
                standsFor[i] = chosenPoints.MinBy(p => FarthestPoints.Square(points.AsSpan(i * dimensions, dimensions), points.AsSpan(p * dimensions, dimensions)));
            }
        });
        return new RepresentativeChoice(chosenPoints, standsFor);
    }
}
