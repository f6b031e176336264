using System.CommandLine;
using System.Text.Json.Nodes;
using Polymorph.Cli.Shell;
using Polymorph.Energies.Catalogue;
using Polymorph.Foundation;

namespace Polymorph.Cli.Commands;

/// <summary>Removes installed weights.</summary>
internal sealed class PotentialsRemoveVerb : Verb
{
    private readonly EngineCatalogue _catalogue;
    private readonly Argument<string> _name = new("NAME") { Description = "Name of the installed weights." };

    public PotentialsRemoveVerb(EngineCatalogue catalogue)
        : base("remove", "Remove installed weights from your data folder.", "polymorph potentials remove ani-1ccx")
    {
        _catalogue = catalogue;
        Add(_name);
    }

    /// <inheritdoc/>
    public override ExitCode Run(Invocation call)
    {
        string name = call.Value(_name)!;
        _catalogue.Store.Remove(name);
        call.Result("polymorph.potentials-remove/1", new JsonObject { ["name"] = name, ["folder"] = _catalogue.Store.Folder }, output => output.WriteLine($"{name}: removed"));
        return ExitCode.Done;
    }
}
