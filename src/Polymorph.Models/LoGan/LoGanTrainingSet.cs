using System.Collections.Immutable;
using Polymorph.Foundation;
using Polymorph.Learning;
using Polymorph.Representations.LocalDescriptors;
using Polymorph.Structures;

namespace Polymorph.Models.LoGan;

/// <summary>Descriptors of the atoms of displaced training structures, one pool per element: what the critic learns to call real.</summary>
public sealed class LoGanTrainingSet
{
    private LoGanTrainingSet(ImmutableArray<Element> types, ImmutableArray<AlignedMatrix> pools) => (Types, Pools) = (types, pools);

    /// <summary>Elements of the training structures in the order of their atomic numbers; the index is the type.</summary>
    public ImmutableArray<Element> Types { get; }

    /// <summary>Per type, [atoms × descriptor length]: power spectrum and one-hot.</summary>
    public ImmutableArray<AlignedMatrix> Pools { get; }

    /// <summary>Displaces and describes the training structures.</summary>
    /// <param name="structures">At least two.</param>
    /// <param name="options">Descriptor and displacements.</param>
    /// <param name="task">What is to be generated; its elements must occur in the structures.</param>
    /// <param name="seed">The model's seed.</param>
    /// <exception cref="PolymorphException">PM3002: fewer than two structures; PM3004: an element of the task is missing; PM3005, PM3006: the cutoff does not fit the distances.</exception>
    /// <remarks>Source: LoGAN specification, sections 3 and 6; a periodic structure is expanded by the supercell rule before its atoms are displaced.</remarks>
    public static LoGanTrainingSet Create(IReadOnlyList<Structure> structures, LoGanOptions options, LoGanTask task, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(structures);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(task);
        LoGanTrainingChecks.Check(structures, options.Descriptor, task);
        ImmutableArray<Element> types = [.. structures.SelectMany(s => s.Species).Distinct().Order()];
        var rows = new List<float[]>[types.Length];
        for (int type = 0; type < rows.Length; type++)
        {
            rows[type] = [];
        }

        for (int index = 0; index < structures.Count; index++)
        {
            AddStructure(structures[index], index, types, options, seed, rows);
        }

        return new LoGanTrainingSet(types, [.. rows.Select(Matrix)]);
    }

    private static void AddStructure(Structure structure, int index, ImmutableArray<Element> types, LoGanOptions options, ulong seed, List<float[]>[] rows)
    {
        var expanded = Expanded(structure, options.Descriptor.CutoffRadius);
        int atoms = expanded.AtomCount, copies = options.RattleCopies;
        int[] atomTypes = [.. expanded.Species.Select(e => types.IndexOf(e))];
        var kernel = new PowerSpectrumBatch(options.Descriptor, atomTypes, types.Length, expanded.Lattice, expanded.Periodicity);
        int length = options.Descriptor.DescriptorLength(types.Length);
        var positions = new float[copies * atoms * 3];
        for (int copy = 0; copy < copies; copy++)
        {
            Displace(expanded, Noise(options, seed, index, copy), options.RattleDeviation, positions.AsSpan(3 * atoms * copy, 3 * atoms));
        }

        // All copies in one call: the kernel works on sixteen structures at a time.
        var descriptors = new float[copies * atoms * length];
        kernel.Describe(positions, copies, descriptors, length);
        for (int copy = 0; copy < copies; copy++)
        {
            foreach (int atom in ChosenAtoms(atomTypes, types.Length, options.PoolSamplesPerElement, new CounterRandom(seed, LoGanRandomStreams.PoolSamples).Sequence((uint)index, (uint)copy)))
            {
                rows[atomTypes[atom]].Add(descriptors[((copy * atoms + atom) * length)..((copy * atoms + atom + 1) * length)]);
            }
        }
    }

    private static RandomSequence Noise(LoGanOptions options, ulong seed, int index, int copy) => options.Rattle == RattleMode.Independent
        ? new CounterRandom(seed, LoGanRandomStreams.Rattle).Sequence((uint)index, (uint)copy)
        : new CounterRandom(42, LoGanRandomStreams.Rattle).Sequence(0);

    private static void Displace(Structure structure, RandomSequence noise, double deviation, Span<float> positions)
    {
        for (int i = 0; i < positions.Length; i++)
        {
            positions[i] = (float)(structure.Positions[i / 3][i % 3] + deviation * noise.NextNormal());
        }
    }

    private static Structure Expanded(Structure structure, double cutoff)
    {
        if (structure.Lattice is not { } lattice || !structure.Periodicity.Any)
        {
            return structure;
        }

        var (i, j, k) = SupercellRule.Multiples(lattice, structure.Periodicity, cutoff);
        return structure.Repeat(i, j, k);
    }

    private static IEnumerable<int> ChosenAtoms(int[] atomTypes, int typeCount, int samples, RandomSequence random)
    {
        if (samples == 0)
        {
            return Enumerable.Range(0, atomTypes.Length);
        }

        var chosen = new List<int>();
        for (int type = 0; type < typeCount; type++)
        {
            int[] ofType = [.. Enumerable.Range(0, atomTypes.Length).Where(i => atomTypes[i] == type)];
            for (int i = 0; i < samples && ofType.Length > 0; i++)
            {
                chosen.Add(ofType[random.NextIndex(ofType.Length)]);
            }
        }

        return chosen;
    }

    private static AlignedMatrix Matrix(List<float[]> rows)
    {
        var matrix = new AlignedMatrix(rows.Count, rows[0].Length);
        for (int i = 0; i < rows.Count; i++)
        {
            rows[i].CopyTo(matrix.Row(i));
        }

        return matrix;
    }
}
