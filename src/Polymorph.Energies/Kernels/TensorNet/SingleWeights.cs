using Polymorph.Energies.TensorNet;
using Polymorph.Learning;

namespace Polymorph.Energies.Kernels.TensorNet;

/// <summary>The parameters of a TensorNet potential in single precision, in the forms the kernels read. Shared by all evaluators.</summary>
internal sealed class SingleWeights
{
    private readonly Lazy<RadialTable> _table;

    /// <summary>Converts the parameters.</summary>
    public SingleWeights(TensorNetWeights weights)
    {
        Source = weights;
        int c = weights.Channels;
        EmbedMix = new(weights.EmbedMix);
        Before = [.. weights.Blocks.Select(b => new PartLayers(b.Before))];
        After = [.. weights.Blocks.Select(b => new PartLayers(b.After))];
        Scalar0 = new(weights.EmbedScalar[0]);
        // Outputs 3c + k of the file become k C + c: the scalars of one part lie side by side.
        Scalar1 = new(weights.EmbedScalar[1], o => o % c * 3 + o / c);
        EmbedNorm = (Row(weights.EmbedNorm.Weight), Row(weights.EmbedNorm.Bias));
        OutNorm = (Row(weights.OutNorm.Weight), Row(weights.OutNorm.Bias));
        OutLinear = new(weights.OutLinear);
        Readout = [.. Enumerable.Range(0, 3).SelectMany(t => new[] { new Layer(weights.Value[t]), new Layer(weights.Gate[t]) })];
        Last = (Row(weights.Value[3].Weight), Row(weights.Gate[3].Weight));
        LastBias = (weights.Value[3].Bias[0], weights.Gate[3].Bias[0]);
        Distance = new(12, c);
        for (int k = 0; k < 3; k++)
        {
            for (int channel = 0; channel < c; channel++)
            {
                for (int m = 0; m < RadialFunctions.Count; m++)
                {
                    Distance.Row(4 * k + m)[channel] = weights.Distance[k].Weight[channel * RadialFunctions.Count + m];
                }

                Distance.Row(4 * k + 3)[channel] = weights.Distance[k].Bias[channel];
            }
        }

        (SourceShare, DestinationShare) = (Shares(weights, 0, withBias: true), Shares(weights, c, withBias: false));
        _table = new(() => RadialTable.Create(weights));
    }

    public TensorNetWeights Source { get; }

    public PartLayers EmbedMix { get; }

    public PartLayers[] Before { get; }

    public PartLayers[] After { get; }

    public Layer Scalar0 { get; }

    public Layer Scalar1 { get; }

    public (AlignedMatrix Weight, AlignedMatrix Bias) EmbedNorm { get; }

    public (AlignedMatrix Weight, AlignedMatrix Bias) OutNorm { get; }

    public Layer OutLinear { get; }

    /// <summary>value0, gate0, value1, gate1, value2, gate2.</summary>
    public Layer[] Readout { get; }

    /// <summary>The rows of value3 and gate3.</summary>
    public (AlignedMatrix Value, AlignedMatrix Gate) Last { get; }

    public (float Value, float Gate) LastBias { get; }

    /// <summary>The three maps from the radial basis, each [3 weights and the bias × C].</summary>
    public AlignedMatrix Distance { get; }

    /// <summary>What the source's species adds to Z, with the bias, [elements × C].</summary>
    public AlignedMatrix SourceShare { get; }

    /// <summary>What the destination's species adds to Z, [elements × C].</summary>
    public AlignedMatrix DestinationShare { get; }

    /// <summary>The radial table; made when the first structure comes.</summary>
    public RadialTable Table => _table.Value;

    private static AlignedMatrix Row(float[] values)
    {
        var row = new AlignedMatrix(1, values.Length);
        values.CopyTo(row.Row(0));
        return row;
    }

    private static AlignedMatrix Shares(TensorNetWeights weights, int firstInput, bool withBias)
    {
        int c = weights.Channels;
        var result = new AlignedMatrix(weights.Elements.Length, c);
        for (int z = 0; z < weights.Elements.Length; z++)
        {
            for (int o = 0; o < c; o++)
            {
                double sum = withBias ? weights.Pair.Bias[o] : 0;
                for (int i = 0; i < c; i++)
                {
                    sum += (double)weights.Pair.Weight[o * 2 * c + firstInput + i] * weights.Species[z * c + i];
                }

                result.Row(z)[o] = (float)sum;
            }
        }

        return result;
    }

    /// <summary>A layer: the weight as [in × out] for the way forward and as [out × in] for the way back.</summary>
    internal sealed class Layer
    {
        /// <summary>Takes over an affine map; output o of this layer is output <paramref name="order"/>(o) of the map.</summary>
        public Layer(AffineMap map, Func<int, int>? order = null)
        {
            Forward = new(map.Inputs, map.Outputs);
            Backward = new(map.Outputs, map.Inputs);
            Bias = new(1, map.Outputs);
            for (int o = 0; o < map.Outputs; o++)
            {
                int from = order?.Invoke(o) ?? o;
                Bias.Row(0)[o] = map.Bias[from];
                for (int i = 0; i < map.Inputs; i++)
                {
                    Forward.Row(i)[o] = Backward.Row(o)[i] = map.Weight[from * map.Inputs + i];
                }
            }
        }

        public AlignedMatrix Forward { get; }

        public AlignedMatrix Backward { get; }

        public AlignedMatrix Bias { get; }
    }

    /// <summary>The channel mixings of the three parts.</summary>
    internal sealed class PartLayers(PartMaps maps)
    {
        public Layer Isotropic { get; } = new(maps.Isotropic);

        public Layer Antisymmetric { get; } = new(maps.Antisymmetric);

        public Layer Symmetric { get; } = new(maps.Symmetric);
    }
}
