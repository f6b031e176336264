namespace Polymorph.Models.Cgcnn;

/// <summary>Errors of predictions.</summary>
public static class CgcnnStatistics
{
    /// <summary>Mean absolute error.</summary>
    /// <param name="predicted">Predictions.</param>
    /// <param name="known">Known values, as many.</param>
    public static double MeanAbsoluteError(IReadOnlyList<double> predicted, IReadOnlyList<double> known)
    {
        ArgumentNullException.ThrowIfNull(predicted);
        double sum = 0;
        for (int i = 0; i < predicted.Count; i++)
        {
            sum += Math.Abs(predicted[i] - known[i]);
        }

        return sum / predicted.Count;
    }

    /// <summary>Area under the receiver operating characteristic: the share of pairs of a 1 and a 0 in which the 1 has the larger prediction, ties counted half.</summary>
    /// <param name="predicted">Predictions.</param>
    /// <param name="known">0 or 1, as many.</param>
    /// <returns>The area; 0.5 when one class is missing.</returns>
    public static double AreaUnderCurve(IReadOnlyList<double> predicted, IReadOnlyList<double> known)
    {
        ArgumentNullException.ThrowIfNull(predicted);
        int[] order = [.. Enumerable.Range(0, predicted.Count).OrderBy(i => predicted[i])];
        double ranks = 0, ones = known.Count(k => k > 0.5), zeros = known.Count - ones;
        for (int first = 0; first < order.Length;)
        {
            int last = first;
            while (last < order.Length && predicted[order[last]] == predicted[order[first]])
            {
                last++;
            }

            double rank = (first + 1 + last) / 2.0;
            ranks += rank * Enumerable.Range(first, last - first).Count(i => known[order[i]] > 0.5);
            first = last;
        }

        return ones * zeros > 0 ? (ranks - ones * (ones + 1) / 2) / (ones * zeros) : 0.5;
    }
}
