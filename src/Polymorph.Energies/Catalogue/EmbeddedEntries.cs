using System.Collections.Immutable;
using Polymorph.Energies.Neural;

namespace Polymorph.Energies.Catalogue;

/// <summary>The neural potentials that come with the program, and those the user trained.</summary>
internal static class EmbeddedEntries
{
    private const string Citation = "H. Montes-Campos, J. Carrete, S. Bichelmaier, L. M. Varela, G. K. H. Madsen, J. Chem. Inf. Model. 62, 88 (2022)";

    public static ImmutableArray<EngineEntry> All { get; } = [.. EmbeddedPotentials.Names.Select(Entry)];

    private static EngineEntry Entry(string name) => new(name, EngineKind.BuiltIn,
        name == EmbeddedPotentials.Silica ? EngineDomain.Crystals : EngineDomain.Molecules,
        name == EmbeddedPotentials.Silica ? "neural potential of silica, trained on TensorNet" : "neural potential of molecules, trained on GFN2-xTB",
        _ => new EngineState(true, "nothing", name, EmbeddedPotentials.Get(name).Options.Elements, "Apache-2.0", [Citation]),
        (_, request) => EmbeddedPotentials.Engine(name, request.Precision))
    {
        IsEmbedded = true,
    };
}
