using System.CommandLine;

namespace Polymorph.Cli.Commands;

/// <summary>The group of verbs that prepare structure files.</summary>
internal sealed class DataCommand : Command
{
    public DataCommand()
        : base("data", "Collect, fetch, look at and convert structure files.")
    {
        Add(new DataImportVerb());
        Add(new DataFetchVerb());
        Add(new DataInspectVerb());
        Add(new DataConvertVerb());
        Add(new DataPrepareCommand());
    }
}
