using Polymorph.Foundation;
using Polymorph.Studies.Runs;

namespace Polymorph.Studies.Stages;

/// <summary>What a whole study gave.</summary>
/// <param name="Training">How the training ended.</param>
/// <param name="Selection">What was kept, and why the rest was not.</param>
/// <param name="Comparison">Known molecules found; null for crystals.</param>
public sealed record StudyOutcome(TrainResult Training, SelectionOutcome Selection, Comparison? Comparison);

/// <summary>All stages, one after the other; what is done already is not done again.</summary>
public static class WholeStudy
{
    /// <summary>Trains, generates, selects and compares.</summary>
    /// <param name="session">The run folder.</param>
    /// <param name="observer">Told how far it is.</param>
    /// <param name="cancellation">Stops; the same command continues.</param>
    /// <exception cref="PolymorphException">PM7016: every model diverged; those of the stages.</exception>
    public static StudyOutcome Run(StudySession session, IStudyObserver observer, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        var training = TrainStage.Run(session, observer, cancellation);
        if (training.Finished == 0)
        {
            throw new PolymorphException("PM7016", "every model diverged", session.Folder.Root, "Lower the learning rate in a new run folder.", ExitCode.NothingSurvived);
        }

        GenerateStage.Run(session, observer, cancellation);
        var selection = SelectStage.Run(session, observer, cancellation);
        bool molecules = Screening.CanName(session.ReadTask().Assembly);
        return new StudyOutcome(training, selection, molecules ? CompareStage.Run(session, observer, cancellation) : null);
    }
}
