namespace Polymorph.Learning.Layers;

/// <summary>A linear layer over rows: its parameters, their gradients and its transposed weights.</summary>
/// <typeparam name="TMatrix">Matrices of the precision at hand.</typeparam>
internal sealed class RowLayer<TMatrix>
    where TMatrix : class, IRowMatrix<TMatrix>
{
    private readonly ILayerKernels<TMatrix> _kernels;

    /// <summary>The layer whose parameters are called name.weight and name.bias.</summary>
    public RowLayer(ILayerKernels<TMatrix> kernels, ParameterBlock<TMatrix> block, string name)
    {
        _kernels = kernels;
        (Weights, WeightGradients) = (block.Value($"{name}.weight"), block.Gradient($"{name}.weight"));
        (Bias, BiasGradient) = (block.Value($"{name}.bias"), block.Gradient($"{name}.bias"));
        Transposed = TMatrix.Create(Weights.Columns, Weights.Rows);
    }

    /// <summary>[inputs × outputs].</summary>
    public TMatrix Weights { get; }

    /// <summary>[1 × outputs], or of one block of outputs where several share it.</summary>
    public TMatrix Bias { get; }

    /// <summary>[inputs × outputs].</summary>
    public TMatrix WeightGradients { get; }

    /// <summary>Like the bias; stays zero where a normalisation follows, because nothing depends on it there.</summary>
    public TMatrix BiasGradient { get; }

    /// <summary>[outputs × inputs].</summary>
    public TMatrix Transposed { get; }

    /// <summary>To be called whenever the weights changed.</summary>
    public void ParametersChanged() => _kernels.Transpose(Weights, Transposed);

    /// <summary>c = x·W + b.</summary>
    public void Linear(TMatrix x, int rows, TMatrix c) => _kernels.Linear(x, rows, Weights, Bias, c);

    /// <summary>c = x·W: the bias is left to the normalisation that follows, or the pass is a tangent.</summary>
    public void Product(TMatrix x, int rows, TMatrix c) => _kernels.Linear(x, rows, Weights, null, c);

    /// <summary>c = rectifier(x·W + b).</summary>
    public void Rectified(TMatrix x, int rows, double slope, TMatrix c) => _kernels.Rectified(x, rows, Weights, Bias, slope, c);

    /// <summary>c = (x·W) · rectifier'(activation): the tangent.</summary>
    public void Tangent(TMatrix x, int rows, TMatrix activation, double slope, TMatrix c) => _kernels.Masked(x, rows, Weights, activation, slope, c);

    /// <summary>c = u·Wᵀ.</summary>
    public void Adjoint(TMatrix u, int rows, TMatrix c) => _kernels.Linear(u, rows, Transposed, null, c);

    /// <summary>c = (u·Wᵀ) · rectifier'(activation of the layer below).</summary>
    public void Adjoint(TMatrix u, int rows, TMatrix activation, double slope, TMatrix c) => _kernels.Masked(u, rows, Transposed, activation, slope, c);

    /// <summary>dW = xᵀ·u, and db = Σ u unless a normalisation follows.</summary>
    public void Gradient(TMatrix x, TMatrix u, int rows, bool bias = true, bool add = false)
    {
        _kernels.WeightGradient(x, u, rows, WeightGradients, add);
        if (bias)
        {
            _kernels.ColumnSums(u, rows, BiasGradient, add);
        }
    }
}
