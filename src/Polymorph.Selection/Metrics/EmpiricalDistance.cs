namespace Polymorph.Selection.Metrics;

/// <summary>Distances between the distributions of two samples.</summary>
public static class EmpiricalDistance
{
    /// <summary>First-order Wasserstein (earth mover's) distance: the integral of |F(x) − G(x)| over the two empirical distribution functions.</summary>
    /// <param name="first">A sample, at least one finite number.</param>
    /// <param name="second">Another, of any size.</param>
    /// <returns>In the unit of the numbers; NaN when a sample is empty.</returns>
    public static double Wasserstein(IEnumerable<double> first, IEnumerable<double> second)
    {
        double[] f = [.. first.Order()], g = [.. second.Order()];
        if (f.Length == 0 || g.Length == 0)
        {
            return double.NaN;
        }

        double sum = 0, last = Math.Min(f[0], g[0]);
        for (int i = 0, j = 0; i < f.Length || j < g.Length;)
        {
            double next = j == g.Length || i < f.Length && f[i] <= g[j] ? f[i] : g[j];
            sum += Math.Abs((double)i / f.Length - (double)j / g.Length) * (next - last);
            last = next;
            while (i < f.Length && f[i] == next)
            {
                i++;
            }

            while (j < g.Length && g[j] == next)
            {
                j++;
            }
        }

        return sum;
    }

    /// <summary>Total variation: half the sum of the differences of the shares of each class.</summary>
    /// <param name="first">Class of each member of a sample.</param>
    /// <param name="second">Of another.</param>
    /// <returns>0 for equal shares, 1 when no class is common; NaN when a sample is empty.</returns>
    public static double TotalVariation<T>(IEnumerable<T> first, IEnumerable<T> second)
        where T : notnull
    {
        var f = first.CountBy(x => x).ToDictionary();
        var g = second.CountBy(x => x).ToDictionary();
        double n = f.Values.Sum(), m = g.Values.Sum();
        return n == 0 || m == 0 ? double.NaN : f.Keys.Union(g.Keys).Sum(k => Math.Abs(f.GetValueOrDefault(k) / n - g.GetValueOrDefault(k) / m)) / 2;
    }

    /// <summary>Diversity: mean Euclidean distance over all pairs of different members.</summary>
    /// <param name="points">Fingerprints of one length.</param>
    /// <returns>NaN for fewer than two.</returns>
    public static double MeanPairwise(IReadOnlyList<double[]> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        double sum = 0;
        for (int i = 0; i < points.Count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                sum += System.Numerics.Tensors.TensorPrimitives.Distance<double>(points[i], points[j]);
            }
        }

        return sum / ((double)points.Count * (points.Count - 1) / 2);
    }
}
