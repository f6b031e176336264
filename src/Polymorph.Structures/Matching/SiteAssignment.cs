namespace Polymorph.Structures.Matching;

/// <summary>Pairs the rows of a square cost matrix with its columns at the least total cost.</summary>
/// <remarks>Shortest augmenting paths: Jonker and Volgenant, Computing 38 (1987) 325; rows whose cheapest column nobody else wants are paired at once.</remarks>
internal sealed class SiteAssignment
{
    private int[] _rowOf = [];
    private int[] _previous = [];
    private double[] _rowPrice = [];
    private double[] _columnPrice = [];
    private double[] _distance = [];
    private bool[] _done = [];

    /// <summary>Makes room for problems of this size.</summary>
    public void Reserve(int size)
    {
        if (_rowOf.Length < size)
        {
            int room = Math.Max(size, 2 * _rowOf.Length);
            (_rowOf, _previous, _rowPrice, _columnPrice, _distance, _done) = (new int[room], new int[room], new double[room], new double[room], new double[room], new bool[room]);
        }
    }

    /// <summary>Solves one problem.</summary>
    /// <param name="cost">[size × stride] finite costs, row-major.</param>
    /// <param name="stride">Distance of two rows in <paramref name="cost"/>.</param>
    /// <param name="columnOf">[size] each row's cheapest column on entry, its assigned column on return.</param>
    /// <param name="budget">Steps allowed; when they are spent the assignment is not complete.</param>
    public void Solve(ReadOnlySpan<double> cost, int stride, Span<int> columnOf, ref WorkBudget budget)
    {
        int n = columnOf.Length;
        var rowOf = _rowOf.AsSpan(0, n);
        rowOf.Fill(-1);
        bool conflict = false;
        for (int row = 0; row < n; row++)
        {
            int column = columnOf[row];
            if (rowOf[column] < 0)
            {
                rowOf[column] = row;
            }
            else
            {
                // Marked as waiting, its cheapest column kept.
                columnOf[row] = ~column;
                conflict = true;
            }
        }

        if (!budget.Take(n) || !conflict)
        {
            return;
        }

        var rowPrice = _rowPrice.AsSpan(0, n);
        _columnPrice.AsSpan(0, n).Clear();
        for (int row = 0; row < n; row++)
        {
            int column = columnOf[row];
            rowPrice[row] = cost[row * stride + (column < 0 ? ~column : column)];
        }

        for (int row = 0; row < n && !budget.IsSpent; row++)
        {
            if (columnOf[row] < 0)
            {
                budget.Take(Augment(cost, stride, columnOf, rowOf, row));
            }
        }
    }

    private long Augment(ReadOnlySpan<double> cost, int stride, Span<int> columnOf, Span<int> rowOf, int free)
    {
        int n = columnOf.Length;
        var distance = _distance.AsSpan(0, n);
        var previous = _previous.AsSpan(0, n);
        var done = _done.AsSpan(0, n);
        var columnPrice = _columnPrice.AsSpan(0, n);
        distance.Fill(double.PositiveInfinity);
        done.Clear();
        int row = free, last = -1;
        double reached = 0;
        long steps = 0;
        while (true)
        {
            var costs = cost.Slice(row * stride, n);
            double offset = reached - _rowPrice[row];
            double least = double.PositiveInfinity;
            int nearest = -1;
            for (int column = 0; column < n; column++)
            {
                if (done[column])
                {
                    continue;
                }

                double through = costs[column] + offset - columnPrice[column];
                if (through < distance[column])
                {
                    (distance[column], previous[column]) = (through, row);
                }

                if (distance[column] < least)
                {
                    (least, nearest) = (distance[column], column);
                }
            }

            steps += n;
            reached = least;
            if (rowOf[nearest] < 0)
            {
                last = nearest;
                break;
            }

            done[nearest] = true;
            row = rowOf[nearest];
        }

        // Prices keep all reduced costs at zero or above.
        _rowPrice[free] += reached;
        for (int column = 0; column < n; column++)
        {
            if (done[column])
            {
                double change = reached - distance[column];
                columnPrice[column] -= change;
                _rowPrice[rowOf[column]] += change;
            }
        }

        for (int column = last; ;)
        {
            int owner = previous[column];
            rowOf[column] = owner;
            int next = columnOf[owner];
            columnOf[owner] = column;
            if (owner == free)
            {
                return steps;
            }

            column = next;
        }
    }
}
