using Polymorph.Energies.Kernels;
using Polymorph.Learning;

namespace Polymorph.Energies.Ani;

/// <summary>What the networks of one element share whatever other elements are present: all but the first weights. Read by all threads.</summary>
internal sealed class AniHiddenLayers
{
    public AniHiddenLayers(AniNetwork network)
    {
        Network = network;
        (Biases, Forward, Backward) = (new AlignedMatrix[3], new PanelMatrix[3][], new PanelMatrix[3][]);
        for (int l = 0; l < 3; l++)
        {
            Biases[l] = Row(l, layer => layer.Biases);
        }

        for (int l = 1; l < 3; l++)
        {
            Forward[l] = [.. network.Members.Select(m => new PanelMatrix(m[l].Inputs, m[l].Outputs, (i, o) => m[l].Weights[o * m[l].Inputs + i]))];
            Backward[l] = [.. network.Members.Select(m => new PanelMatrix(m[l].Outputs, m[l].Inputs, (o, i) => m[l].Weights[o * m[l].Inputs + i]))];
        }

        OutputWeights = Row(3, layer => layer.Weights);
        OutputBiases = [.. network.Members.Select(m => (double)m[3].Biases[0])];
    }

    /// <summary>The networks.</summary>
    public AniNetwork Network { get; }

    /// <summary>Biases of the hidden layers, one member behind the other.</summary>
    public AlignedMatrix[] Biases { get; }

    /// <summary>Weights [inputs × outputs] by layer (from 1) and member.</summary>
    public PanelMatrix[][] Forward { get; }

    /// <summary>Weights [outputs × inputs] by layer (from 1) and member.</summary>
    public PanelMatrix[][] Backward { get; }

    /// <summary>Weights of the outputs, one member behind the other.</summary>
    public AlignedMatrix OutputWeights { get; }

    /// <summary>Biases of the outputs, [members].</summary>
    public double[] OutputBiases { get; }

    private AlignedMatrix Row(int layer, Func<AniLayer, float[]> part)
    {
        float[] values = [.. Network.Members.SelectMany(m => part(m[layer]))];
        var row = new AlignedMatrix(1, values.Length);
        values.CopyTo(row.Row(0));
        return row;
    }
}
