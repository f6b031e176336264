using System.CommandLine;
using Polymorph.Energies.Catalogue;

namespace Polymorph.Cli.Commands;

/// <summary>All verbs in the order of the help page.</summary>
internal static class Verbs
{
    /// <summary>New instances; a verb belongs to one command line.</summary>
    public static IEnumerable<Command> All() => All(EngineCatalogue.OfUser());

    /// <summary>As <see cref="All()"/>, with other engines.</summary>
    /// <param name="catalogue">The engines.</param>
    public static IEnumerable<Command> All(EngineCatalogue catalogue) =>
    [
        new DemoVerb(catalogue),
        new RunVerb(catalogue),
        new TrainVerb(),
        new GenerateVerb(),
        new SelectVerb(),
        new RelaxVerb(catalogue),
        new CompareVerb(catalogue),
        new NearestVerb(),
        new CompositionsVerb(),
        new StatusVerb(),
        new ExplainVerb(),
        new EnergyVerb(catalogue),
        new MatchVerb(),
        new SymmetryVerb(),
        new CurveVerb(),
        new HullVerb(),
        new PourbaixVerb(),
        new PredictVerb(),
        new ModelsCommand(),
        new ScreenVerb(catalogue),
        new PotentialsCommand(catalogue),
        new PotentialCommand(),
        new DataCommand(),
        new DoctorVerb(catalogue),
    ];
}
