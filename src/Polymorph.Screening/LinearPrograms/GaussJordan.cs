namespace Polymorph.Screening.LinearPrograms;

/// <summary>Inverts matrices of a few rows in memory that the caller keeps.</summary>
internal static class GaussJordan
{
    private const double Singular = 1e-14;

    /// <summary>Turns [A | 1] into [1 | A⁻¹], with partial pivoting.</summary>
    /// <param name="work">[n × 2n], rows one after the other; the left half holds A, the right half is overwritten.</param>
    /// <param name="n">Rows of A.</param>
    /// <returns>False when a pivot is below 1e-14.</returns>
    public static bool Invert(Span<double> work, int n)
    {
        int width = 2 * n;
        for (int r = 0; r < n; r++)
        {
            work.Slice(r * width + n, n).Clear();
            work[r * width + n + r] = 1;
        }

        for (int c = 0; c < n; c++)
        {
            int best = c;
            for (int r = c + 1; r < n; r++)
            {
                best = Math.Abs(work[r * width + c]) > Math.Abs(work[best * width + c]) ? r : best;
            }

            double pivot = work[best * width + c];
            if (Math.Abs(pivot) < Singular)
            {
                return false;
            }

            for (int k = 0; k < width; k++)
            {
                (work[c * width + k], work[best * width + k]) = (work[best * width + k] / pivot, best == c ? work[c * width + k] / pivot : work[c * width + k]);
            }

            for (int r = 0; r < n; r++)
            {
                double factor = r == c ? 0 : work[r * width + c];
                for (int k = 0; k < width && factor != 0; k++)
                {
                    work[r * width + k] -= factor * work[c * width + k];
                }
            }
        }

        return true;
    }
}
