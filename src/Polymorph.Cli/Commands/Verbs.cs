using System.CommandLine;

namespace Polymorph.Cli.Commands;

/// <summary>All verbs in the order of the help page.</summary>
internal static class Verbs
{
    /// <summary>New instances; a verb belongs to one command line.</summary>
    public static IEnumerable<Command> All() =>
    [
        new TrainVerb(),
        new GenerateVerb(),
        new DataCommand(),
        new DoctorVerb(),
    ];
}
