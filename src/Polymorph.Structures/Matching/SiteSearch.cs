using Polymorph.Structures.Cells;
using Polymorph.Structures.Matching.Kernels;

namespace Polymorph.Structures.Matching;

/// <summary>Puts the sites of one crystal on those of another, cell by cell and translation by translation, and keeps the best.</summary>
/// <remarks>One crystal (the mapped one) is drawn in a new cell, perhaps several times its own; the other keeps its cell (the target). Steps 4 to 10 of the
/// algorithm in docs/methods/matching.md.</remarks>
internal sealed class SiteSearch : ILatticeVisitor
{
    private readonly SiteAssignment _assignment = new();
    private readonly LatticeMappings _mappings = new();
    private readonly SiteArrays _mapped = new();
    private readonly SiteArrays _mappedReduced = new();
    private readonly SiteArrays _targetReduced = new();
    private readonly Vector3D[] _basis = new Vector3D[3];
    private double[] _squares = [];
    private int[] _columnOf = [];
    private Vector3D[] _vectors = [];

    private SearchTask _task = null!;
    private ImageMetric _metric;
    private IntegerMatrix _toReduced;
    private bool _isReduced;
    private double _normalLength;
    private double _reach;
    private Vector3D _box;
    private Vector3D _reducedBox;
    private bool _wrappedIsNearest;

    /// <summary>The best match so far; its value is infinite when there is none.</summary>
    public SiteMatch Best { get; } = new();

    /// <summary>Searches; <see cref="Best"/> holds the result.</summary>
    /// <param name="task">What to put on what.</param>
    /// <param name="budget">Steps allowed.</param>
    public void Run(SearchTask task, ref WorkBudget budget)
    {
        _task = task;
        int n = task.Target.SiteCount;
        Best.Reset(n);
        int room = Room(task);
        if (room < 0 || !budget.Take(n))
        {
            budget.Take(long.MaxValue);
            return;
        }

        if (_columnOf.Length < n)
        {
            (_columnOf, _vectors) = (new int[2 * n], new Vector3D[2 * n]);
        }

        if (_squares.Length < room)
        {
            _squares = new double[2 * room];
        }

        _assignment.Reserve(n);
        _mapped.Reserve(n);
        _mappedReduced.Reserve(n);
        _targetReduced.Reserve(n);
        var lattice = task.Mapped.Lattice;
        (_basis[0], _basis[1], _basis[2]) = (task.MappedScale * lattice.A, task.MappedScale * lattice.B, task.MappedScale * lattice.C);
        _mappings.ForEach(_basis, task.TargetShape, task.Multiple, task.Options, ref budget, this);
    }

    /// <inheritdoc/>
    public bool Visit(in IntegerMatrix cell, in CellShape shape, ref WorkBudget budget)
    {
        var target = _task.Target;
        int n = target.SiteCount;
        var mean = shape.MeanWith(_task.TargetShape);
        _metric = mean.Metric();
        double volume = Math.Sqrt(Math.Max(0, _metric.XX * (_metric.YY * _metric.ZZ - _metric.YZ * _metric.YZ)
            - _metric.XY * (_metric.XY * _metric.ZZ - _metric.YZ * _metric.XZ) + _metric.XZ * (_metric.XY * _metric.YZ - _metric.YY * _metric.XZ)));
        if (!(volume > 0) || !budget.Take(10L * n))
        {
            return budget.IsSpent;
        }

        _normalLength = Math.Cbrt(volume / n);
        _reach = 2 * _task.Options.SiteTolerance * _normalLength / volume;
        _box = Box();
        _mapped.DrawIn(_task, cell);
        ReduceMean(n);
        _wrappedIsNearest = _metric.WrappedIsNearest(_reducedBox);
        Best.Consider(cell);
        return TryTranslations(ref budget);
    }

