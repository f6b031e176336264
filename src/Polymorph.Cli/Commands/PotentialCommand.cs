using System.CommandLine;

namespace Polymorph.Cli.Commands;

/// <summary>The group of verbs that make potentials.</summary>
internal sealed class PotentialCommand : Command
{
    public PotentialCommand()
        : base("potential", "Make potentials from labelled structures.") => Add(new PotentialTrainVerb());
}
