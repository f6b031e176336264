namespace Polymorph.Energies.Neural.Kernels;

/// <summary>Sums of features and their squares for every element, and the means and scales that follow.</summary>
internal sealed class FeatureMoments(int elements, int features, bool withProducts = false)
{
    // A feature that hardly varies must not be blown up: its scale is that of a feature with this share of the largest deviation.
    private const double SmallestShare = 1e-3;
    private readonly double[] _sums = new double[elements * features];
    private readonly double[] _squares = new double[elements * features];
    private readonly double[][] _products = [.. Enumerable.Range(0, withProducts ? elements : 0).Select(_ => new double[features * features])];
    private readonly double[] _counts = new double[elements];

    /// <summary>Means 0 and scales 1, [elements × 2 × features].</summary>
    public float[] Neutral() => [.. Enumerable.Range(0, elements * 2 * features).Select(k => (float)(k / features % 2))];

    /// <summary>Adds one atom.</summary>
    /// <param name="element">Its type.</param>
    /// <param name="row">Its features.</param>
    public void Add(int element, double[] row)
    {
        _counts[element]++;
        for (int f = 0; f < features; f++)
        {
            _sums[element * features + f] += row[f];
            _squares[element * features + f] += row[f] * row[f];
        }

        for (int i = 0; i < features && withProducts; i++)
        {
            double factor = row[i];
            var to = _products[element].AsSpan(i * features, i + 1);
            for (int j = 0; j < to.Length; j++)
            {
                to[j] += factor * row[j];
            }
        }
    }

    /// <summary>Correlations of (features − mean) · scale, [elements][features × features].</summary>
    /// <param name="standard">Means and scales, [elements × 2 × features].</param>
    public double[][,] Correlations(double[] standard)
    {
        var result = new double[elements][,];
        for (int element = 0; element < elements; element++)
        {
            var c = result[element] = new double[features, features];
            int mean = 2 * element * features, scale = mean + features;
            for (int i = 0; i < features; i++)
            {
                for (int j = 0; j <= i; j++)
                {
                    double product = _products[element][i * features + j] / Math.Max(1, _counts[element]) - standard[mean + i] * standard[mean + j];
                    c[i, j] = c[j, i] = product * standard[scale + i] * standard[scale + j];
                }
            }
        }

        return result;
    }

    /// <summary>Means, then inverse standard deviations, [elements × 2 × features].</summary>
    public double[] Standard()
    {
        var result = new double[elements * 2 * features];
        for (int element = 0; element < elements; element++)
        {
            var deviation = new double[features];
            int at = 2 * element * features, from = element * features;
            for (int f = 0; f < features && _counts[element] > 0; f++)
            {
                double mean = _sums[from + f] / _counts[element];
                result[at + f] = mean;
                deviation[f] = Math.Sqrt(Math.Max(0, _squares[from + f] / _counts[element] - mean * mean));
            }

            double floor = Math.Max(SmallestShare * deviation.Max(), 1e-12);
            for (int f = 0; f < features; f++)
            {
                // Without two atoms of the element nothing is known; 1 keeps the numbers finite.
                result[at + features + f] = _counts[element] > 1 ? 1 / Math.Max(deviation[f], floor) : 1;
            }
        }

        return result;
    }
}
