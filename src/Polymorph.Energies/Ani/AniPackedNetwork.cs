using Polymorph.Energies.Kernels;
using Polymorph.Learning;

namespace Polymorph.Energies.Ani;

/// <summary>All members of one element's networks in single precision, with the first layers of all members as one product. Read by all threads.</summary>
internal sealed class AniPackedNetwork
{
    private readonly AniHiddenLayers _hidden;
    private readonly PanelMatrix _first;
    private readonly PanelMatrix _firstTransposed;
    private readonly float _alpha;

    /// <summary>Packs the networks for the elements present.</summary>
    /// <param name="hidden">The other layers.</param>
    /// <param name="features">Places of the descriptor's entries for the elements present in the whole descriptor.</param>
    /// <param name="alpha">α of CELU.</param>
    public AniPackedNetwork(AniHiddenLayers hidden, int[] features, double alpha)
    {
        (_hidden, _alpha) = (hidden, (float)alpha);
        var members = hidden.Network.Members;
        int inputs = hidden.Network.Widths[0], outputs = hidden.Network.Widths[1];
        _first = new PanelMatrix(features.Length, outputs * members.Length, (i, o) => Weight(o, i));
        _firstTransposed = new PanelMatrix(outputs * members.Length, features.Length, Weight);

        float Weight(int o, int i) => members[o / outputs][0].Weights[o % outputs * inputs + features[i]];
    }

    /// <summary>Widest layer, all members together.</summary>
    public int Widest => _hidden.Network.Widths[1..4].Max() * _hidden.Network.Members.Length;

    /// <summary>Energies of some atoms and the derivative of their sum over all members by the descriptors.</summary>
    /// <param name="scratch">The thread's memory.</param>
    /// <param name="descriptors">[rows × features], rows at least the count.</param>
    /// <param name="count">Number of atoms.</param>
    /// <param name="gradient">[rows × features], overwritten, hartree.</param>
    /// <param name="energies">Energies of the members, [members], hartree: added to.</param>
    public void Run(AniScratch scratch, AlignedMatrix descriptors, int count, AlignedMatrix gradient, Span<double> energies)
    {
        var widths = _hidden.Network.Widths;
        int members = energies.Length;
        _first.Linear(All(descriptors), count, All(_hidden.Biases[0]), Layer(scratch.Activations[0], 1));
        Celu.Apply(Layer(scratch.Activations[0], 1), count, _alpha);
        for (int l = 1; l < 3; l++)
        {
            for (int k = 0; k < members; k++)
            {
                var bias = new Columns(_hidden.Biases[l], k * widths[l + 1], widths[l + 1]);
                _hidden.Forward[l][k].Linear(Member(scratch.Activations[l - 1], l, k), count, bias, Member(scratch.Activations[l], l + 1, k));
            }

            Celu.Apply(Layer(scratch.Activations[l], l + 1), count, _alpha);
        }

        for (int k = 0; k < members; k++)
        {
            var weights = new Columns(_hidden.OutputWeights, k * widths[3], widths[3]);
            energies[k] += Celu.Output(Member(scratch.Activations[2], 3, k), weights, count, _alpha, Member(scratch.Adjoints[2], 3, k)) + count * _hidden.OutputBiases[k];
        }

        for (int l = 2; l >= 1; l--)
        {
            for (int k = 0; k < members; k++)
            {
                _hidden.Backward[l][k].Masked(Member(scratch.Adjoints[l], l + 1, k), count, Member(scratch.Activations[l - 1], l, k), _alpha, Member(scratch.Adjoints[l - 1], l, k));
            }
        }

        // One product over all members: the sum over the members comes for nothing.
        _firstTransposed.Plain(Layer(scratch.Adjoints[0], 1), count, All(gradient));

        Columns Member(AlignedMatrix matrix, int layer, int member) => new(matrix, member * widths[layer], widths[layer]);
        Columns Layer(AlignedMatrix matrix, int layer) => new(matrix, 0, members * widths[layer]);
        static Columns All(AlignedMatrix matrix) => new(matrix, 0, matrix.Columns);
    }
}

/// <summary>Activations and adjoints of one thread.</summary>
/// <param name="rows">Most atoms at a time.</param>
/// <param name="widest">Widest layer, all members together.</param>
internal sealed class AniScratch(int rows, int widest)
{
    /// <summary>Activations of the hidden layers.</summary>
    public AlignedMatrix[] Activations { get; } = [new(rows, widest), new(rows, widest), new(rows, widest)];

    /// <summary>Derivatives by what the activations are made from.</summary>
    public AlignedMatrix[] Adjoints { get; } = [new(rows, widest), new(rows, widest), new(rows, widest)];
}
