using System.Diagnostics;
using System.Globalization;
using Polymorph.Foundation;
using Polymorph.Models.LoGan;
using Polymorph.Studies.Runs;
using Polymorph.Studies.Stages;

namespace Polymorph.Studies.CrystalGan;

/// <summary>Trains the Crystal GAN of a run folder: checkpoints, resumption, events and progress.</summary>
public static class CrystalGanTrainStage
{
    private static readonly TimeSpan BetweenReports = TimeSpan.FromSeconds(0.25);

    /// <summary>Trains to the end, to divergence, or to the next batch after a stop.</summary>
    /// <param name="session">The run folder.</param>
    /// <param name="observer">Told how far it is.</param>
    /// <param name="cancellation">Stops after the batch under way, with a checkpoint.</param>
    /// <exception cref="OperationCanceledException">Stopped on request; everything is saved.</exception>
    /// <exception cref="PolymorphException">The disk is full, or a file is damaged. Divergence is no exception but a line of the result.</exception>
    public static TrainResult Run(CrystalGanSession session, IStudyObserver observer, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(observer);
        return new TrainResult([new Work(session, observer).Run(cancellation)]);
    }

    private sealed class Work(CrystalGanSession session, IStudyObserver observer)
    {
        private const string Name = CrystalGanRun.Name;

        private readonly RunFolder _folder = session.Folder;
        private readonly ModelCheckpoints _checkpoints = new(session.Folder, Name, session.Events, observer);
        private readonly int _epochs = session.Plan.Epochs;
        private double? _validShare;

        public ModelProgress Run(CancellationToken stop)
        {
            if (File.Exists(_folder.ModelFile(Name)))
            {
                return Report(ModelState.Finished, _epochs, default, null, null);
            }

            if (File.Exists(_folder.DivergedFile(Name)))
            {
                return Report(ModelState.Diverged, 0, default, null, null);
            }

            Report(ModelState.Preparing, 0, default, null, null);
            var training = CrystalGanModel.NewTraining(session);
            if (_checkpoints.Resume(training.Resume) is { } resumed)
            {
                session.Events.Write("model.resume", ("model", Name), ("epoch", training.Epoch), ("batch", training.Batch), ("file", resumed));
            }

            try
            {
                return Train(training, stop);
            }
            catch (PolymorphException e) when (e.ExitCode == ExitCode.PartlyConverged)
            {
                _checkpoints.Diverged(e, training.Epoch);
                observer.Note($"{Name}: {e.Message}");
                return Report(ModelState.Diverged, training.Epoch, training.Statistics, null, null);
            }
        }

        private ModelProgress Train(ICrystalGanTraining training, CancellationToken stop)
        {
            var clock = Stopwatch.StartNew();
            long first = Done(training), total = (long)_epochs * training.Batches;
            TimeSpan reported = TimeSpan.Zero, saved = TimeSpan.Zero, between = TimeSpan.FromSeconds(session.Plan.CheckpointSeconds);
            session.Events.Write("model.begin", ("model", Name), ("epoch", training.Epoch), ("batch", training.Batch), ("seed", session.Plan.Seed), ("threads", session.Plan.Threads));
            Report(ModelState.Training, training.Epoch, default, null, null);
            while (training.Epoch < _epochs)
            {
                int epoch = training.Epoch;
                training.Step();
                var now = clock.Elapsed;
                if (training.Epoch > epoch)
                {
                    _validShare = training.ValidShare();
                    WriteEvent("epoch", training, now);
                }

                if (training.Epoch >= _epochs)
                {
                    break;
                }

                if (stop.IsCancellationRequested || now - saved >= between)
                {
                    _checkpoints.Save(training.Save);
                    WriteEvent("checkpoint", training, now);
                    saved = now;
                }

                if (stop.IsCancellationRequested)
                {
                    Report(ModelState.Stopped, training.Epoch, training.Statistics, null, null);
                    stop.ThrowIfCancellationRequested();
                }

                if (now - reported >= BetweenReports)
                {
                    long done = Done(training);
                    string details = string.Create(CultureInfo.InvariantCulture, $"batch {training.Batch} of {training.Batches}, {training.Details}");
                    Report(ModelState.Training, training.Epoch, training.Statistics, now / Math.Max(1, done - first) * (total - done), details);
                    reported = now;
                }
            }

            _checkpoints.Finish(training.Save);
            WriteEvent("model.end", training, clock.Elapsed);
            return Report(ModelState.Finished, training.Epoch, training.Statistics, TimeSpan.Zero, training.Details);
        }

        private static long Done(ICrystalGanTraining training) => (long)training.Epoch * training.Batches + training.Batch;

        private void WriteEvent(string name, ICrystalGanTraining training, TimeSpan time) =>
            session.Events.Write(name, ("model", Name), ("epoch", training.Epoch), ("batch", training.Batch), ("wasserstein", training.Statistics.Wasserstein),
                ("gradientNorm", training.Statistics.GradientNorm), ("generatorLoss", training.Statistics.GeneratorLoss), ("losses", training.Details), ("validShare", _validShare), ("seconds", Math.Round(time.TotalSeconds, 3)));

        private ModelProgress Report(ModelState state, int epoch, LoGanStatistics statistics, TimeSpan? left, string? details)
        {
            var progress = new ModelProgress(Name, state, epoch, _epochs, statistics, _validShare, left) { Details = details };
            observer.Model(progress);
            return progress;
        }
    }
}
