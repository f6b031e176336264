namespace Polymorph.Learning.Layers;

/// <summary>All parameters of a network in one block, their gradients in another of the same layout.</summary>
/// <typeparam name="TMatrix">Matrices of the precision at hand.</typeparam>
internal sealed class ParameterBlock<TMatrix>
    where TMatrix : class, IRowMatrix<TMatrix>
{
    private readonly Dictionary<string, int> _index = [];
    private readonly TMatrix[] _values;
    private readonly TMatrix[] _gradients;

    /// <summary>Zero parameters.</summary>
    /// <param name="shapes">Name, rows and columns of each.</param>
    public ParameterBlock(IReadOnlyList<(string Name, int Rows, int Columns)> shapes)
    {
        (int, int)[] sizes = [.. shapes.Select(s => (s.Rows, s.Columns))];
        (Values, _values) = TMatrix.Together(sizes);
        (Gradients, _gradients) = TMatrix.Together(sizes);
        foreach (var (name, _, _) in shapes)
        {
            _index.Add(name, _index.Count);
        }
    }

    /// <summary>All parameters as one row.</summary>
    public TMatrix Values { get; }

    /// <summary>All gradients as one row.</summary>
    public TMatrix Gradients { get; }

    /// <summary>A parameter by name.</summary>
    public TMatrix Value(string name) => _values[_index[name]];

    /// <summary>Its gradient.</summary>
    public TMatrix Gradient(string name) => _gradients[_index[name]];
}

/// <summary>Adam on a parameter block: m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g²; p -= rate m̂ / (sqrt(v̂) + ε).</summary>
/// <remarks>Source: Kingma and Ba 2015, arXiv:1412.6980, algorithm 1. The padding has zero gradients and stays zero.</remarks>
/// <typeparam name="TMatrix">Matrices of the precision at hand.</typeparam>
internal sealed class BlockAdam<TMatrix>(ILayerKernels<TMatrix> kernels, ParameterBlock<TMatrix> block, double beta1, double beta2, double epsilon = 1e-8)
    where TMatrix : class, IRowMatrix<TMatrix>
{
    /// <summary>m.</summary>
    public TMatrix Mean { get; } = TMatrix.Create(1, block.Values.Columns);

    /// <summary>v.</summary>
    public TMatrix Square { get; } = TMatrix.Create(1, block.Values.Columns);

    /// <summary>Steps taken.</summary>
    public long StepCount { get; set; }

    /// <summary>One update with the present gradients.</summary>
    public void Step(double rate)
    {
        StepCount++;
        double correction1 = 1 - Math.Pow(beta1, StepCount), correction2 = 1 - Math.Pow(beta2, StepCount);
        kernels.Adam(block.Values, block.Gradients, Mean, Square, rate / correction1, 1 / Math.Sqrt(correction2), beta1, beta2, epsilon);
    }
}
