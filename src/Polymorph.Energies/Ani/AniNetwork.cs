using System.Collections.Immutable;

namespace Polymorph.Energies.Ani;

/// <summary>A dense layer of one member.</summary>
/// <param name="Weights">[outputs × inputs], row-major: y = W x + b.</param>
/// <param name="Biases">[outputs].</param>
internal sealed record AniLayer(float[] Weights, float[] Biases)
{
    /// <summary>Width of its input.</summary>
    public int Inputs => Weights.Length / Biases.Length;

    /// <summary>Width of its output.</summary>
    public int Outputs => Biases.Length;
}

/// <summary>The networks of one element.</summary>
/// <param name="Widths">Width of the descriptor, of the hidden layers, and 1.</param>
/// <param name="Members">Layers of each member.</param>
internal sealed record AniNetwork(ImmutableArray<int> Widths, ImmutableArray<ImmutableArray<AniLayer>> Members);
