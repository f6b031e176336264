using System.Collections.Immutable;
using Polymorph.Energies.Ani;
using Polymorph.Energies.TensorNet;
using Polymorph.Structures;

namespace Polymorph.Energies.Catalogue;

/// <summary>The engines whose weights the user installs.</summary>
internal static class PublishedWeights
{
    private const string OrganicElements = "H C N O";
    private const string OrganicElementsOfAni2 = "H C N O S F Cl";

    public static ImmutableArray<EngineEntry> Entries { get; } =
    [
        Entry("tensornet", "TensorNet", null, EngineDomain.Crystals, "universal potential of crystals, PBE", null, "tensornet-matpes-pbe-2025.1.json",
            (manifest, precision) => new TensorNetEngine(manifest, precision)),
        Entry("ani-1ccx", "ANI", "ani-1ccx", EngineDomain.Molecules, "organic molecules, CCSD(T)*/CBS by transfer learning, with the spread of 8 networks", OrganicElements, "ani-1ccx.json", AniEngine.Read),
        Entry("ani-2x", "ANI", "ani-2x", EngineDomain.Molecules, "organic molecules with S, F and Cl, wB97X/6-31G(d)", OrganicElementsOfAni2, "ani-2x-2of8.json", AniEngine.Read),
    ];

    private static EngineEntry Entry(
        string name, string model, string? variant, EngineDomain domain, string purpose, string? elements, string file, Func<string, Precision, IEnergyEngine> read) =>
        new(name, EngineKind.Weights, domain, purpose,
            store => store.Find(model, variant) is { } installed
                ? new EngineState(true, installed.ManifestPath, installed.Name, installed.Elements, installed.Licence, installed.Citations)
                : new EngineState(false, $"install its weights: 'polymorph potentials add FOLDER' with the folder that holds {file} and its .bin", null,
                    elements is null ? null : [.. elements.Split(' ').Select(Element.Parse)], null, []),
            (store, request) => read(store.Find(model, variant)!.ManifestPath, request.Precision))
        { NeedsShortRangeGuard = true };
}
