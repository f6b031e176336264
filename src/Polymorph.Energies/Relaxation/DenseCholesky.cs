namespace Polymorph.Energies.Relaxation;

/// <summary>Factors a symmetric positive definite matrix and solves with it.</summary>
/// <param name="count">Rows.</param>
internal sealed class DenseCholesky(int count)
{
    /// <summary>[count × count], row-major: the lower triangle of the matrix before <see cref="Factor"/>, of its factor L afterwards.</summary>
    public double[] Matrix { get; } = new double[count * count];

    /// <summary>Replaces the matrix by L with L·Lᵀ = matrix.</summary>
    public void Factor()
    {
        for (int i = 0; i < count; i++)
        {
            var row = Matrix.AsSpan(i * count, i + 1);
            for (int j = 0; j <= i; j++)
            {
                var other = Matrix.AsSpan(j * count, j + 1);
                double rest = row[j] - LimitedMemory.Dot(row[..j], other[..j]);
                row[j] = i == j ? Math.Sqrt(rest) : rest / other[j];
            }
        }
    }

    /// <summary>Overwrites the right side by the solution.</summary>
    public void Solve(Span<double> vector)
    {
        for (int i = 0; i < count; i++)
        {
            var row = Matrix.AsSpan(i * count, i + 1);
            vector[i] = (vector[i] - LimitedMemory.Dot(row[..i], vector[..i])) / row[i];
        }

        for (int i = count - 1; i >= 0; i--)
        {
            var row = Matrix.AsSpan(i * count, i + 1);
            vector[i] /= row[i];
            for (int j = 0; j < i; j++)
            {
                vector[j] -= row[j] * vector[i];
            }
        }
    }
}
