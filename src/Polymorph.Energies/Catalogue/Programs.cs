using System.Collections.Immutable;
using Polymorph.Energies.External;
using Polymorph.Energies.External.IPi;
using Polymorph.Energies.External.Xtb;
using Polymorph.Foundation;
using Polymorph.Structures;

namespace Polymorph.Energies.Catalogue;

/// <summary>The engines that are programs of their own.</summary>
internal static class Programs
{
    public static ImmutableArray<EngineEntry> Entries { get; } =
    [
        Xtb("gfn2", XtbHamiltonian.Gfn2, "C. Bannwarth, S. Ehlert, S. Grimme, J. Chem. Theory Comput. 15, 1652 (2019)"),
        Xtb("gfn1", XtbHamiltonian.Gfn1, "S. Grimme, C. Bannwarth, P. Shushkov, J. Chem. Theory Comput. 13, 1989 (2017)"),
        .. ExternalEngines.All.Where(e => BuiltInTemplates.Names.Contains(e.Method)).Select(Client),
    ];

    /// <summary>How programs are run for this user: his own templates lie beside the installed potentials.</summary>
    public static ExternalEngineOptions Options(PotentialStore store) => new() { TemplateFolder = Path.Combine(Path.GetDirectoryName(store.Folder)!, "templates") };

    private static EngineEntry Xtb(string name, XtbHamiltonian hamiltonian, string citation)
    {
        ImmutableArray<Element> elements = [.. Element.All.Where(e => e.Number <= XtbEngine.HeaviestElement)];
        var options = new XtbOptions { Hamiltonian = hamiltonian };
        string method = new XtbEngine(options).Method;
        return new EngineEntry(name, EngineKind.Program, EngineDomain.Molecules, "tight binding by the program xtb, neutral molecules",
            _ => ProgramSearch.Find(options.Program) is { } path
                ? new EngineState(true, path, method, elements, null, [citation])
                : new EngineState(false, "install the program xtb (Debian: apt-get install xtb)", method, elements, null, [citation]),
            (_, _) => new XtbEngine(options));
    }

    private static EngineEntry Client(ExternalEngine engine)
    {
        var domain = Template(engine.Method, null).Structures switch
        {
            ClientStructures.Crystals => EngineDomain.Crystals,
            ClientStructures.Molecules => EngineDomain.Molecules,
            _ => EngineDomain.Any,
        };

        // GPAW's published settings are of crystals; the same name stands for those of molecules when molecules are asked for.
        string? ofMolecules = engine.Name == "gpaw" ? "gpaw-lcao" : null;
        return new EngineEntry(engine.Name, EngineKind.Program, ofMolecules is null ? domain : EngineDomain.Any, engine.Use, store => State(engine, store),
            (store, request) => ExternalEngines.Create(request.Domain == EngineDomain.Molecules && ofMolecules is not null ? ofMolecules : engine.Name, Options(store)));
    }

    private static EngineState State(ExternalEngine engine, PotentialStore store)
    {
        try
        {
            var template = Template(engine.Method, Options(store).TemplateFolder);
            ImmutableArray<Element>? elements = template.Elements.IsEmpty ? null : template.Elements;
            try
            {
                new ClientProgram(template, new IPiOptions()).Find();
                return new EngineState(true, engine.Needs, template.Method, elements, null, []);
            }
            catch (PolymorphException)
            {
                return new EngineState(false, $"install {engine.Needs}", template.Method, elements, null, []);
            }
        }
        catch (PolymorphException e)
        {
            return new EngineState(false, $"mend its template: {e.Message}", engine.Method, null, null, []);
        }
    }

    private static ClientTemplate Template(string method, string? folder) => BuiltInTemplates.Get(method, folder);
}
