using System.CommandLine;

namespace Polymorph.Cli.Commands;

/// <summary>The group of verbs that make training sets.</summary>
internal sealed class DataPrepareCommand : Command
{
    public DataPrepareCommand()
        : base("prepare", "Make the training set of a model.") => Add(new PrepareCrystalGanVerb());
}
