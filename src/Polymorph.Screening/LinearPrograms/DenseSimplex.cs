namespace Polymorph.Screening.LinearPrograms;

/// <summary>Linear programs of few rows and many columns: min c·w with A w = b, w ≥ 0. Starts from the last basis when the right side or the costs change.</summary>
/// <remarks>Revised simplex with an explicit inverse of the basis, computed afresh at the end, so that the answer has the accuracy of one small linear solve. The steepest reduced cost enters; after
/// many steps without progress the smallest index does (Bland, Math. Oper. Res. 2 (1977) 103), which cannot cycle. A new right side is met by the dual simplex, new costs by the primal one.
/// One instance belongs to one thread; nothing is allocated while solving.</remarks>
public sealed class DenseSimplex
{
    // Reduced costs are of the order of eV; their error is near 1e-15 times the condition of the basis.
    private const double Optimal = 1e-12;
    private const double Feasible = 1e-12;
    private const double Pivot = 1e-10;
    private const int PatienceForProgress = 50;
    private const int Repairs = 3;

    private readonly int _rows;
    private readonly int _columns;
    private readonly double[] _a;
    private readonly double[] _costs;
    private readonly int[]? _unitColumns;
    private readonly int[] _basis;
    private readonly double[] _inverse;
    private readonly double[] _values;
    private readonly double[] _duals;
    private readonly double[] _right;
    private readonly double[] _entering;
    private readonly double[] _work;
    private bool _hasBasis;
    private bool _isDualFeasible;
    private int _excluded = -1;
    private bool _isPhaseOne;
    private bool _isFresh;

    /// <summary>Prepares a program.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">[columns × rows], one column after the other; copied.</param>
    /// <param name="costs">[columns], copied.</param>
    /// <param name="unitColumns">[rows], columns that form the identity matrix, in the order of the rows: a basis to start from; null to look for one in a first phase.</param>
    public DenseSimplex(int rows, ReadOnlySpan<double> columns, ReadOnlySpan<double> costs, int[]? unitColumns = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfNotEqual(columns.Length, rows * costs.Length);
        (_rows, _columns) = (rows, costs.Length);
        _a = columns.ToArray();
        _costs = costs.ToArray();
        _unitColumns = unitColumns;
        _basis = new int[rows];
        _inverse = new double[rows * rows];
        _values = new double[rows];
        _duals = new double[rows];
        _right = new double[rows];
        _entering = new double[rows];
        _work = new double[2 * rows * rows];
    }

    /// <summary>Column of each row's basic variable; numbers from the count of columns on stand for rows without one.</summary>
    public ReadOnlySpan<int> Basis => _basis;

    /// <summary>Value of each row's basic variable, never below zero; all others are zero.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>Dual variable of each row: how the optimum changes with the right side.</summary>
    public ReadOnlySpan<double> Duals => _duals;

    /// <summary>The optimum.</summary>
    public double Objective { get; private set; }

    /// <summary>Reduced cost of a column at the optimum: zero for all that any optimal answer uses.</summary>
    /// <param name="column">The column.</param>
    public double ReducedCost(int column) => Cost(column) - Dot(_duals, Column(column));

    /// <summary>Other costs; the basis stays.</summary>
    /// <param name="costs">[columns].</param>
    public void SetCosts(ReadOnlySpan<double> costs)
    {
        costs.CopyTo(_costs);
        _isDualFeasible = false;
    }

