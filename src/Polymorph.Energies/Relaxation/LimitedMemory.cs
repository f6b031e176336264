namespace Polymorph.Energies.Relaxation;

/// <summary>The inverse Hessian of L-BFGS: what the last steps taught about the curvature, on top of a model of it.</summary>
/// <remarks>Two-loop recursion of Nocedal, Math. Comp. 35 (1980) 773. Memory: 2·pairs·variables numbers.</remarks>
internal sealed class LimitedMemory(int capacity)
{
    // A pair whose curvature is a smaller share than this of |s||y| would spoil the matrix.
    private const double SmallestCosine = 1e-6;

    private readonly List<(double[] Step, double[] Change, double Product)> _pairs = [];

    public int Count => _pairs.Count;

    public void Clear() => _pairs.Clear();

    /// <summary>Remembers a step s and the change y of the gradient along it; steps of negative curvature are left out.</summary>
    public void Add(double[] step, double[] change)
    {
        double product = Dot(step, change);
        if (!(product > SmallestCosine * Math.Sqrt(Dot(step, step) * Dot(change, change))))
        {
            return;
        }

        if (_pairs.Count == capacity)
        {
            _pairs.RemoveAt(0);
        }

        _pairs.Add((step, change, product));
    }

    /// <summary>Minus the inverse Hessian times the gradient.</summary>
    /// <param name="gradient">[variables].</param>
    /// <param name="solve">Multiplies with the inverse of the model in place.</param>
    public double[] Direction(double[] gradient, Action<double[]> solve)
    {
        double[] q = [.. gradient];
        Span<double> weights = stackalloc double[_pairs.Count];
        for (int k = _pairs.Count - 1; k >= 0; k--)
        {
            var (s, y, product) = _pairs[k];
            weights[k] = Dot(s, q) / product;
            AddMultiple(q, -weights[k], y);
        }

        solve(q);
        for (int k = 0; k < _pairs.Count; k++)
        {
            var (s, y, product) = _pairs[k];
            AddMultiple(q, weights[k] - Dot(y, q) / product, s);
        }

        foreach (ref double v in q.AsSpan())
        {
            v = -v;
        }

        return q;
    }

    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    private static void AddMultiple(Span<double> target, double factor, ReadOnlySpan<double> source)
    {
        for (int i = 0; i < target.Length; i++)
        {
            target[i] += factor * source[i];
        }
    }
}
