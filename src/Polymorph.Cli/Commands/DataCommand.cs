using System.CommandLine;

namespace Polymorph.Cli.Commands;

/// <summary>The group of verbs that prepare structure files.</summary>
internal sealed class DataCommand : Command
{
    public DataCommand()
        : base("data", "Collect, look at and convert structure files.")
    {
        Add(new DataImportVerb());
        Add(new DataInspectVerb());
        Add(new DataConvertVerb());
    }
}
