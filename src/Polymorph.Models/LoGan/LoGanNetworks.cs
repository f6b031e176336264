using System.Collections.Immutable;
using Polymorph.Learning;
using Polymorph.Structures;

namespace Polymorph.Models.LoGan;

/// <summary>Shapes of the two networks: the generator maps 20 normal numbers to fractional coordinates, the critic scores one atom's descriptor.</summary>
internal static class LoGanNetworks
{
    public static DenseShape Generator(LoGanOptions options, StructureAssembly assembly) =>
        new(options.LatentSize, options.GeneratorWidths, 3 * assembly.GeneratedAtoms, options.GeneratorSlope, sigmoidOutput: true);

    public static DenseShape Critic(LoGanOptions options, int typeCount) =>
        new(options.Descriptor.DescriptorLength(typeCount), options.CriticWidths, 1, options.CriticSlope);

    /// <summary>Type of every atom of the finished structure among the training set's elements.</summary>
    public static int[] AtomTypes(StructureAssembly assembly, ImmutableArray<Element> types) => [.. assembly.Species.Select(e => types.IndexOf(e))];
}
