namespace Polymorph.Selection;

/// <summary>Chooses points one by one, each the farthest from those chosen before; no choice of as many covers the points with less than half its radius.</summary>
/// <remarks>T. F. Gonzalez, Theor. Comput. Sci. 38 (1985) 293. The first point is the one nearest to the mean; the first on ties.</remarks>
internal static class FarthestPoints
{
    public static RepresentativeChoice Choose(double[] points, int dimensions, int wanted)
    {
        int count = points.Length / dimensions;
        double[] squares = new double[count];
        int[] standsFor = new int[count];
        double[] mean = new double[dimensions];
        for (int i = 0; i < points.Length; i++)
        {
            mean[i % dimensions] += points[i] / count;
        }

        int next = 0;
        double nearest = double.PositiveInfinity;
        for (int i = 0; i < count; i++)
        {
            squares[i] = double.PositiveInfinity;
            double square = Square(points.AsSpan(i * dimensions, dimensions), mean);
            (nearest, next) = square < nearest ? (square, i) : (nearest, next);
        }

        var picks = new List<int>();
        while (picks.Count < Math.Min(wanted, count) && squares[next] > 0)
        {
            int pick = next;
            picks.Add(pick);
            for (int i = 0; i < count; i++)
            {
                double square = Square(points.AsSpan(i * dimensions, dimensions), points.AsSpan(pick * dimensions, dimensions));
                if (square < squares[i])
                {
                    (squares[i], standsFor[i]) = (square, pick);
                }

                next = squares[i] > squares[next] ? i : next;
            }
        }

        return new RepresentativeChoice([.. picks], standsFor);
    }

    /// <summary>Squared distance of two points.</summary>
    public static double Square(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int d = 0; d < a.Length; d++)
        {
            sum += (a[d] - b[d]) * (a[d] - b[d]);
        }

        return sum;
    }
}
