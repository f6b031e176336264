using Polymorph.Learning.Layers;

namespace Polymorph.Models.Cgcnn;

/// <summary>The definitions of <see cref="IGraphKernels{TMatrix}"/> as plain loops in double precision, with all centres of the expansion.</summary>
internal sealed class GraphKernelsReference : IGraphKernels<ReferenceMatrix>
{
    // softplus is linear above this, as in common frameworks; the error is 2e-9.
    private const double Linear = 20;

    public void Gather(ReferenceMatrix table, GraphBatch batch, ReferenceMatrix result) =>
        Each(batch.Atoms, table.Columns, (a, j) => result[a, j] = table[batch.Elements[a], j]);

    public void Scatter(ReferenceMatrix source, GraphBatch batch, ReferenceMatrix table)
    {
        table.Clear();
        Each(batch.Atoms, source.Columns, (a, j) => table[batch.Elements[a], j] += source[a, j]);
    }

    public void Edges(ReferenceMatrix central, ReferenceMatrix neighbour, ReferenceMatrix weights, GraphBatch batch, ReferenceMatrix z) => EachEdge(batch, weights.Rows, (atom, edge, u) =>
    {
        for (int j = 0; j < z.Columns; j++)
        {
            double sum = central[atom, j] + neighbour[batch.Neighbours[edge], j];
            for (int k = 0; k < u.Length; k++)
            {
                sum += u[k] * weights[k, j];
            }

            z[edge, j] = sum;
        }
    });

    public void EdgesAdjoint(ReferenceMatrix dz, GraphBatch batch, ReferenceMatrix central, ReferenceMatrix neighbour, ReferenceMatrix weights)
    {
        central.Clear();
        neighbour.Clear();
        weights.Clear();
        EachEdge(batch, weights.Rows, (atom, edge, u) =>
        {
            for (int j = 0; j < dz.Columns; j++)
            {
                central[atom, j] += dz[edge, j];
                neighbour[batch.Neighbours[edge], j] += dz[edge, j];
                for (int k = 0; k < u.Length; k++)
                {
                    weights[k, j] += u[k] * dz[edge, j];
                }
            }
        });
    }

    public void Gate(ReferenceMatrix z, ReferenceMatrix scale, ReferenceMatrix shift, GraphBatch batch, ReferenceMatrix s)
    {
        s.Clear();
        EachEdge(batch, 0, (atom, edge, _) =>
        {
            for (int j = 0; j < s.Columns; j++)
            {
                var (gate, core) = GateAndCore(z, scale, shift, edge, j);
                s[atom, j] += Sigmoid(gate) * SoftplusOf(core);
            }
        });
    }

    public void GateAdjoint(ReferenceMatrix z, ReferenceMatrix scale, ReferenceMatrix shift, ReferenceMatrix ds, GraphBatch batch, ReferenceMatrix result) => EachEdge(batch, 0, (atom, edge, _) =>
    {
        for (int j = 0; j < ds.Columns; j++)
        {
            var (gate, core) = GateAndCore(z, scale, shift, edge, j);
            double open = Sigmoid(gate);
            result[edge, j] = ds[atom, j] * open * (1 - open) * SoftplusOf(core);
            result[edge, z.Columns / 2 + j] = ds[atom, j] * open * SoftplusSlope(SoftplusOf(core));
        }
    });

    public void Messages(ReferenceMatrix central, ReferenceMatrix neighbour, ReferenceMatrix weights, ReferenceMatrix scale, ReferenceMatrix shift, GraphBatch batch, ReferenceMatrix s)
    {
        var z = ReferenceMatrix.Create(Math.Max(1, batch.Edges), central.Columns);
        Edges(central, neighbour, weights, batch, z);
        Gate(z, scale, shift, batch, s);
    }

    public void Softplus(ReferenceMatrix x, ReferenceMatrix? y, int rows, ReferenceMatrix h) =>
        Each(rows, h.Columns, (i, j) => h[i, j] = SoftplusOf(x[i, j] + (y?[i, j] ?? 0)));

    public void SoftplusAdjoint(ReferenceMatrix h, int rows, ReferenceMatrix dh) => Each(rows, h.Columns, (i, j) => dh[i, j] *= SoftplusSlope(h[i, j]));

    public void Add(ReferenceMatrix x, int rows, ReferenceMatrix target) => Each(rows, x.Columns, (i, j) => target[i, j] += x[i, j]);

    public void Copy(ReferenceMatrix x, int rows, ReferenceMatrix target) => Each(rows, x.Columns, (i, j) => target[i, j] = x[i, j]);

    public void Momentum(ReferenceMatrix p, ReferenceMatrix g, ReferenceMatrix buffer, double rate, double momentum) => Each(1, p.Columns, (_, j) =>
    {
        buffer[0, j] = momentum * buffer[0, j] + g[0, j];
        p[0, j] -= rate * buffer[0, j];
    });

    private static (double Gate, double Core) GateAndCore(ReferenceMatrix z, ReferenceMatrix scale, ReferenceMatrix shift, int edge, int j)
    {
        int core = z.Columns / 2 + j;
        return (z[edge, j] * scale[0, j] + shift[0, j], z[edge, core] * scale[0, core] + shift[0, core]);
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double SoftplusOf(double x) => x > Linear ? x : double.LogP1(Math.Exp(x));

    private static double SoftplusSlope(double h) => h > Linear ? 1 : -double.ExpM1(-h);

    private static void Each(int rows, int columns, Action<int, int> action)
    {
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                action(i, j);
            }
        }
    }

    private static void EachEdge(GraphBatch batch, int features, Action<int, int, double[]> action)
    {
        var u = new double[features];
        for (int atom = 0; atom < batch.Atoms; atom++)
        {
            for (int edge = batch.RowStarts[atom]; edge < batch.RowStarts[atom + 1]; edge++)
            {
                if (features > 0 && batch.GivenFeatures is { } given)
                {
                    u = given[edge];
                }
                else if (features > 0)
                {
                    batch.Options.Expand(batch.Distances[edge], u);
                }

                action(atom, edge, u);
            }
        }
    }
}
