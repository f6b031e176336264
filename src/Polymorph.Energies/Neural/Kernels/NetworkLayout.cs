namespace Polymorph.Energies.Neural.Kernels;

/// <summary>Where the weights of one element's network stand in its row of numbers: for every layer the weights [outputs × inputs], then the biases.</summary>
internal sealed class NetworkLayout
{
    public NetworkLayout(int features, IEnumerable<int> hiddenWidths, int outputs)
    {
        Widths = [features, .. hiddenWidths, outputs];
        Layers = Widths.Length - 1;
        (Weights, Biases, Activations) = (new int[Layers], new int[Layers], new int[Layers]);
        int at = 0, activation = 0;
        for (int layer = 0; layer < Layers; layer++)
        {
            Weights[layer] = at;
            Biases[layer] = at + Widths[layer] * Widths[layer + 1];
            at = Biases[layer] + Widths[layer + 1];
            Activations[layer] = activation;
            activation += layer < Layers - 1 ? Widths[layer + 1] : 0;
        }

        // Rows begin on vector borders.
        (ParameterCount, Stride, HiddenCount) = (at, (at + 15) / 16 * 16, activation);
    }

    /// <summary>Inputs, hidden widths, outputs.</summary>
    public int[] Widths { get; }

    /// <summary>Numbers of the linear output.</summary>
    public int Outputs => Widths[^1];

    /// <summary>Layers, the output included.</summary>
    public int Layers { get; }

    /// <summary>First weight of each layer.</summary>
    public int[] Weights { get; }

    /// <summary>First bias of each layer.</summary>
    public int[] Biases { get; }

    /// <summary>First hidden unit of each hidden layer.</summary>
    public int[] Activations { get; }

    /// <summary>Hidden units of all layers.</summary>
    public int HiddenCount { get; }

    /// <summary>Weights and biases of one element.</summary>
    public int ParameterCount { get; }

    /// <summary>Distance of two elements' parameters.</summary>
    public int Stride { get; }
}
