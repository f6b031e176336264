using System.CommandLine;

namespace Polymorph.Cli.Commands;

/// <summary>All verbs in the order of the help page.</summary>
internal static class Verbs
{
    /// <summary>New instances; a verb belongs to one command line.</summary>
    public static IEnumerable<Command> All() =>
    [
        new DemoVerb(),
        new RunVerb(),
        new TrainVerb(),
        new GenerateVerb(),
        new SelectVerb(),
        new CompareVerb(),
        new StatusVerb(),
        new DataCommand(),
        new PotentialCommand(),
        new DoctorVerb(),
    ];
}
