using System.CommandLine;
using System.Text.Json.Nodes;
using Polymorph.Cli.Shell;
using Polymorph.Energies.External;
using Polymorph.Energies.External.IPi;
using Polymorph.Foundation;

namespace Polymorph.Cli.Commands;

/// <summary>Shows how a program outside is started, to be edited.</summary>
internal sealed class PotentialsTemplateVerb : Verb
{
    private readonly Argument<string> _name = new("ENGINE") { Description = "An engine of the kind 'program', such as gpaw." };

    public PotentialsTemplateVerb()
        : base("template", "Print the template by which a program is started over i-PI; edit it and give it as '--engine ipi:FILE'.", "polymorph potentials template gpaw") => Add(_name);

    /// <inheritdoc/>
    public override ExitCode Run(Invocation call)
    {
        string name = call.Value(_name)!, method = ExternalEngines.All.FirstOrDefault(e => e.Name == name)?.Method ?? name;
        string text = BuiltInTemplates.Text(method);
        call.Result("polymorph.potentials-template/1", new JsonObject { ["method"] = method, ["text"] = text }, output => output.Write(text));
        call.Note("Save it as FILE.template, edit it, give it another method, and use it with --engine ipi:FILE.template.");
        return ExitCode.Done;
    }
}
