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
    };

    /// <summary>A potential with random weights, features of order one and outputs of some eV.</summary>
    public static NeuralPotential Potential(NeuralPotentialOptions options, int members = 2, ulong seed = 1)
    {
        var plan = new DescriptorPlan(options);
        var layout = new NetworkLayout(plan.FeatureCount, options.HiddenWidths);
        int elements = options.Elements.Length;
        var standard = new double[2 * elements * plan.FeatureCount];
        var sequence = new CounterRandom(seed, 1).Sequence(0);
        for (int e = 0; e < elements; e++)
        {
            for (int f = 0; f < plan.FeatureCount; f++)
            {
                standard[2 * e * plan.FeatureCount + f] = 0.02 * sequence.NextNormal();
                standard[(2 * e + 1) * plan.FeatureCount + f] = 10 + 5 * sequence.NextDouble();
            }
        }

        var weights = Enumerable.Range(0, members).Select(m => Weights(layout, elements, seed + 10 + (ulong)m));
        return new NeuralPotential(options, "test", [.. weights], standard, [-3.5, -40, -70]);
    }

    public static float[] Weights(NetworkLayout layout, int elements, ulong seed)
    {
        var result = new float[elements * layout.Stride];
        var sequence = new CounterRandom(seed, 2).Sequence(0);
        for (int e = 0; e < elements; e++)
        {
            for (int layer = 0; layer < layout.Layers; layer++)
            {
                int first = e * layout.Stride + layout.Weights[layer], count = layout.Widths[layer] * layout.Widths[layer + 1];
                for (int k = 0; k < count + layout.Widths[layer + 1]; k++)
                {
                    result[first + k] = (float)(1.5 * sequence.NextNormal() / Math.Sqrt(k < count ? layout.Widths[layer] : 4));
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
