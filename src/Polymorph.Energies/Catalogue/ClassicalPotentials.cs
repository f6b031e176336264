using System.Collections.Immutable;
using Polymorph.Energies.Classical;

namespace Polymorph.Energies.Catalogue;

/// <summary>The classical potentials, which come with the program.</summary>
internal static class ClassicalPotentials
{
    public static ImmutableArray<EngineEntry> Entries { get; } =
    [
        Entry("tersoff", "silica and silicon, Tersoff potential", ClassicalEngine.TersoffMunetoh2007, "S. Munetoh, T. Motooka, K. Moriguchi, A. Shintani, Comput. Mater. Sci. 39, 334 (2007)"),
        Entry("vashishta", "silica, Vashishta potential", ClassicalEngine.Vashishta1990, "P. Vashishta, R. K. Kalia, J. P. Rino, I. Ebbsjö, Phys. Rev. B 41, 12197 (1990)"),
    ];

    private static EngineEntry Entry(string name, string purpose, ClassicalEngine engine, string citation) => new(name, EngineKind.BuiltIn, EngineDomain.Crystals, purpose,
        _ => new EngineState(true, "", engine.Method, engine.Elements, null, [citation]), (_, _) => engine);
}
