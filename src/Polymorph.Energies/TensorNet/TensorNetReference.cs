using Polymorph.Structures;

namespace Polymorph.Energies.TensorNet;

/// <summary>TensorNet in double precision, as the definition reads: forward for the energy, hand-derived reverse pass for its derivatives.</summary>
/// <remarks>Simeon and De Fabritiis, arXiv:2306.06482, in the O(3) form and with the settings of matgl. The reverse pass is derived in docs/methods/tensornet.md.</remarks>
internal static class TensorNetReference
{
    /// <summary>Energies of the atoms, [atoms], eV, and ∂E/∂v of every pair, [pairs], eV/Å.</summary>
    public static (double[] AtomEnergies, Vector3D[] PairGradients) Evaluate(TensorNetWeights weights, TensorNetGraph graph)
    {
        var embedding = new EmbeddingPass(weights, graph);
        InteractionPass[] blocks = [.. weights.Blocks.Select(b => new InteractionPass(weights, b, graph))];
        var readout = new ReadoutPass(weights, graph.Species);

        var x = embedding.Forward();
        foreach (var block in blocks)
        {
            x = block.Forward(x);
        }

        var energies = readout.Forward(x);

        var gradients = new Vector3D[graph.Pairs.Count];
        var g = readout.Reverse();
        foreach (var block in blocks.Reverse())
        {
            g = block.Reverse(g, gradients);
        }

        embedding.Reverse(g, gradients);
        return (energies, gradients);
    }
}
