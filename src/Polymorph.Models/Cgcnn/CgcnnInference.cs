using Polymorph.Learning;
using Polymorph.Learning.Kernels;
using Polymorph.Models.Cgcnn.Kernels;
using Polymorph.Representations.CrystalGraphs;

namespace Polymorph.Models.Cgcnn;

/// <summary>One network that predicts: its buffers serve one thread at a time.</summary>
internal sealed class CgcnnInference
{
    // A pass over about this many atoms stays in the second-level cache.
    private const int AtomsAtATime = 256;

    private readonly CgcnnNetwork<AlignedMatrix> _network;
    private readonly GraphBatch _batch;
    private readonly List<CrystalGraph> _taken = [];

    /// <summary>A network that is trained at the same time.</summary>
    public CgcnnInference(CgcnnNetwork<AlignedMatrix> network, double mean, double deviation)
    {
        (_network, Mean, Deviation) = (network, mean, deviation);
        _batch = new GraphBatch(network.Options.Graph);
    }

    /// <summary>A trained network.</summary>
    public CgcnnInference(CgcnnOptions options, CgcnnMember member)
        : this(new CgcnnNetwork<AlignedMatrix>(new LayerKernels(), new GraphKernels(), options), member.Mean, member.Deviation)
    {
        foreach (var (tensor, matrix) in _network.State())
        {
            CgcnnNetwork<AlignedMatrix>.Write(tensor, matrix, member.State[tensor.Name]);
        }

        _network.Changed();
    }

    private double Mean { get; }

    private double Deviation { get; }

    /// <summary>Predictions: the property, or the probability of class 1.</summary>
    /// <param name="graphs">Crystals.</param>
    /// <param name="result">[crystals], overwritten.</param>
    /// <param name="cancellation">Stops between two passes.</param>
    public void Predict(IReadOnlyList<CrystalGraph> graphs, Span<double> result, CancellationToken cancellation = default)
    {
        for (int first = 0; first < graphs.Count;)
        {
            cancellation.ThrowIfCancellationRequested();
            _taken.Clear();
            int atoms = 0;
            do
            {
                var graph = graphs[first + _taken.Count];
                _taken.Add(graph);
                atoms += graph.Species.Length;
            }
            while (first + _taken.Count < graphs.Count && atoms < AtomsAtATime);
            _batch.Fill(_taken);
            _network.Forward(_batch, training: false);
            for (int c = 0; c < _taken.Count; c++)
            {
                result[first + c] = Value(_network.Outputs.Row(c));
            }

            first += _taken.Count;
        }
    }

    // The probability of class 1 is a sigmoid of the difference of the two outputs.
    private double Value(ReadOnlySpan<float> outputs) =>
        _network.Options.Task == CgcnnTask.Regression ? outputs[0] * Deviation + Mean : 1 / (1 + Math.Exp((double)outputs[0] - outputs[1]));
}
