using System.Collections.Immutable;
using Polymorph.Energies.Neural;
using Polymorph.Energies.Neural.Kernels;
using Polymorph.Learning;
using Polymorph.Structures;
using Xunit;

namespace Polymorph.Energies.Tests.Neural;

/// <summary>Random potentials and structures for tests.</summary>
internal static class NeuralCases
{
    public static NeuralPotentialOptions Options { get; } = new()
    {
        Elements = [new Element(1), new Element(6), new Element(8)],
        Shells = [new NeuralShell(4.2, 4), new NeuralShell(2.6, 3)],
        PairFunctions = 3,
        HiddenWidths = [11, 9],
        Messages = 3,
        MessageOrder = 3,
        Handed = 4,
    };

    public static NeuralPotentialOptions WithoutMessages { get; } = Options with { Messages = 0 };

    /// <summary>A potential with random weights, features of order one and outputs of some eV.</summary>
    public static NeuralPotential Potential(NeuralPotentialOptions options, int members = 2, ulong seed = 1)
    {
        var form = new NeuralForm(options);
        var sequence = new CounterRandom(seed, 1).Sequence(0);
        float[] standard = Standard(form.Descriptor.FeatureCount, 0.02, 10);
        var committee = Enumerable.Range(0, members).Select(m => new NeuralMember(Weights(form, seed + 10 + (ulong)m), form.Message is { } message ? Standard(message.FeatureCount, 0.1, 1) : []));
        return new NeuralPotential(options, "test", [.. committee], [.. standard.Select(v => (double)v)], [-3.5, -40, -70]);

        float[] Standard(int features, double mean, double scale) => [.. Enumerable.Range(0, 2 * form.Elements * features)
            .Select(k => (float)(k / features % 2 == 0 ? mean * sequence.NextNormal() : scale * (1 + 0.5 * sequence.NextDouble())))];
    }

    private static float[] Weights(NeuralForm form, ulong seed)
    {
        var sequence = new CounterRandom(seed, 2).Sequence(0);
        var result = new float[form.WeightCount];
        foreach (var (layout, first) in new[] { (form.First, 0), (form.Second, form.Elements * form.First.Stride) })
        {
            for (int at = first; layout is not null && at < first + form.Elements * layout.Stride; at += layout.Stride)
            {
                for (int layer = 0; layer < layout.Layers; layer++)
                {
                    int inputs = layout.Widths[layer], count = inputs * layout.Widths[layer + 1];
                    for (int k = 0; k < count + layout.Widths[layer + 1]; k++)
                    {
                        result[at + layout.Weights[layer] + k] = (float)(1.5 * sequence.NextNormal() / Math.Sqrt(k < count ? inputs : 4));
                    }
                }
            }
        }

        return result;
    }

    /// <summary>Atoms of random kinds, none nearer than 0.75 Å to another.</summary>
    public static Structure Cluster(int atoms, ulong seed, double size = 3.5) => Random(atoms, seed, Lattice.Cubic(size), null);

    /// <summary>A small skewed crystal, whose atoms see several images of each other.</summary>
    public static Structure Crystal(int atoms, ulong seed)
    {
        var lattice = new Lattice(new(3.9, 0.2, -0.3), new(0.8, 4.3, 0.1), new(-0.6, 0.9, 3.4));
        return Random(atoms, seed, lattice, lattice);
    }

    private static Structure Random(int atoms, ulong seed, Lattice box, Lattice? cell)
    {
        var sequence = new CounterRandom(seed, 3).Sequence(0);
        var positions = new List<Vector3D>();
        while (positions.Count < atoms)
        {
            var trial = box.ToCartesian(new(sequence.NextDouble(), sequence.NextDouble(), sequence.NextDouble()));
            var all = new Structure([.. Enumerable.Repeat(new Element(1), positions.Count + 1)], [.. positions, trial], cell);
            if (NeighborList.Build(all, 0.75).PairCount == 0)
            {
                positions.Add(trial);
            }
        }

        ImmutableArray<Element> species = [.. Enumerable.Range(0, atoms).Select(_ => Options.Elements[sequence.NextIndex(3)])];
        return new Structure(species, [.. positions], cell);
    }

    public static Structure Moved(Structure structure, int atom, int axis, double step)
    {
        var shift = step * new Vector3D(axis == 0 ? 1 : 0, axis == 1 ? 1 : 0, axis == 2 ? 1 : 0);
        return structure.WithPositions(structure.Positions.SetItem(atom, structure.Positions[atom] + shift));
    }

    public static Evaluation Evaluate(NeuralPotential potential, Structure structure, Precision precision)
    {
        using var evaluator = new NeuralEngine(potential, precision).CreateEvaluator();
        return evaluator.Evaluate(structure, TestContext.Current.CancellationToken);
    }
}
