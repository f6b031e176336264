using Polymorph.Structures.Formats;
using Polymorph.Testing;

namespace Polymorph.Structures.Tests.Bonds;

/// <summary>The geometries and SMILES that the LoGAN study published.</summary>
internal static class PublishedMolecules
{
    public static IReadOnlyList<Structure> Targets => StructureReader.ReadStrict(ReferenceData.PathOf("data/logan/C5H12O_ground_truth.extxyz"));

    public static IReadOnlyList<Structure> Training => StructureReader.ReadStrict(ReferenceData.PathOf("data/logan/C5H12O_training.extxyz"));

    public static string[] TargetSmiles => File.ReadAllText(ReferenceData.PathOf("data/logan/C5H12O_ground_truth.smi")).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
