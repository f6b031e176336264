using System.Text.Json.Nodes;
using Polymorph.Cli.Shell;
using Polymorph.Energies.Catalogue;
using Polymorph.Foundation;

namespace Polymorph.Cli.Commands;

/// <summary>All engines, whether they are ready, and what each needs.</summary>
internal sealed class PotentialsListVerb(EngineCatalogue catalogue)
    : Verb("list", "List all engines: whether each is ready, what it needs, its elements, its licence.", "polymorph potentials list", "polymorph potentials list --json")
{
    private const int ShownElements = 8;

    /// <inheritdoc/>
    public override ExitCode Run(Invocation call)
    {
        var engines = catalogue.Entries.Select(e => (Entry: e, State: e.State(catalogue.Store))).ToList();
        var document = new JsonObject
        {
            ["folder"] = catalogue.Store.Folder,
            ["engines"] = new JsonArray([.. engines.Select(e => (JsonNode)new JsonObject
            {
                ["name"] = e.Entry.Name,
                ["kind"] = Kind(e.Entry.Kind),
                ["purpose"] = e.Entry.Purpose,
                ["ready"] = e.State.IsReady,
                ["needs"] = e.State.Needs,
                ["method"] = e.State.Method,
                ["elements"] = e.State.Elements is { } known ? new JsonArray([.. known.Select(k => (JsonNode)k.Symbol)]) : null,
                ["licence"] = e.State.Licence,
                ["citations"] = new JsonArray([.. e.State.Citations.Select(c => (JsonNode)c)]),
            })]),
            ["installed"] = new JsonArray([.. catalogue.Store.List().Select(p => (JsonNode)new JsonObject
            {
                ["name"] = p.Name,
                ["model"] = p.Model,
                ["variant"] = p.Variant,
                ["sha256"] = p.BinarySha256,
                ["licence"] = p.Licence,
                ["manifest"] = p.ManifestPath,
            })]),
        };
        call.Result("polymorph.potentials/1", document, output =>
        {
            foreach (var (entry, state) in engines)
            {
                output.WriteLine($"{entry.Name,-18} {(state.IsReady ? "ready" : "off"),-6} {Kind(entry.Kind),-9} {entry.Purpose}");
                if (state.Method is { } method && method != entry.Name)
                {
                    Detail(output, "method", method);
                }

                Detail(output, "elements", Elements(state));
                if (state.Licence is { } licence)
                {
                    Detail(output, "licence", licence);
                }

                foreach (string citation in state.Citations)
                {
                    Detail(output, "cite", citation);
                }

                if (state.Needs.Length > 0)
                {
                    Detail(output, "needs", state.Needs);
                }
            }

            output.WriteLine();
            output.WriteLine($"Weights are installed in {catalogue.Store.Folder}.");
        });
        return ExitCode.Done;
    }

    private static string Kind(EngineKind kind) => kind switch { EngineKind.BuiltIn => "built in", EngineKind.Weights => "weights", _ => "program" };

    private static string Elements(EngineState state) => state.Elements is not { } known ? "as the program decides"
        : known.Length <= ShownElements ? string.Join(' ', known)
        : $"{known.Length}: {string.Join(' ', known.Take(ShownElements))} ...";

    private static void Detail(TextWriter output, string name, string value) => output.WriteLine($"  {name,-9} {value}");
}
