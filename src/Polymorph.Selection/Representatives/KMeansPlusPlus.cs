using Polymorph.Learning;

namespace Polymorph.Selection;

/// <summary>Starting centres drawn far from each other.</summary>
/// <remarks>Arthur and Vassilvitskii, SODA 2007, p. 1027: the next centre is drawn with a probability proportional to the squared distance to the nearest one so far;
/// of 2 + ln k draws the one that lowers the sum of these distances most is taken (the greedy variant of their section 4, which scikit-learn uses).</remarks>
internal static class KMeansPlusPlus
{
    // Streams of random numbers are told apart by purpose; this one is "KM".
    private const uint Stream = 0x4B4D;

    /// <summary>Centres, [clusters × dimensions]; fewer clusters when there are fewer different points.</summary>
    /// <param name="points">The points.</param>
    /// <param name="clusters">Centres wanted, at most the number of points.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="start">Index of the start.</param>
    public static double[] Draw(PointColumns points, int clusters, ulong seed, int start)
    {
        var random = new CounterRandom(seed, Stream).Sequence((uint)start);
        int draws = 2 + (int)Math.Log(clusters);
        var nearest = new double[points.Count];
        var running = new double[points.Count];
        Array.Fill(nearest, double.PositiveInfinity);
        var chosen = new List<int> { random.NextIndex(points.Count) };
        Lower(points, nearest, chosen[0]);
        while (chosen.Count < clusters)
        {
            double sum = 0;
            for (int i = 0; i < nearest.Length; i++)
            {
                running[i] = sum += nearest[i];
            }

            if (!(sum > 0))
            {
                break; // every point coincides with a centre
            }

            var candidates = new int[draws];
            for (int c = 0; c < draws; c++)
            {
                candidates[c] = FirstAbove(running, random.NextDouble() * sum);
            }

            chosen.Add(candidates.MinBy(candidate => Potential(points, nearest, candidate)));
            Lower(points, nearest, chosen[^1]);
        }

        return [.. chosen.SelectMany(i => Enumerable.Range(0, points.Dimensions).Select(d => points[i, d]))];
    }

    private static void Lower(PointColumns points, double[] nearest, int centre) =>
        points.ForRanges((_, from, to) =>
        {
            for (int i = from; i < to; i++)
            {
                nearest[i] = Math.Min(nearest[i], points.SquaredDistance(i, centre));
            }
        });

    private static double Potential(PointColumns points, double[] nearest, int centre)
    {
        var sums = new double[points.Ranges];
        points.ForRanges((range, from, to) =>
        {
            double sum = 0;
            for (int i = from; i < to; i++)
            {
                sum += Math.Min(nearest[i], points.SquaredDistance(i, centre));
            }

            sums[range] = sum;
        });
        return sums.Sum();
    }

    // A point at distance zero adds nothing to the running sum and is never the first above a value.
    private static int FirstAbove(double[] running, double value)
    {
        int low = 0, high = running.Length - 1;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = running[middle] > value ? (low, middle) : (middle + 1, high);
        }

        return low;
    }
}
