using System.Runtime.Intrinsics;
using Polymorph.Energies.TensorNet;
using Polymorph.Learning;
using Polymorph.Learning.Kernels;
using Polymorph.Structures;

namespace Polymorph.Energies.Kernels.TensorNet;

/// <summary>A single-precision evaluation at one vector width.</summary>
internal interface ISinglePass
{
    /// <summary>Energy, eV, without the shift of the whole structure; forces, eV/Å; ∂E/∂ε, eV.</summary>
    /// <param name="structure">A crystal of known elements.</param>
    /// <param name="neighbours">Its neighbours within the cutoff.</param>
    /// <param name="table">Radial table of the potential.</param>
    (double Energy, Vector3D[] Forces, StressTensor Virial) Evaluate(Structure structure, NeighborList neighbours, RadialTable table);
}

/// <summary>TensorNet in single precision: the same steps as <see cref="TensorNetReference"/> on irreducible parts, with sums in double precision at the ends.</summary>
/// <typeparam name="T">Lanes.</typeparam>
internal sealed unsafe class SinglePass<T>(SingleWeights weights) : ISinglePass
    where T : unmanaged, Representations.Kernels.ILanes<T>
{
    private const int FieldsPerBlock = 5;
    private const int OtherFields = 6;
    private const int RowsPerAtom = 32;

    private readonly FeatureArena _arena = new();
    private readonly int _channels = weights.Source.Channels;
    private readonly VectorWidth _width = (VectorWidth)T.Count;
    private int _atoms;

    /// <inheritdoc/>
    public (double Energy, Vector3D[] Forces, StressTensor Virial) Evaluate(Structure structure, NeighborList neighbours, RadialTable table)
    {
        int[] species = [.. structure.Species.Select(weights.Source.IndexOf)];
        int[] occurring = [.. species.Distinct().Order()];
        Reserve(species.Length, neighbours.PairCount, occurring.Length);
        var edges = new EdgeList(_arena, neighbours, weights.Source.Radial, table);
        float* byDistance = _arena.Take<float>(RadialTable.Lane * (long)edges.Count);
        new Span<float>(byDistance, RadialTable.Lane * edges.Count).Clear();

        // Forward.
        var embedding = new SingleEmbedding<T>(weights, _arena, species, occurring);
        Field x = NewField(), g = NewField(), other = NewField();
        embedding.Forward(edges, x, this);
        var blocks = new BlockState[weights.Before.Length];
        for (int b = 0; b < blocks.Length; b++)
        {
            blocks[b] = new(this);
            Interact(blocks[b], b, edges, table, x);
        }

        var readout = new SingleReadout<T>(weights, _arena, species, this);
        double energy = readout.Forward(x);

        // Reverse.
        readout.Reverse(x, g);
        for (int b = blocks.Length - 1; b >= 0; b--)
        {
            InteractReverse(blocks[b], b, edges, table, g, x, other, byDistance);
        }

        float* byMoments = embedding.Reverse(g, other, this);
        var (forces, virial) = Collect(edges, embedding, byMoments, byDistance);
        return (energy, forces, virial);
    }

    /// <summary>A field of the structure at hand; its content is left over from before.</summary>
    public Field NewField() => new(_arena.Take<float>(9L * _atoms * _channels), _atoms, _channels);

    /// <summary>Mixes the channels of each part.</summary>
    public void Mix(in Field x, SingleWeights.PartLayers maps, in Field y)
    {
        Multiply(x.I, _atoms, maps.Isotropic.Forward, y.I);
        Multiply(x.A, 3 * _atoms, maps.Antisymmetric.Forward, y.A);
        Multiply(x.S, 5 * _atoms, maps.Symmetric.Forward, y.S);
    }

    /// <summary>The adjoint of <see cref="Mix"/>.</summary>
    public void MixTranspose(in Field g, SingleWeights.PartLayers maps, in Field x)
    {
        Multiply(g.I, _atoms, maps.Isotropic.Backward, x.I);
        Multiply(g.A, 3 * _atoms, maps.Antisymmetric.Backward, x.A);
        Multiply(g.S, 5 * _atoms, maps.Symmetric.Backward, x.S);
    }

    /// <summary>c = a·b. a: [rows × b.Rows].</summary>
    public void Multiply(float* a, int rows, AlignedMatrix b, float* c) =>
        MatrixProduct.Run(_width, a, b.Rows, 1, b.Pointer, b.Stride, c, b.Columns, rows, b.Columns, b.Rows, default(Plain));

    /// <summary>c = a·w + bias.</summary>
    public void Apply(float* a, int rows, SingleWeights.Layer layer, float* c) =>
        MatrixProduct.Run(_width, a, layer.Forward.Rows, 1, layer.Forward.Pointer, layer.Forward.Stride, c, layer.Forward.Columns, rows, layer.Forward.Columns, layer.Forward.Rows, new Bias(layer.Bias.Pointer));

    private void Reserve(int atoms, int edges, int species)
    {
        _atoms = atoms;
        int blocks = weights.Before.Length;
        long fields = FieldsPerBlock * blocks + OtherFields;
        long floats = (long)atoms * _channels * (9 * fields + RowsPerAtom + 2 * blocks) + 2L * atoms * species * EmbeddingKernels<T>.MomentLength + RadialTable.Lane * (long)edges;
        long pointers = atoms + species;
        _arena.Reset(4 * floats + 8 * pointers + 64L * atoms + EdgeList.Bytes(atoms, edges), (int)(fields + 64));
    }

    private void Interact(in BlockState s, int block, in EdgeList edges, RadialTable table, in Field x)
    {
        new Span<float>(x.I, (int)x.Length).CopyTo(new Span<float>(s.X.I, (int)x.Length));
        FieldKernels<T>.Normalise(s.X, s.XFactor);
        Mix(s.X, weights.Before[block], s.Y);
        EdgeKernels<T>.Messages(edges, table.Of(block), s.Y, s.M);
        FieldKernels<T>.Product(s.M, s.Y, s.P, s.PFactor);
        Mix(s.P, weights.After[block], s.D);
        FieldKernels<T>.Update(s.X, s.D, x);
    }

    // g: the gradient by the block's result, then by its input. a, b: free fields.
    private void InteractReverse(in BlockState s, int block, in EdgeList edges, RadialTable table, in Field g, in Field a, in Field b, float* byDistance)
    {
        FieldKernels<T>.UpdateReverse(g, s.D, a);
        MixTranspose(a, weights.After[block], b);
        FieldKernels<T>.ProductReverse(b, s.P, s.PFactor, s.M, s.Y, a, s.D);
        EdgeKernels<T>.MessagesReverse(edges, table.Of(block), a, s.Y, s.D, byDistance);
        MixTranspose(s.D, weights.Before[block], b);
        RowKernels<T>.Add(g.I, b.I, g.Length);
        FieldKernels<T>.NormaliseReverse(g, s.X, s.XFactor);
    }

    private (Vector3D[] Forces, StressTensor Virial) Collect(in EdgeList edges, SingleEmbedding<T> embedding, float* byMoments, float* byDistance)
    {
        var forces = new Vector3D[_atoms];
        StressTensor virial = default;
        for (int i = 0; i < _atoms; i++)
        {
            for (int e = edges.Start[i]; e < edges.Start[i + 1]; e++)
            {
                ref var edge = ref edges.Geometry[e];
                float* moments = byMoments + embedding.MomentsOf(i, edges.Neighbour[e]);
                var (distance, x, y, z) = EmbeddingKernels<T>.EdgeGradient(moments, edge.H, edge.Slope, edge.X, edge.Y, edge.Z);
                double slope = distance + RowKernels<T>.SumOfPartials(byDistance + RadialTable.Lane * (long)e) / RadialTable.HalfPiece;
                Vector3D u = new(edge.X, edge.Y, edge.Z), byDirection = new(x, y, z);
                var gradient = slope * u + 1 / (double)edge.Distance * (byDirection - byDirection.Dot(u) * u);
                forces[i] += gradient;
                forces[edges.Neighbour[e]] -= gradient;
                virial += StressTensor.Virial(edge.Distance * u, gradient);
            }
        }

        return (forces, virial);
    }

    /// <summary>What a block keeps for the way back: normalised features, mixed features, messages, normalised product, update, and the two factors.</summary>
    private readonly struct BlockState(SinglePass<T> pass)
    {
        public readonly Field X = pass.NewField(), Y = pass.NewField(), M = pass.NewField(), P = pass.NewField(), D = pass.NewField();
        public readonly float* XFactor = pass._arena.Take<float>((long)pass._atoms * pass._channels);
        public readonly float* PFactor = pass._arena.Take<float>((long)pass._atoms * pass._channels);
    }
}
