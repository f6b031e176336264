using Polymorph.Learning.Layers;

namespace Polymorph.Models.Cgcnn;

/// <summary>The passes of a crystal graph network that other networks do not have. Shapes are fixed by the network; nothing allocates.</summary>
/// <remarks>Rows of edges hold the gate in their first half and the core in the second. Numbers between the columns in use and the stride stay zero.</remarks>
/// <typeparam name="TMatrix">Matrices of the precision at hand.</typeparam>
internal interface IGraphKernels<TMatrix>
    where TMatrix : class, IRowMatrix<TMatrix>
{
    /// <summary>Row of an atom = row of its element.</summary>
    void Gather(TMatrix table, GraphBatch batch, TMatrix result);

    /// <summary>Row of an element = sum of its atoms' rows.</summary>
    void Scatter(TMatrix source, GraphBatch batch, TMatrix table);

    /// <summary>z of an edge = central row of its atom + neighbour row of the other + Σ over features u · weights.</summary>
    void Edges(TMatrix central, TMatrix neighbour, TMatrix weights, GraphBatch batch, TMatrix z);

    /// <summary>Gradients of <see cref="Edges"/>; all three are overwritten.</summary>
    void EdgesAdjoint(TMatrix dz, GraphBatch batch, TMatrix central, TMatrix neighbour, TMatrix weights);

    /// <summary>s of an atom = Σ over its edges σ(gate) · softplus(core), gate and core being z·scale + shift.</summary>
    void Gate(TMatrix z, TMatrix scale, TMatrix shift, GraphBatch batch, TMatrix s);

    /// <summary>Gradient with respect to z·scale + shift.</summary>
    void GateAdjoint(TMatrix z, TMatrix scale, TMatrix shift, TMatrix ds, GraphBatch batch, TMatrix result);

    /// <summary><see cref="Edges"/> and <see cref="Gate"/> in one, without keeping z.</summary>
    void Messages(TMatrix central, TMatrix neighbour, TMatrix weights, TMatrix scale, TMatrix shift, GraphBatch batch, TMatrix s);

    /// <summary>h = softplus(x + y), or of x alone.</summary>
    void Softplus(TMatrix x, TMatrix? y, int rows, TMatrix h);

    /// <summary>dh becomes dh · σ(x) with h = softplus(x).</summary>
    void SoftplusAdjoint(TMatrix h, int rows, TMatrix dh);

    /// <summary>target += x.</summary>
    void Add(TMatrix x, int rows, TMatrix target);

    /// <summary>target = x.</summary>
    void Copy(TMatrix x, int rows, TMatrix target);

    /// <summary>buffer = momentum · buffer + g; p -= rate · buffer.</summary>
    void Momentum(TMatrix p, TMatrix g, TMatrix buffer, double rate, double momentum);
}
