using System.CommandLine;
using System.Text.Json.Nodes;
using Polymorph.Cli.Shell;
using Polymorph.Energies.Catalogue;
using Polymorph.Foundation;

namespace Polymorph.Cli.Commands;

/// <summary>Installs published weights into the user's data folder.</summary>
internal sealed class PotentialsAddVerb : Verb
{
    private readonly EngineCatalogue _catalogue;
    private readonly Argument<string> _path = new("FILE|FOLDER") { Description = "The manifest (.json) of weights, or a folder with manifests." };

    public PotentialsAddVerb(EngineCatalogue catalogue)
        : base("add", "Install published weights, with their SHA-256 and licence, into your data folder.", "polymorph potentials add weights/", "polymorph potentials add weights/ani-1ccx.json")
    {
        _catalogue = catalogue;
        Add(_path);
    }

    /// <inheritdoc/>
    public override ExitCode Run(Invocation call)
    {
        var added = _catalogue.Store.Add(call.Value(_path)!);
        var document = new JsonObject
        {
            ["folder"] = _catalogue.Store.Folder,
            ["potentials"] = new JsonArray([.. added.Select(a => (JsonNode)new JsonObject
            {
                ["file"] = a.File,
                ["name"] = a.Potential?.Name,
                ["state"] = a.Problem is not null ? "refused" : a.WasThere ? "present" : "installed",
                ["sha256"] = a.Potential?.BinarySha256,
                ["licence"] = a.Potential?.Licence,
                ["error"] = a.Problem?.Message,
            })]),
        };
        call.Result("polymorph.potentials-add/1", document, output =>
        {
            foreach (var a in added)
            {
                if (a.Potential is { } potential)
                {
                    output.WriteLine($"{potential.Name}: {(a.WasThere ? "was installed already" : "installed")}; licence: {potential.Licence ?? "none stated"}");
                }
            }
        });
        foreach (var problem in added.Select(a => a.Problem).OfType<PolymorphException>())
        {
            ErrorReport.Write(call.Terminal.Error, problem);
        }

        call.Note($"Weights are in {_catalogue.Store.Folder}. Next: {ProgramName.Text} potentials list");
        return added.All(a => a.Problem is null) ? ExitCode.Done : ExitCode.InputData;
    }
}
