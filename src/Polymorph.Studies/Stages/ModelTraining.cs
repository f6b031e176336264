using System.Diagnostics;
using Polymorph.Foundation;
using Polymorph.Models.LoGan;
using Polymorph.Structures;
using Polymorph.Studies.Recipes;
using Polymorph.Studies.Runs;

namespace Polymorph.Studies.Stages;

/// <summary>The training of one model on one thread, from its last checkpoint to its finished file.</summary>
/// <param name="session">The run folder.</param>
/// <param name="model">The model.</param>
/// <param name="training">The known structures.</param>
/// <param name="task">What to generate.</param>
/// <param name="observer">Told how far it is.</param>
internal sealed class ModelTraining(StudySession session, ModelPlan model, IReadOnlyList<Structure> training, LoGanTask task, IStudyObserver observer)
{
    private static readonly TimeSpan BetweenReports = TimeSpan.FromSeconds(0.5);

    // A look at 1000 structures costs about as much as one epoch.
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(5);

    private readonly RunFolder _folder = session.Folder;
    private readonly ModelCheckpoints _checkpoints = new(session.Folder, model.Name, session.Events, observer);
    private double? _validShare;

    /// <summary>Trains to the end, to divergence, or to the next epoch after a stop.</summary>
    /// <param name="stop">Stops after the current epoch, with a checkpoint.</param>
    public ModelProgress Run(CancellationToken stop)
    {
        if (File.Exists(_folder.ModelFile(model.Name)))
        {
            return Report(ModelState.Finished, model.Options.EffectiveEpochs, default, null);
        }

        if (File.Exists(_folder.DivergedFile(model.Name)))
        {
            return Report(ModelState.Diverged, 0, default, null);
        }

        // The pools of many large cells take seconds.
        Report(ModelState.Preparing, 0, default, null);
        var trainer = new LoGanTrainer(model.Options, task, LoGanTrainingSet.Create(training, model.Options, task, model.Seed), model.Seed);
        if (_checkpoints.Resume(file => LoGanModelFile.Resume(trainer, file)) is { } resumed)
        {
            session.Events.Write("model.resume", ("model", model.Name), ("epoch", trainer.Epoch), ("file", resumed));
        }

        try
        {
            return Train(trainer, stop);
        }
        catch (PolymorphException e) when (e.ExitCode == ExitCode.PartlyConverged)
        {
            return Diverged(trainer, e);
        }
    }

    private ModelProgress Train(LoGanTrainer trainer, CancellationToken stop)
    {
        var geometry = new GeometrySample(trainer);
        var clock = Stopwatch.StartNew();
        int firstEpoch = trainer.Epoch;
        TimeSpan reported = TimeSpan.Zero, looked = TimeSpan.Zero, saved = TimeSpan.Zero, between = TimeSpan.FromSeconds(session.Plan.CheckpointSeconds);
        session.Events.Write("model.begin", ("model", model.Name), ("epoch", trainer.Epoch), ("seed", model.Seed));
        Report(ModelState.Training, trainer.Epoch, default, null);
        while (!trainer.IsFinished)
        {
            trainer.RunEpoch();
            if (trainer.IsFinished)
            {
                break;
            }

            var now = clock.Elapsed;
            if (stop.IsCancellationRequested || now - saved >= between)
            {
                Checkpoint(trainer);
                saved = now;
            }

            if (stop.IsCancellationRequested)
            {
                return Report(ModelState.Stopped, trainer.Epoch, trainer.Statistics, null);
            }

            if (now - reported >= BetweenReports)
            {
                if (now - looked >= BetweenLooks)
                {
                    _validShare = geometry.ValidShare();
                    looked = now;
                }

                int left = model.Options.EffectiveEpochs - trainer.Epoch;
                Report(ModelState.Training, trainer.Epoch, trainer.Statistics, now / Math.Max(1, trainer.Epoch - firstEpoch) * left);
                reported = now;
            }
        }

        _checkpoints.Finish(file => LoGanModelFile.Save(trainer, file));
        _validShare = geometry.ValidShare();
        var statistics = trainer.Statistics;
        session.Events.Write("model.end", ("model", model.Name), ("epoch", trainer.Epoch), ("wasserstein", statistics.Wasserstein),
            ("gradientNorm", statistics.GradientNorm), ("validShare", _validShare), ("seconds", Math.Round(clock.Elapsed.TotalSeconds, 3)));
        return Report(ModelState.Finished, trainer.Epoch, statistics, TimeSpan.Zero);
    }

    private void Checkpoint(LoGanTrainer trainer)
    {
        _checkpoints.Save(file => LoGanModelFile.Save(trainer, file));
        session.Events.Write("checkpoint", ("model", model.Name), ("epoch", trainer.Epoch), ("wasserstein", trainer.Statistics.Wasserstein),
            ("gradientNorm", trainer.Statistics.GradientNorm), ("validShare", _validShare));
    }

    private ModelProgress Diverged(LoGanTrainer trainer, PolymorphException reason)
    {
        _checkpoints.Diverged(reason, trainer.Epoch);
        observer.Note($"{model.Name}: {reason.Message} The other models go on.");
        return Report(ModelState.Diverged, trainer.Epoch, trainer.Statistics, null);
    }

    private ModelProgress Report(ModelState state, int epoch, LoGanStatistics statistics, TimeSpan? left)
    {
        var progress = new ModelProgress(model.Name, state, epoch, model.Options.EffectiveEpochs, statistics, _validShare, left);
        observer.Model(progress);
        return progress;
    }
}