    /// <summary>Finds the optimum.</summary>
    /// <param name="right">[rows], each zero or more.</param>
    /// <param name="excluded">A column that must not be used, or -1.</param>
    /// <returns>False when no combination of the columns gives the right side.</returns>
    /// <exception cref="ArithmeticException">The optimum is unbounded, or not reached in a thousand times the usual number of steps.</exception>
    public bool Solve(ReadOnlySpan<double> right, int excluded = -1)
    {
        right.CopyTo(_right);
        _excluded = excluded;
        bool warm = _hasBasis && (excluded < 0 || Array.IndexOf(_basis, excluded) < 0 || _isDualFeasible && Expel(Array.IndexOf(_basis, excluded)));
        if (warm)
        {
            SetValues();
            warm = IsFeasible() || _isDualFeasible && Dual();
        }

        if (!warm && !Start())
        {
            _hasBasis = false;
            return false;
        }

        // A basis that was optimal for these costs and gives no negative value is optimal still.
        if (!warm || !_isDualFeasible)
        {
            Primal();
        }

        for (int i = 0; i < Repairs && !_isFresh && !Refresh(); i++)
        {
            Primal();
        }

        _hasBasis = true;
        _isDualFeasible = excluded < 0;
        Objective = 0;
        for (int r = 0; r < _rows; r++)
        {
            _values[r] = Math.Max(0, _values[r]);
            Objective += Cost(_basis[r]) * _values[r];
        }

        return true;
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int k = 0; k < a.Length; k++)
        {
            sum += a[k] * b[k];
        }

