using Polymorph.Learning.Kernels;

namespace Polymorph.Energies.Kernels.TensorNet;

/// <summary>The embedding of one structure in single precision, forward and reverse; see <see cref="Energies.TensorNet.EmbeddingPass"/>.</summary>
/// <typeparam name="T">Lanes.</typeparam>
internal sealed unsafe class SingleEmbedding<T>
    where T : unmanaged, Representations.Kernels.ILanes<T>
{
    private readonly SingleWeights _weights;
    private readonly int _channels, _atoms, _species;
    private readonly int[] _slots;
    private readonly float** _sources, _destinations;
    private readonly float* _moments, _normal, _scale, _invariant, _hidden, _hiddenSlope, _scalars, _scalarSlope;
    private Field _sum, _mixed;

    public SingleEmbedding(SingleWeights weights, FeatureArena arena, int[] species, int[] occurring)
    {
        (_weights, _channels, _atoms, _species) = (weights, weights.Source.Channels, species.Length, occurring.Length);
        _slots = Array.ConvertAll(species, z => Array.BinarySearch(occurring, z));
        _sources = (float**)arena.Take<nint>(_species);
        _destinations = (float**)arena.Take<nint>(_atoms);
        for (int s = 0; s < _species; s++)
        {
            _sources[s] = weights.SourceShare.Pointer + occurring[s] * weights.SourceShare.Stride;
        }

        for (int n = 0; n < _atoms; n++)
        {
            _destinations[n] = weights.DestinationShare.Pointer + species[n] * weights.DestinationShare.Stride;
        }

        long rows = (long)_atoms * _channels;
        _moments = arena.Take<float>((long)_atoms * _species * EmbeddingKernels<T>.MomentLength);
        _normal = arena.Take<float>(rows);
        _scale = arena.Take<float>(_atoms);
        _invariant = arena.Take<float>(rows);
        _hidden = arena.Take<float>(2 * rows);
        _hiddenSlope = arena.Take<float>(2 * rows);
        _scalars = arena.Take<float>(3 * rows);
        _scalarSlope = arena.Take<float>(3 * rows);
    }

    /// <summary>Place of the moments of an atom that come from the species of a neighbour.</summary>
    public long MomentsOf(int atom, int neighbour) => ((long)atom * _species + _slots[neighbour]) * EmbeddingKernels<T>.MomentLength;

    /// <summary>The features x of all atoms.</summary>
    public void Forward(in EdgeList edges, in Field x, SinglePass<T> pass)
    {
        (_sum, _mixed) = (pass.NewField(), pass.NewField());
        new Span<float>(_moments, _atoms * _species * EmbeddingKernels<T>.MomentLength).Clear();
        for (int i = 0; i < _atoms; i++)
        {
            for (int e = edges.Start[i]; e < edges.Start[i + 1]; e++)
            {
                ref var edge = ref edges.Geometry[e];
                EmbeddingKernels<T>.AddEdge(_moments + MomentsOf(i, edges.Neighbour[e]), edge.H, edge.X, edge.Y, edge.Z);
            }
        }

        EmbeddingKernels<T>.Expand(_moments, _sources, _destinations, _species, _weights.Distance.Pointer, _sum);
        FieldKernels<T>.Norms(_sum, _invariant);
        RowKernels<T>.LayerNormalise(_invariant, _weights.EmbedNorm.Weight.Pointer, _weights.EmbedNorm.Bias.Pointer, _weights.Source.EmbedNorm.Epsilon, _invariant, _normal, _scale, _atoms, _channels);
        pass.Apply(_invariant, _atoms, _weights.Scalar0, _hidden);
        RowKernels<T>.SiLU(_hidden, _hiddenSlope, (nint)2 * _atoms * _channels);
        pass.Apply(_hidden, _atoms, _weights.Scalar1, _scalars);
        RowKernels<T>.SiLU(_scalars, _scalarSlope, (nint)3 * _atoms * _channels);
        pass.Mix(_sum, _weights.EmbedMix, _mixed);
        FieldKernels<T>.Scale(_mixed, _scalars, x);
    }

    /// <summary>The gradient by the moments, given that by x. <paramref name="free"/> is overwritten, and so is g.</summary>
    public float* Reverse(in Field g, in Field free, SinglePass<T> pass)
    {
        nint rows = (nint)_atoms * _channels;
        FieldKernels<T>.Scale(g, _scalars, free);
        FieldKernels<T>.PartProducts(g, _mixed, _scalars);
        RowKernels<T>.Multiply(_scalars, _scalarSlope, 3 * rows);
        pass.Multiply(_scalars, _atoms, _weights.Scalar1.Backward, _hidden);
        RowKernels<T>.Multiply(_hidden, _hiddenSlope, 2 * rows);
        pass.Multiply(_hidden, _atoms, _weights.Scalar0.Backward, _invariant);
        RowKernels<T>.LayerNormaliseReverse(_invariant, _weights.EmbedNorm.Weight.Pointer, _normal, _scale, _atoms, _channels);
        pass.MixTranspose(free, _weights.EmbedMix, g);
        FieldKernels<T>.NormsReverse(g, _invariant, _sum);
        EmbeddingKernels<T>.ExpandReverse(g, _sources, _destinations, _species, _weights.Distance.Pointer, _moments);
        return _moments;
    }
}
