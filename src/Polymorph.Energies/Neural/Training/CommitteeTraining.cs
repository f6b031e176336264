using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace Polymorph.Energies.Neural.Training;

/// <summary>How far one member is.</summary>
/// <param name="Member">Index, from 0.</param>
/// <param name="Epoch">Finished epochs.</param>
/// <param name="Epochs">Epochs to do.</param>
/// <param name="Steps">Steps of the epoch under way.</param>
/// <param name="StepsPerEpoch">Steps of an epoch.</param>
/// <param name="TrainingLoss">Mean loss of the last epoch.</param>
/// <param name="ValidationLoss">Lowest validation loss so far.</param>
/// <param name="Left">Time to the end of this member as its pace tells; null at first.</param>
public readonly record struct MemberProgress(int Member, int Epoch, int Epochs, int Steps, int StepsPerEpoch, double TrainingLoss, double ValidationLoss, TimeSpan? Left);

/// <summary>Trains a committee, one thread per member at a time, with a checkpoint per member after each epoch; the same call continues what was stopped.</summary>
/// <remarks>A member's bits depend on its seed and index alone, never on the number of threads.</remarks>
/// <param name="set">Frames.</param>
/// <param name="training">Settings.</param>
/// <param name="checkpointPath">Path of the checkpoints without <c>.member-0.checkpoint</c>; null for none.</param>
public sealed class CommitteeTraining(NeuralTrainingSet set, NeuralTraining training, string? checkpointPath = null)
{
    private readonly NeuralMemberTrainer?[] _members = new NeuralMemberTrainer?[training.Members];

    /// <summary>Trains all members to their end.</summary>
    /// <param name="method">Method name of the potential.</param>
    /// <param name="metadata">Provenance to store with it.</param>
    /// <param name="threads">Members trained at the same time.</param>
    /// <param name="progress">Called from several threads.</param>
    /// <param name="cancellation">Stops; the checkpoints stay.</param>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    /// <exception cref="Foundation.PolymorphException">A checkpoint is damaged (PM4101 to PM4103) or belongs to another training (PM6144).</exception>
    public NeuralPotential Run(string method, ImmutableSortedDictionary<string, string> metadata, int threads, Action<MemberProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        string signature = Signature();
        Exception? failure = null;
        int next = -1;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var workers = Enumerable.Range(0, Math.Min(threads, training.Members)).Select(_ => new Thread(() =>
        {
            try
            {
                for (int m = Interlocked.Increment(ref next); m < training.Members; m = Interlocked.Increment(ref next))
                {
                    _members[m] = Train(m, signature, progress, stop.Token);
                }
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref failure, e, null);
                stop.Cancel();
            }
        })).ToList();
        workers.ForEach(w => w.Start());
        workers.ForEach(w => w.Join());
        if (failure is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }

        return new NeuralPotential(set.Options, method, [.. _members.Select(m => m!.Result)], set.Standard, set.References, metadata.SetItem("training", NeuralJson.Write(training)));
    }

    /// <summary>Removes the checkpoints: to be called when the potential is on disk.</summary>
    public void RemoveCheckpoints()
    {
        for (int m = 0; m < training.Members && checkpointPath is not null; m++)
        {
            File.Delete(PathOf(m));
        }
    }

    private string PathOf(int member) => string.Create(CultureInfo.InvariantCulture, $"{checkpointPath}.member-{member}.checkpoint");

    private NeuralMemberTrainer Train(int member, string signature, Action<MemberProgress>? progress, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var trainer = new NeuralMemberTrainer(set, training, member);
        string? path = checkpointPath is null ? null : PathOf(member);
        if (path is not null && File.Exists(path))
        {
            MemberCheckpoint.Resume(trainer, signature, path);
        }

        int begun = trainer.Epoch, steps = trainer.StepsPerEpoch;
        var clock = Stopwatch.StartNew();
        Report(0);
        while (!trainer.Finished)
        {
            trainer.RunEpoch(step =>
            {
                if (step % 64 == 0)
                {
                    Report(step);
                }
            }, cancellation);
            if (path is not null)
            {
                MemberCheckpoint.Save(trainer, signature, path);
            }

            Report(0);
        }

        return trainer;

        void Report(int step)
        {
            double done = trainer.Epoch - begun + (double)step / steps;
            TimeSpan? left = done > 0 ? clock.Elapsed * ((training.Epochs - begun - done) / done) : null;
            progress?.Invoke(new(member, trainer.Epoch, training.Epochs, step, steps, trainer.TrainingLoss, trainer.BestLoss, left));
        }
    }

    // Two trainings are the same when form, settings and labels are.
    private string Signature()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var frame in set.Train.Concat(set.Validation))
        {
            hash.AppendData(BitConverter.GetBytes(frame.Energy));
            hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(frame.Forces.AsSpan()));
        }

        return $"{NeuralJson.Write(set.Options)} {NeuralJson.Write(training)} {set.TrainCount}+{set.ValidationCount} {Convert.ToHexStringLower(hash.GetHashAndReset())}";
    }
}