        return sum;
    }

    private ReadOnlySpan<double> Column(int column) => _a.AsSpan(column * _rows, _rows);

    private double Cost(int column) => _isPhaseOne ? (column < _columns ? 0 : 1) : column < _columns ? _costs[column] : 0;

    private bool IsFeasible()
    {
        foreach (double value in _values)
        {
            if (value < -Feasible)
            {
                return false;
            }
        }

        return true;
    }

    // The unit columns, or artificial ones that a first phase drives out.
    private bool Start()
    {
        _isDualFeasible = false;
        _isFresh = false;
        _inverse.AsSpan().Clear();
        for (int r = 0; r < _rows; r++)
        {
            _inverse[r * _rows + r] = 1;
            _basis[r] = _unitColumns?[r] ?? _columns + r;
            _values[r] = _right[r];
        }

        if (_unitColumns is not null && Array.IndexOf(_unitColumns, _excluded) < 0)
        {
            return true;
        }

        for (int r = 0; r < _rows; r++)
        {
            _basis[r] = _columns + r;
        }

        _isPhaseOne = true;
        Primal();
        _isPhaseOne = false;
        double missing = 0;
        for (int r = 0; r < _rows; r++)
        {
            missing += _basis[r] >= _columns ? _values[r] : 0;
        }

        if (missing > 1e-9)
        {
            return false;
        }

        DriveOut();
        return true;
    }

    // An artificial column that stays at zero must not grow again: any column with a share in its row takes its place.
    private void DriveOut()
    {
        for (int r = 0; r < _rows; r++)
        {
            for (int j = 0; _basis[r] >= _columns && j < _columns; j++)
            {
                if (j != _excluded && Array.IndexOf(_basis, j) < 0 && Math.Abs(Dot(_inverse.AsSpan(r * _rows, _rows), Column(j))) > Pivot)
                {
                    Exchange(r, j);
                }
            }
        }
    }

    private void Primal()
    {
        int steps = 0, idle = 0;
        while (true)
        {
            SetDuals();
            int entering = -1;
            double best = -Optimal;
            for (int j = 0; j < _columns; j++)
            {
                double reduced = j == _excluded ? 0 : Cost(j) - Dot(_duals, Column(j));
                if (reduced < best)
                {
                    (entering, best) = (j, reduced);
                    if (idle > PatienceForProgress)
                    {
                        break;
                    }
                }
            }

            if (entering < 0)
            {
                return;
            }

            int leaving = Leaving(entering);
            if (leaving < 0 || ++steps > 1000 * (_rows + 10))
            {
                throw new ArithmeticException("a linear program is unbounded or does not end");
            }

            idle = _values[leaving] <= Feasible ? idle + 1 : 0;
            Exchange(leaving, entering);
        }
    }

    private int Leaving(int entering)
    {
        Transform(entering);
        int leaving = -1;
        double least = double.PositiveInfinity;
        for (int r = 0; r < _rows; r++)
        {
            if (_entering[r] > Pivot)
            {
                double ratio = Math.Max(0, _values[r]) / _entering[r];
                if (ratio < least - 1e-15 || ratio <= least + 1e-15 && _basis[r] < _basis[leaving])
                {
                    (leaving, least) = (r, Math.Min(ratio, least));
                }
            }
        }

        return leaving;
    }

    // From a basis whose reduced costs are all right to one whose values are; false to give up, which costs a cold start.
    private bool Dual()
    {
        for (int steps = 0; steps < 20 * (_rows + 10); steps++)
        {
            int leaving = -1;
            double worst = -Feasible;
            for (int r = 0; r < _rows; r++)
            {
                if (_values[r] < worst)
                {
                    (leaving, worst) = (r, _values[r]);
                }
            }

            if (leaving < 0)
            {
                return true;
            }

            int entering = Entering(leaving, sign: -1);
            if (entering < 0)
            {
                return false;
            }

            Exchange(leaving, entering);
        }

        return false;
    }

    // Takes an excluded column out of an optimal basis: the column that keeps all reduced costs right takes its place.
    private bool Expel(int leaving)
    {
        int entering = Entering(leaving, sign: 1);
        if (entering >= 0)
        {
            Exchange(leaving, entering);
        }

        return entering >= 0;
    }

    // The column that may take the place of a row of the basis and keeps all reduced costs right; -1 for none. The share of the row in it must have the sign.
    private int Entering(int leaving, int sign)
    {
        SetDuals();
        var row = _inverse.AsSpan(leaving * _rows, _rows);
        int entering = -1;
        double least = double.PositiveInfinity;
        for (int j = 0; j < _columns; j++)
        {
            double share = sign * Dot(row, Column(j));
            if (share > Pivot && j != _excluded && Array.IndexOf(_basis, j) < 0)
            {
                double ratio = Math.Max(0, Cost(j) - Dot(_duals, Column(j))) / share;
                if (ratio < least)
                {
                    (entering, least) = (j, ratio);
                }
            }
        }

        return entering;
    }

    private void Transform(int column)
    {
        for (int r = 0; r < _rows; r++)
        {
            _entering[r] = Dot(_inverse.AsSpan(r * _rows, _rows), Column(column));
        }
    }

    private void Exchange(int leaving, int entering)
    {
        Transform(entering);
        double pivot = _entering[leaving];
        var pivotRow = _inverse.AsSpan(leaving * _rows, _rows);
        for (int k = 0; k < _rows; k++)
        {
            pivotRow[k] /= pivot;
        }

        for (int r = 0; r < _rows; r++)
        {
            if (r != leaving)
            {
                for (int k = 0; k < _rows; k++)
                {
                    _inverse[r * _rows + k] -= _entering[r] * pivotRow[k];
                }
            }
        }

        _basis[leaving] = entering;
        _isFresh = false;
        SetValues();
    }

    private void SetValues()
    {
        for (int r = 0; r < _rows; r++)
        {
            _values[r] = Dot(_inverse.AsSpan(r * _rows, _rows), _right);
        }
    }

    private void SetDuals()
    {
        _duals.AsSpan().Clear();
        for (int r = 0; r < _rows; r++)
        {
            double cost = Cost(_basis[r]);
            for (int k = 0; k < _rows; k++)
            {
                _duals[k] += cost * _inverse[r * _rows + k];
            }
        }
    }

    // Inverts the basis afresh; true when the answer is still optimal.
    private bool Refresh()
    {
        int n = _rows, width = 2 * n;
        for (int r = 0; r < n; r++)
        {
            for (int k = 0; k < n; k++)
            {
                _work[k * width + r] = _basis[r] < _columns ? _a[_basis[r] * n + k] : _basis[r] - _columns == k ? 1 : 0;
            }
        }

        if (!GaussJordan.Invert(_work, n))
        {
            return true; // The product form is all there is.
        }

        for (int r = 0; r < n; r++)
        {
            _work.AsSpan(r * width + n, n).CopyTo(_inverse.AsSpan(r * n, n));
        }

        _isFresh = true;
        SetValues();
        SetDuals();
        for (int j = 0; j < _columns; j++)
        {
            if (j != _excluded && Cost(j) - Dot(_duals, Column(j)) < -10 * Optimal)
            {
                return false;
            }
        }

        return IsFeasible();
    }
}
