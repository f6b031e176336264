using Polymorph.Learning.Layers;

namespace Polymorph.Models.Cgcnn;

/// <summary>Matrices that all convolutions of a network use one after the other.</summary>
/// <typeparam name="TMatrix">Matrices of the precision at hand.</typeparam>
/// <param name="Central">W_i v of every atom, or its gradient, [atoms × 2F].</param>
/// <param name="Neighbour">W_j v of every atom, or its gradient, [atoms × 2F].</param>
/// <param name="Normalised">Normalised sums of messages, [atoms × F].</param>
/// <param name="EdgeGradient">Gradient of the edges' rows, [edges × 2F]; a single row where nothing is trained.</param>
/// <param name="AtomGradient">A gradient of the atoms' rows, [atoms × F].</param>
internal sealed record ConvolutionWorkspace<TMatrix>(TMatrix Central, TMatrix Neighbour, TMatrix Normalised, TMatrix EdgeGradient, TMatrix AtomGradient);

/// <summary>One convolution: v' = softplus(v + BN2(Σ over edges σ(gate) · softplus(core))) with (gate, core) = BN1(W_i v_i + W_j v_j + W_u u).</summary>
/// <remarks>The product with W = [W_i W_j W_u] is split: the first two parts are the same for all edges of an atom. The bias cancels in training, where BN1 takes the mean away.</remarks>
/// <typeparam name="TMatrix">Matrices of the precision at hand.</typeparam>
internal sealed class GraphConvolution<TMatrix>
    where TMatrix : class, IRowMatrix<TMatrix>
{
    private readonly ILayerKernels<TMatrix> _kernels;
    private readonly IGraphKernels<TMatrix> _graphKernels;
    private readonly NormLayer<TMatrix> _edgeNorm;
    private readonly NormLayer<TMatrix> _atomNorm;
    private readonly (TMatrix Central, TMatrix Neighbour, TMatrix Edge) _weights;
    private readonly (TMatrix Central, TMatrix Neighbour, TMatrix Edge) _gradients;
    private readonly (TMatrix Central, TMatrix Neighbour) _transposed;
    private TMatrix _edges;
    private TMatrix _sums;

    /// <summary>The convolution with these parameters.</summary>
    public GraphConvolution(ILayerKernels<TMatrix> kernels, IGraphKernels<TMatrix> graphKernels, TMatrix weights, TMatrix gradients, int atomFeatures, NormLayer<TMatrix> edgeNorm, NormLayer<TMatrix> atomNorm)
    {
        (_kernels, _graphKernels, _edgeNorm, _atomNorm) = (kernels, graphKernels, edgeNorm, atomNorm);
        (_weights, _gradients) = (Parts(weights), Parts(gradients));
        (_transposed.Central, _transposed.Neighbour) = (TMatrix.Create(weights.Columns, atomFeatures), TMatrix.Create(weights.Columns, atomFeatures));
        (_edges, _sums) = (TMatrix.Create(1, 1), TMatrix.Create(1, 1));

        (TMatrix, TMatrix, TMatrix) Parts(TMatrix m) =>
            (m.RowRange(0, atomFeatures), m.RowRange(atomFeatures, atomFeatures), m.RowRange(2 * atomFeatures, m.Rows - 2 * atomFeatures));
    }

    /// <summary>Makes room for as many atoms and, in training, edges.</summary>
    public void Resize(int atoms, int edges) =>
        (_edges, _sums) = (TMatrix.Create(edges, _weights.Central.Columns), TMatrix.Create(atoms, _weights.Central.Rows));

    /// <summary>To be called whenever the weights changed.</summary>
    public void ParametersChanged()
    {
        _kernels.Transpose(_weights.Central, _transposed.Central);
        _kernels.Transpose(_weights.Neighbour, _transposed.Neighbour);
    }

    /// <summary>v' from v.</summary>
    public void Forward(TMatrix v, GraphBatch batch, bool training, ConvolutionWorkspace<TMatrix> work, TMatrix next)
    {
        _kernels.Linear(v, batch.Atoms, _weights.Central, null, work.Central);
        _kernels.Linear(v, batch.Atoms, _weights.Neighbour, null, work.Neighbour);
        if (training)
        {
            _graphKernels.Edges(work.Central, work.Neighbour, _weights.Edge, batch, _edges);
            _edgeNorm.UseStatisticsOf(_edges, batch.Edges);
            _graphKernels.Gate(_edges, _edgeNorm.Scale, _edgeNorm.Shift, batch, _sums);
        }
        else
        {
            _edgeNorm.UseRunningStatistics();
            _graphKernels.Messages(work.Central, work.Neighbour, _weights.Edge, _edgeNorm.Scale, _edgeNorm.Shift, batch, _sums);
        }

        _atomNorm.Forward(_sums, batch.Atoms, work.Normalised, training);
        _graphKernels.Softplus(v, work.Normalised, batch.Atoms, next);
    }

    /// <summary>The gradient with respect to v' becomes that with respect to v, in place; the parameters' gradients are set.</summary>
    public void Backward(TMatrix v, TMatrix next, GraphBatch batch, ConvolutionWorkspace<TMatrix> work, TMatrix gradient)
    {
        _graphKernels.SoftplusAdjoint(next, batch.Atoms, gradient);
        _graphKernels.Copy(gradient, batch.Atoms, work.AtomGradient);
        _atomNorm.Adjoint(work.AtomGradient, _sums, batch.Atoms);
        _graphKernels.GateAdjoint(_edges, _edgeNorm.Scale, _edgeNorm.Shift, work.AtomGradient, batch, work.EdgeGradient);
        _edgeNorm.Adjoint(work.EdgeGradient, _edges, batch.Edges);
        _graphKernels.EdgesAdjoint(work.EdgeGradient, batch, work.Central, work.Neighbour, _gradients.Edge);
        _kernels.WeightGradient(v, work.Central, batch.Atoms, _gradients.Central, add: false);
        _kernels.WeightGradient(v, work.Neighbour, batch.Atoms, _gradients.Neighbour, add: false);
        _kernels.Linear(work.Central, batch.Atoms, _transposed.Central, null, work.AtomGradient);
        _graphKernels.Add(work.AtomGradient, batch.Atoms, gradient);
        _kernels.Linear(work.Neighbour, batch.Atoms, _transposed.Neighbour, null, work.AtomGradient);
        _graphKernels.Add(work.AtomGradient, batch.Atoms, gradient);
    }
}
