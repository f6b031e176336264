using Polymorph.Energies.Catalogue;
using Polymorph.Foundation;
using Polymorph.Studies.Runs;

namespace Polymorph.Studies.Stages;

/// <summary>What a whole study gave.</summary>
/// <param name="Training">How the training ended.</param>
/// <param name="Selection">What was kept, and why the rest was not.</param>
/// <param name="Relaxation">The relaxed structures; null when the recipe asks for none.</param>
/// <param name="Comparison">Known molecules found; null for crystals.</param>
/// <param name="Crystals">Known crystals found; null for molecules, and when none are named or nothing was relaxed.</param>
public sealed record StudyOutcome(TrainResult Training, SelectionOutcome Selection, RelaxationOutcome? Relaxation, Comparison? Comparison, CrystalComparison? Crystals);

/// <summary>All stages, one after the other; what is done already is not done again.</summary>
public static class WholeStudy
{
    /// <summary>Trains, generates, selects, relaxes when the recipe asks for it, and compares; with the engines of this user.</summary>
    /// <param name="session">The run folder.</param>
    /// <param name="observer">Told how far it is.</param>
    /// <param name="cancellation">Stops; the same command continues.</param>
    /// <exception cref="PolymorphException">PM7016: every model diverged; those of the stages.</exception>
    public static StudyOutcome Run(StudySession session, IStudyObserver observer, CancellationToken cancellation) => Run(session, EngineCatalogue.OfUser(), observer, cancellation);

    /// <summary>Trains, generates, selects, relaxes when the recipe asks for it, and compares.</summary>
    /// <param name="session">The run folder.</param>
    /// <param name="catalogue">The engines.</param>
    /// <param name="observer">Told how far it is.</param>
    /// <param name="cancellation">Stops; the same command continues.</param>
    /// <exception cref="PolymorphException">PM7016: every model diverged; those of the stages.</exception>
    public static StudyOutcome Run(StudySession session, EngineCatalogue catalogue, IStudyObserver observer, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (session.Plan.Relaxation.IsAsked)
        {
            // A wrong or missing engine is said before hours of training.
            ArgumentNullException.ThrowIfNull(catalogue);
            var assembly = session.ReadTask().Assembly;
            catalogue.Open(session.Plan.Relaxation.Engine, new EngineRequest(session.Plan.Relaxation.Precision, [.. assembly.Species], assembly.Periodicity.Any ? EngineDomain.Crystals : EngineDomain.Molecules));
        }

        var training = TrainStage.Run(session, observer, cancellation);
        if (training.Finished == 0)
        {
            throw new PolymorphException("PM7016", "every model diverged", session.Folder.Root, "Lower the learning rate in a new run folder.", ExitCode.NothingSurvived);
        }

        GenerateStage.Run(session, observer, cancellation);
        var selection = SelectStage.Run(session, observer, cancellation);
        var relaxation = session.Plan.Relaxation.IsAsked ? RelaxStage.Run(session, catalogue, observer, cancellation) : null;
        bool molecules = GeometryScreening.CanName(session.ReadTask().Assembly);
        return new StudyOutcome(training, selection, relaxation,
            molecules ? CompareStage.Run(session, observer, cancellation) : null,
            !molecules && relaxation is not null && session.Plan.Known is not null ? CrystalCompareStage.Run(session, catalogue, observer, cancellation) : null);
    }
}
