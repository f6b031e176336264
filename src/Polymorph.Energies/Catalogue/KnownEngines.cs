using System.Collections.Immutable;
using Polymorph.Energies.External;
using Polymorph.Energies.External.Xtb;
using Polymorph.Foundation;
using Polymorph.Structures;

namespace Polymorph.Energies.Catalogue;

/// <summary>The engines that this program knows.</summary>
internal static class KnownEngines
{
    /// <summary>All, in the order of lists.</summary>
    public static ImmutableArray<EngineEntry> All { get; } =
    [
        Xtb("gfn2", XtbHamiltonian.Gfn2, "C. Bannwarth, S. Ehlert, S. Grimme, J. Chem. Theory Comput. 15, 1652 (2019)"),
        Xtb("gfn1", XtbHamiltonian.Gfn1, "S. Grimme, C. Bannwarth, P. Shushkov, J. Chem. Theory Comput. 13, 1989 (2017)"),
    ];

    /// <summary>The engine that a path or a socket stands for; null when the name is neither.</summary>
    /// <param name="name">What the user wrote.</param>
    /// <param name="request">What it is for.</param>
    /// <exception cref="PolymorphException">PM6227: there is no such file.</exception>
    public static IEnergyEngine? OpenPath(string name, EngineRequest request) => null;

    private static EngineEntry Xtb(string name, XtbHamiltonian hamiltonian, string citation)
    {
        ImmutableArray<Element> elements = [.. Element.All.Where(e => e.Number <= XtbEngine.HeaviestElement)];
        string method = new XtbEngine(new XtbOptions { Hamiltonian = hamiltonian }).Method;
        return new EngineEntry(name, EngineKind.Program, EngineDomain.Molecules, "tight binding by the program xtb, neutral molecules",
            _ => Installed("xtb", "apt-get install xtb", method, elements, "LGPL-3.0-or-later (the program)", citation),
            (_, _) => new XtbEngine(new XtbOptions { Hamiltonian = hamiltonian }));
    }

    private static EngineState Installed(string program, string install, string? method, ImmutableArray<Element>? elements, string? licence, params ImmutableArray<string> citations)
    {
        string? path = ProgramSearch.Find(program);
        return new EngineState(path is not null, path ?? $"install the program {program} (Debian: {install})", method, elements, licence, citations);
    }
}
