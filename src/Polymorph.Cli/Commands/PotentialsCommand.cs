using System.CommandLine;
using Polymorph.Energies.Catalogue;

namespace Polymorph.Cli.Commands;

/// <summary>The group of verbs about engines and installed weights.</summary>
internal sealed class PotentialsCommand : Command
{
    public PotentialsCommand(EngineCatalogue catalogue)
        : base("potentials", "Engines for energies: list them, install published weights.")
    {
        Add(new PotentialsListVerb(catalogue));
        Add(new PotentialsAddVerb(catalogue));
        Add(new PotentialsRemoveVerb(catalogue));
        Add(new PotentialsTemplateVerb());
    }
}
