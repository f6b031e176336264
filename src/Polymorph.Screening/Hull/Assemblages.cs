namespace Polymorph.Screening.Hull;

/// <summary>Chooses among several mixtures of the same energy the one whose ids come first.</summary>
internal static class Assemblages
{
    private const double Present = 1e-8;
    private const double Residual = 1e-9;
    private const int MostSets = 200_000;

    /// <summary>The lexicographically smallest set of columns that mix to a point, and whether there is another set.</summary>
    /// <param name="columns">Columns that may be used, ascending in the order that decides.</param>
    /// <param name="column">The coordinates of a column, [rows].</param>
    /// <param name="point">[rows].</param>
    /// <returns>Columns with their shares; null when no set was found within the limit of 200 000 sets.</returns>
    public static (List<(int Column, double Share)>? First, bool IsUnique) Find(IReadOnlyList<int> columns, Func<int, double[]> column, double[] point)
    {
        var search = new Search(columns, column, point);
        search.From(0);
        return (search.First, search.Found < 2);
    }

    /// <summary>Depth first: a set before those that begin with it.</summary>
    private sealed class Search(IReadOnlyList<int> columns, Func<int, double[]> column, double[] point)
    {
        private readonly List<int> _set = [];
        private int _visited;

        public List<(int Column, double Share)>? First { get; private set; }

        public int Found { get; private set; }

        public void From(int start)
        {
            for (int i = start; i < columns.Count && Found < 2 && ++_visited <= MostSets; i++)
            {
                _set.Add(columns[i]);
                var (independent, shares) = Mix();
                if (shares is not null)
                {
                    First ??= [.. _set.Zip(shares)];
                    Found++;
                }
                else if (independent && _set.Count < point.Length)
                {
                    From(i + 1);
                }

                _set.RemoveAt(_set.Count - 1);
            }
        }

        // Least squares by elimination with full pivoting of [columns | point]; shares only when they are positive and reproduce the point.
        private (bool Independent, double[]? Shares) Mix()
        {
            int rows = point.Length, count = _set.Count;
            var work = new double[rows, count + 1];
            for (int k = 0; k < count; k++)
            {
                var values = column(_set[k]);
                for (int r = 0; r < rows; r++)
                {
                    work[r, k] = values[r];
                }
            }

            for (int r = 0; r < rows; r++)
            {
                work[r, count] = point[r];
            }

            for (int c = 0; c < count; c++)
            {
                int best = c;
                for (int r = c; r < rows; r++)
                {
                    best = Math.Abs(work[r, c]) > Math.Abs(work[best, c]) ? r : best;
                }

                if (Math.Abs(work[best, c]) < 1e-9)
                {
                    return (false, null);
                }

                for (int k = 0; k <= count; k++)
                {
                    (work[c, k], work[best, k]) = (work[best, k], work[c, k]);
                }

                for (int r = 0; r < rows; r++)
                {
                    double factor = r == c ? 0 : work[r, c] / work[c, c];
                    for (int k = c; k <= count && factor != 0; k++)
                    {
                        work[r, k] -= factor * work[c, k];
                    }
                }
            }

            var shares = new double[count];
            for (int c = 0; c < count; c++)
            {
                shares[c] = work[c, count] / work[c, c];
            }

            for (int r = count; r < rows; r++)
            {
                if (Math.Abs(work[r, count]) > Residual)
                {
                    return (true, null);
                }
            }

            return (true, Array.TrueForAll(shares, s => s > Present) ? shares : null);
        }
    }
}
