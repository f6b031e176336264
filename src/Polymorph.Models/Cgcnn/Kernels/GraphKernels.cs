using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Polymorph.Learning;
using Polymorph.Learning.Kernels;

namespace Polymorph.Models.Cgcnn.Kernels;

/// <summary><see cref="IGraphKernels{TMatrix}"/> in single precision on vectors of sixteen. One thread; several networks run side by side.</summary>
internal sealed unsafe class GraphKernels : IGraphKernels<AlignedMatrix>
{
    private const int Lanes = AlignedMatrix.Lane;
    private const int Window = GraphBatch.Window;

    private AlignedMatrix _row = new(1, Lanes);

    public void Gather(AlignedMatrix table, GraphBatch batch, AlignedMatrix result)
    {
        for (int a = 0; a < batch.Atoms; a++)
        {
            table.Row(batch.Elements[a]).CopyTo(result.Row(a));
        }
    }

    public void Scatter(AlignedMatrix source, GraphBatch batch, AlignedMatrix table)
    {
        table.Clear();
        for (int a = 0; a < batch.Atoms; a++)
        {
            AddRow(source.Pointer + a * source.Stride, table.Pointer + batch.Elements[a] * table.Stride, table.Stride);
        }
    }

    public void Edges(AlignedMatrix central, AlignedMatrix neighbour, AlignedMatrix weights, GraphBatch batch, AlignedMatrix z)
    {
        nint stride = z.Stride;
        fixed (float* basis = batch.Basis)
        {
            for (int atom = 0; atom < batch.Atoms; atom++)
            {
                for (int edge = batch.RowStarts[atom]; edge < batch.RowStarts[atom + 1]; edge++)
                {
                    Edge(central.Pointer + atom * stride, neighbour.Pointer + batch.Neighbours[edge] * stride, weights.Pointer + batch.FirstCentres[edge] * stride, stride, basis + (nint)edge * Window, z.Pointer + edge * stride);
                }
            }
        }
    }

    public void EdgesAdjoint(AlignedMatrix dz, GraphBatch batch, AlignedMatrix central, AlignedMatrix neighbour, AlignedMatrix weights)
    {
        central.Clear();
        neighbour.Clear();
        weights.Clear();
        nint stride = dz.Stride;
        fixed (float* basis = batch.Basis)
        {
            for (int atom = 0; atom < batch.Atoms; atom++)
            {
                for (int edge = batch.RowStarts[atom]; edge < batch.RowStarts[atom + 1]; edge++)
                {
                    float* row = dz.Pointer + edge * stride;
                    AddRow(row, central.Pointer + atom * stride, stride);
                    AddRow(row, neighbour.Pointer + batch.Neighbours[edge] * stride, stride);
                    AddOuter(row, basis + (nint)edge * Window, weights.Pointer + batch.FirstCentres[edge] * stride, stride);
                }
            }
        }
    }