    /// <summary>Distances are taken in the LLL-reduced form of the mean cell.</summary>
    private void ReduceMean(int n)
    {
        _isReduced = _metric.IsLovaszReduced();
        _reducedBox = _box;
        if (_isReduced)
        {
            return;
        }

        Span<Vector3D> v = stackalloc Vector3D[3];
        Span<(long A, long B, long C)> k = stackalloc (long, long, long)[3];
        double ax = Math.Sqrt(_metric.XX), bx = _metric.XY / ax, by = Math.Sqrt(Math.Max(0, _metric.YY - bx * bx));
        double cx = _metric.XZ / ax, cy = (_metric.YZ - bx * cx) / by, cz = Math.Sqrt(Math.Max(0, _metric.ZZ - cx * cx - cy * cy));
        (v[0], v[1], v[2]) = (new(ax, 0, 0), new(bx, by, 0), new(cx, cy, cz));
        LovaszReduction.Reduce(v, k, LovaszReduction.Delta, LovaszReduction.Half);
        _toReduced = new(Row(k[0]), Row(k[1]), Row(k[2]));
        _metric = ImageMetric.Of(v[0], v[1], v[2]);
        _reducedBox = Box();
        _mappedReduced.TransformFrom(_mapped.X, _mapped.Y, _mapped.Z, n, _toReduced);
        _targetReduced.TransformFrom(_task.Target.X, _task.Target.Y, _task.Target.Z, n, _toReduced);

        static (int, int, int) Row((long A, long B, long C) k) => ((int)k.A, (int)k.B, (int)k.C);
    }

    /// <summary>Twice the site tolerance along each reciprocal vector of the present metric.</summary>
    private Vector3D Box() => _reach * new Vector3D(
        Math.Sqrt(_metric.YY * _metric.ZZ - _metric.YZ * _metric.YZ),
        Math.Sqrt(_metric.XX * _metric.ZZ - _metric.XZ * _metric.XZ),
        Math.Sqrt(_metric.XX * _metric.YY - _metric.XY * _metric.XY));

    private bool TryTranslations(ref WorkBudget budget)
    {
        var target = _task.Target;
        if (_task.AnchorIsMapped)
        {
            int from = _mapped.CopyOf(_task, _task.Mapped.Anchor);
            var block = target.Blocks[0];
            for (int to = block.Start; to < block.End; to++)
            {
                if (TryTranslation(from, to, ref budget))
                {
                    return true;
                }
            }
        }
        else
        {
            var block = _task.Mapped.Blocks[_task.BlockOf[0]];
            for (int from = block.Start; from < block.End; from++)
            {
                if (TryTranslation(_mapped.CopyOf(_task, from), target.Anchor, ref budget))
                {
                    return true;
                }
            }
        }

        return budget.IsSpent;
    }

    /// <summary>Shifts the target so that one of its sites lies on a mapped one. True to stop the whole search.</summary>
    private bool TryTranslation(int mapped, int target, ref WorkBudget budget)
    {
        var options = _task.Options;
        int n = _task.Target.SiteCount;
        if (!_task.LeastMaximum)
        {
            // For the least maximum the test of the distances below is the stricter one.
            var shift = _mapped[mapped] - _task.Target[target];
            if (!budget.Take(n) || !BoxTest.Passes(_task, _mapped, shift, _box, ref budget))
            {
                return budget.IsSpent;
            }
        }

        double limit = options.SiteTolerance * _normalLength;
        double farthest = _task.LeastMaximum ? 4 * limit * limit : MinimumImages.OutOfReach;
        if (FillSquares(mapped, target, farthest, ref budget) is not { } sum || budget.IsSpent)
        {
            return budget.IsSpent;
        }

        // With the anchors on one another the mean vector is no longer than the largest distance, so that the sum of squares stays below twice n times its square;
        // and the mean square after subtraction is at least one n-th of that before. Both hold for the nearest sites all the more.
        double best = Best.Value * _normalLength * n;
        double most = Math.Min(MinimumImages.OutOfReach, _task.LeastMaximum ? 2 * n * limit * limit : best * best);
        if (sum >= most)
        {
            return false;
        }

        Assign(ref budget);
        return budget.IsSpent || (SumOfAssigned() < most && Evaluate(mapped, target));
    }

