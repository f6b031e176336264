using MathNet.Numerics.LinearAlgebra.Double;
using Polymorph.Foundation;

namespace Polymorph.Selection;

/// <summary>The directions in which rows spread most: eigenvectors of their covariance, centred and not scaled.</summary>
/// <remarks>The filter step of the LoGAN study (Kovács et al. 2024, section 2.3) keeps two. Signs are free in theory; here the entry of largest magnitude is positive.</remarks>
public sealed class PrincipalComponents
{
    private readonly double[] _mean;
    private readonly double[][] _axes;
    private readonly double[] _offsets;

    private PrincipalComponents(double[] mean, double[][] axes, double[] variance, double[] ratio)
    {
        (_mean, _axes, ExplainedVariance, ExplainedVarianceRatio) = (mean, axes, variance, ratio);
        _offsets = [.. axes.Select(axis => axis.Zip(mean, (a, m) => a * m).Sum())];
    }

    /// <summary>Number of components.</summary>
    public int Count => _axes.Length;

    /// <summary>Numbers per row.</summary>
    public int Width => _mean.Length;

    /// <summary>Mean of the rows, [width].</summary>
    public IReadOnlyList<double> Mean => _mean;

    /// <summary>Unit vectors, [components][width], by falling variance.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Axes => _axes;

    /// <summary>Variance along each component, divisor count − 1.</summary>
    public IReadOnlyList<double> ExplainedVariance { get; }

    /// <summary>Share of each component in the total variance.</summary>
    public IReadOnlyList<double> ExplainedVarianceRatio { get; }

    /// <summary>The components of accumulated rows.</summary>
    /// <param name="rows">At least two rows.</param>
    /// <param name="count">Number of components, 1 to the width of a row.</param>
    /// <exception cref="PolymorphException">PM5001: fewer than two rows, more components than numbers per row, or a number that is not finite.</exception>
    public static PrincipalComponents Of(CovarianceAccumulator rows, int count = 2)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count < 2 || count < 1 || count > rows.Width)
        {
            throw Impossible($"{count} components of {rows.Count} structures with {rows.Width} numbers each do not exist");
        }

        var covariance = rows.Covariance();
        double total = Enumerable.Range(0, rows.Width).Sum(i => covariance[i, i]);
        if (!double.IsFinite(total))
        {
            throw Impossible("a descriptor is not a finite number");
        }

        var eigen = DenseMatrix.OfArray(covariance).Evd(MathNet.Numerics.LinearAlgebra.Symmetricity.Symmetric);
        int[] order = [.. Enumerable.Range(0, rows.Width).OrderByDescending(i => eigen.EigenValues[i].Real).Take(count)];
        double[] variance = [.. order.Select(i => Math.Max(0, eigen.EigenValues[i].Real))];
        return new PrincipalComponents(
            rows.Mean(),
            [.. order.Select(i => Upright(eigen.EigenVectors.Column(i).ToArray()))],
            variance,
            [.. variance.Select(v => total > 0 ? v / total : 0)]);
    }

    /// <summary>Coordinates of rows along the components.</summary>
    /// <param name="rows">[count × width].</param>
    /// <param name="result">[count × components], overwritten.</param>
    /// <exception cref="ArgumentException">The lengths do not match.</exception>
    public void Project(ReadOnlySpan<float> rows, Span<double> result)
    {
        if (rows.Length % Width != 0 || result.Length != rows.Length / Width * Count)
        {
            throw new ArgumentException($"{rows.Length} numbers in rows of {Width} do not give {result.Length} coordinates of {Count} components");
        }

        for (int row = 0; row < rows.Length / Width; row++)
        {
            for (int k = 0; k < Count; k++)
            {
                result[row * Count + k] = Dot(rows.Slice(row * Width, Width), _axes[k]) - _offsets[k];
            }
        }
    }

    // Four sums hide the latency of the addition.
    private static double Dot(ReadOnlySpan<float> row, double[] axis)
    {
        double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
        int i = 0;
        for (; i + 4 <= row.Length; i += 4)
        {
            s0 += row[i] * axis[i];
            s1 += row[i + 1] * axis[i + 1];
            s2 += row[i + 2] * axis[i + 2];
            s3 += row[i + 3] * axis[i + 3];
        }

        for (; i < row.Length; i++)
        {
            s0 += row[i] * axis[i];
        }

        return (s0 + s1) + (s2 + s3);
    }

    private static double[] Upright(double[] axis)
    {
        double largest = axis.MaxBy(Math.Abs);
        return largest < 0 ? [.. axis.Select(a => -a)] : axis;
    }

    private static PolymorphException Impossible(string reason) =>
        new("PM5001", reason, null, "Give more structures or fewer components.", ExitCode.NothingSurvived);
}