    public void Gate(AlignedMatrix z, AlignedMatrix scale, AlignedMatrix shift, GraphBatch batch, AlignedMatrix s)
    {
        s.Clear();
        for (int atom = 0; atom < batch.Atoms; atom++)
        {
            for (int edge = batch.RowStarts[atom]; edge < batch.RowStarts[atom + 1]; edge++)
            {
                GateRow(z.Pointer + (nint)edge * z.Stride, scale.Pointer, shift.Pointer, z.Stride / 2, s.Pointer + (nint)atom * s.Stride);
            }
        }

        ClearPadding(s, batch.Atoms);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void GateAdjoint(AlignedMatrix z, AlignedMatrix scale, AlignedMatrix shift, AlignedMatrix ds, GraphBatch batch, AlignedMatrix result)
    {
        nint half = z.Stride / 2;
        float* a = scale.Pointer, b = shift.Pointer;
        for (int atom = 0; atom < batch.Atoms; atom++)
        {
            float* seed = ds.Pointer + (nint)atom * ds.Stride;
            for (int edge = batch.RowStarts[atom]; edge < batch.RowStarts[atom + 1]; edge++)
            {
                float* row = z.Pointer + (nint)edge * z.Stride;
                float* target = result.Pointer + (nint)edge * z.Stride;
                for (nint j = 0; j < half; j += Lanes)
                {
                    var gate = Affine(row + j, a + j, b + j);
                    var core = Affine(row + half + j, a + half + j, b + half + j);
                    Vector512<float> decayOfGate = GraphActivations.DecayOf(gate), decayOfCore = GraphActivations.DecayOf(core);
                    var open = GraphActivations.Sigmoid(gate, decayOfGate);
                    var through = Vector512.Load(seed + j) * open;
                    (through * (Vector512<float>.One - open) * GraphActivations.Softplus(core, decayOfCore)).Store(target + j);
                    (through * GraphActivations.Sigmoid(core, decayOfCore)).Store(target + half + j);
                }
            }
        }
    }

    public void Messages(AlignedMatrix central, AlignedMatrix neighbour, AlignedMatrix weights, AlignedMatrix scale, AlignedMatrix shift, GraphBatch batch, AlignedMatrix s)
    {
        nint stride = central.Stride;
        if (_row.Stride != stride)
        {
            _row = new AlignedMatrix(1, central.Columns);
        }

        s.Clear();
        fixed (float* basis = batch.Basis)
        {
            for (int atom = 0; atom < batch.Atoms; atom++)
            {
                for (int edge = batch.RowStarts[atom]; edge < batch.RowStarts[atom + 1]; edge++)
                {
                    Edge(central.Pointer + atom * stride, neighbour.Pointer + batch.Neighbours[edge] * stride, weights.Pointer + batch.FirstCentres[edge] * stride, stride, basis + (nint)edge * Window, _row.Pointer);
                    GateRow(_row.Pointer, scale.Pointer, shift.Pointer, stride / 2, s.Pointer + (nint)atom * s.Stride);
                }
            }
        }

        ClearPadding(s, batch.Atoms);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Softplus(AlignedMatrix x, AlignedMatrix? y, int rows, AlignedMatrix h)
    {
        float* from = x.Pointer;
        float* more = y is null ? null : y.Pointer;
        float* to = h.Pointer;
        nint count = (nint)rows * h.Stride;
        for (nint i = 0; i < count; i += Lanes)
        {
            var v = more == null ? Vector512.Load(from + i) : Vector512.Load(from + i) + Vector512.Load(more + i);
            GraphActivations.Softplus(v, GraphActivations.DecayOf(v)).Store(to + i);
        }

        ClearPadding(h, rows);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void SoftplusAdjoint(AlignedMatrix h, int rows, AlignedMatrix dh)
    {
        float* value = h.Pointer;
        float* gradient = dh.Pointer;
        nint count = (nint)rows * h.Stride;
        for (nint i = 0; i < count; i += Lanes)
        {
            (Vector512.Load(gradient + i) * GraphActivations.SlopeOf(Vector512.Load(value + i))).Store(gradient + i);
        }
    }

    public void Add(AlignedMatrix x, int rows, AlignedMatrix target) => AddRow(x.Pointer, target.Pointer, (nint)rows * x.Stride);

    public void Copy(AlignedMatrix x, int rows, AlignedMatrix target) => x.Span[..(rows * x.Stride)].CopyTo(target.Span);

    public void Momentum(AlignedMatrix p, AlignedMatrix g, AlignedMatrix buffer, double rate, double momentum)
    {
        TensorPrimitives.MultiplyAdd(buffer.Span, (float)momentum, g.Span, buffer.Span);
        TensorPrimitives.MultiplyAdd(buffer.Span, (float)-rate, p.Span, p.Span);
    }

    /// <summary>z = central + neighbour + Σ over the window u · weights: one row of an edge.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Edge(float* central, float* neighbour, float* weights, nint stride, float* basis, float* z)
    {
        // The nine features stay in registers while the columns pass.
        Vector512<float> u0 = Vector512.Create(basis[0]), u1 = Vector512.Create(basis[1]), u2 = Vector512.Create(basis[2]), u3 = Vector512.Create(basis[3]), u4 = Vector512.Create(basis[4]);
        Vector512<float> u5 = Vector512.Create(basis[5]), u6 = Vector512.Create(basis[6]), u7 = Vector512.Create(basis[7]), u8 = Vector512.Create(basis[8]);
        for (nint j = 0; j < stride; j += Lanes)
        {
            float* w = weights + j;
            var sum = Vector512.Load(central + j) + Vector512.Load(neighbour + j);
            var other = u0 * Vector512.Load(w);
            sum = Vector512.MultiplyAddEstimate(u1, Vector512.Load(w + stride), sum);
            other = Vector512.MultiplyAddEstimate(u2, Vector512.Load(w + 2 * stride), other);
            sum = Vector512.MultiplyAddEstimate(u3, Vector512.Load(w + 3 * stride), sum);
            other = Vector512.MultiplyAddEstimate(u4, Vector512.Load(w + 4 * stride), other);
            sum = Vector512.MultiplyAddEstimate(u5, Vector512.Load(w + 5 * stride), sum);
            other = Vector512.MultiplyAddEstimate(u6, Vector512.Load(w + 6 * stride), other);
            sum = Vector512.MultiplyAddEstimate(u7, Vector512.Load(w + 7 * stride), sum);
            other = Vector512.MultiplyAddEstimate(u8, Vector512.Load(w + 8 * stride), other);
            (sum + other).Store(z + j);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void GateRow(float* z, float* scale, float* shift, nint half, float* s)
    {
        for (nint j = 0; j < half; j += Lanes)
        {
            var gate = Affine(z + j, scale + j, shift + j);
            var core = Affine(z + half + j, scale + half + j, shift + half + j);
            var open = GraphActivations.Sigmoid(gate, GraphActivations.DecayOf(gate));
            Vector512.MultiplyAddEstimate(open, GraphActivations.Softplus(core, GraphActivations.DecayOf(core)), Vector512.Load(s + j)).Store(s + j);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddOuter(float* row, float* basis, float* weights, nint stride)
    {
        for (int k = 0; k < Window; k++)
        {
            var u = Vector512.Create(basis[k]);
            float* w = weights + k * stride;
            for (nint j = 0; j < stride; j += Lanes)
            {
                Vector512.MultiplyAddEstimate(u, Vector512.Load(row + j), Vector512.Load(w + j)).Store(w + j);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Affine(float* z, float* scale, float* shift) =>
        Vector512.MultiplyAddEstimate(Vector512.Load(z), Vector512.Load(scale), Vector512.Load(shift));

    private static void AddRow(float* row, float* target, nint count)
    {
        for (nint j = 0; j < count; j += Lanes)
        {
            (Vector512.Load(target + j) + Vector512.Load(row + j)).Store(target + j);
        }
    }

    // Functions of zero are not zero.
    private static void ClearPadding(AlignedMatrix m, int rows)
    {
        if (m.Columns == m.Stride)
        {
            return;
        }

        var all = m.Span;
        for (int row = 0; row < rows; row++)
        {
            all.Slice(row * m.Stride + m.Columns, m.Stride - m.Columns).Clear();
        }
    }
}