    /// <summary>Squared distances of all like sites, and each target site's nearest mapped one.</summary>
    /// <returns>The sum of the least squares, or null when some site has none within reach.</returns>
    private double? FillSquares(int mapped, int target, double farthest, ref WorkBudget budget)
    {
        var p = _isReduced ? _mapped : _mappedReduced;
        var (qx, qy, qz) = _isReduced ? (_task.Target.X, _task.Target.Y, _task.Target.Z) : (_targetReduced.X, _targetReduced.Y, _targetReduced.Z);
        var shift = p[mapped] - new Vector3D(qx[target], qy[target], qz[target]);
        double sum = 0;
        int at = 0;
        for (int b = 0; b < _task.Target.Blocks.Length; b++)
        {
            var block = _task.Target.Blocks[b];
            int start = _mapped.StartOf(b), stride = Stride(block.Count);
            ReadOnlySpan<double> x = p.X.AsSpan(start), y = p.Y.AsSpan(start), z = p.Z.AsSpan(start);
            if (!budget.Take((long)stride * block.Count))
            {
                return null;
            }

            for (int j = block.Start; j < block.End; j++, at += stride)
            {
                var row = _squares.AsSpan(at, stride);
                var (least, nearest) = MinimumImages.Simd(_metric, _reducedBox, _wrappedIsNearest, x, y, z, new Vector3D(qx[j], qy[j], qz[j]) + shift, block.Count, row);
                if (!(least < farthest))
                {
                    return null;
                }

                sum += least;
                _columnOf[j] = nearest;
            }
        }

        return sum;
    }

    private void Assign(ref WorkBudget budget)
    {
        int at = 0;
        foreach (var block in _task.Target.Blocks)
        {
            int stride = Stride(block.Count);
            _assignment.Solve(_squares.AsSpan(at, block.Count * stride), stride, _columnOf.AsSpan(block.Start, block.Count), ref budget);
            at += block.Count * stride;
        }
    }

    /// <summary>Sum of the squares of the assigned pairs; at least <see cref="MinimumImages.OutOfReach"/> when one of them is out of reach.</summary>
    private double SumOfAssigned()
    {
        double sum = 0;
        int at = 0;
        foreach (var block in _task.Target.Blocks)
        {
            int stride = Stride(block.Count);
            for (int j = block.Start; j < block.End; j++, at += stride)
            {
                sum += _squares[at + _columnOf[j]];
            }
        }

        return sum;
    }

    /// <summary>Takes the mean vector off and compares with the best so far. True when nothing better is needed.</summary>
    private bool Evaluate(int mapped, int target)
    {
        var p = _isReduced ? _mapped : _mappedReduced;
        var (qx, qy, qz) = _isReduced ? (_task.Target.X, _task.Target.Y, _task.Target.Z) : (_targetReduced.X, _targetReduced.Y, _targetReduced.Z);
        var shift = p[mapped] - new Vector3D(qx[target], qy[target], qz[target]);
        int n = _task.Target.SiteCount;
        var sum = Vector3D.Zero;
        for (int b = 0; b < _task.Target.Blocks.Length; b++)
        {
            var block = _task.Target.Blocks[b];
            int start = _mapped.StartOf(b);
            for (int j = block.Start; j < block.End; j++)
            {
                var v = _metric.Nearest(p[start + _columnOf[j]] - new Vector3D(qx[j], qy[j], qz[j]) - shift);
                _vectors[j] = v;
                sum += v;
            }
        }

        var mean = 1.0 / n * sum;
        double largest = 0, squares = 0;
        for (int j = 0; j < n; j++)
        {
            double square = _metric.Square(_vectors[j] - mean);
            largest = Math.Max(largest, square);
            squares += square;
        }

        double rms = Math.Sqrt(squares / n) / _normalLength, maximum = Math.Sqrt(largest) / _normalLength, value = _task.LeastMaximum ? maximum : rms;
        if (!(value < Best.Value))
        {
            return false;
        }

        var total = shift + mean;
        Best.Keep(value, rms, maximum, _isReduced ? total : _toReduced.LeftMultiply(total), _task, _columnOf);
        return value < _task.Options.SiteTolerance && (_task.LeastMaximum || value < 1e-5);
    }

    private static int Stride(int count) => (count + MinimumImages.Padding - 1) / MinimumImages.Padding * MinimumImages.Padding;

    /// <summary>Values of all cost matrices together, or -1 when they are too many for memory.</summary>
    private static int Room(SearchTask task)
    {
        const long most = 16_000_000;
        long room = MinimumImages.Padding;
        foreach (var block in task.Target.Blocks)
        {
            room += (long)block.Count * Stride(block.Count);
        }

        return room <= most ? (int)room : -1;
    }
}
