using System.Collections.Immutable;
using Polymorph.Energies.Neural;
using Polymorph.Foundation;
using Polymorph.Structures;

namespace Polymorph.Energies.Catalogue;

/// <summary>The neural potentials that come with the program, and those that a user trained.</summary>
internal static class OwnPotentials
{
    private const string Extension = ".safetensors";

    public static ImmutableArray<EngineEntry> Entries { get; } =
    [
        Entry(EmbeddedPotentials.Molecules, EngineDomain.Molecules, "molecules of H, C and O, trained on GFN2-xTB, with the spread of its committee", "H C O"),
        Entry(EmbeddedPotentials.Silica, EngineDomain.Crystals, "silica, trained on TensorNet-MatPES-PBE, with the spread of its committee", "Si O"),
    ];

    /// <summary>The potential of a file; null when the name is none of a potential.</summary>
    /// <param name="path">What the user wrote.</param>
    /// <param name="precision">Arithmetic.</param>
    /// <exception cref="PolymorphException">PM6227: there is no such file; those of a damaged one.</exception>
    public static IEnergyEngine? OfFile(string path, Precision precision) =>
        !path.EndsWith(Extension, StringComparison.OrdinalIgnoreCase) ? null
        : File.Exists(path) ? new NeuralEngine(NeuralPotentialFile.Load(path), precision)
        : throw new PolymorphException("PM6227", "there is no potential of this name", path, "'polymorph potential train' makes one; check the path.");

    private static EngineEntry Entry(string name, EngineDomain domain, string purpose, string elements)
    {
        bool isThere = EmbeddedPotentials.Names.Contains(name);
        var state = new EngineState(isThere, isThere ? "" : "this build comes without it", name, [.. elements.Split(' ').Select(Element.Parse)], null, []);
        return new EngineEntry(name, EngineKind.BuiltIn, domain, purpose, _ => state, (_, request) => EmbeddedPotentials.Engine(name, request.Precision)) { IsEmbedded = true };
    }
}
