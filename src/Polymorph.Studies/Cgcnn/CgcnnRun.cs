using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Polymorph.Foundation;
using Polymorph.Models.Cgcnn;
using Polymorph.Representations.CrystalGraphs;
using Polymorph.Structures.Formats.Tables;
using Polymorph.Studies.Runs;

namespace Polymorph.Studies.Cgcnn;

/// <summary>What a training gave.</summary>
/// <param name="Model">The model, as it was written.</param>
/// <param name="ModelFile">Where it was written.</param>
/// <param name="Counts">Crystals of training, validation and test.</param>
/// <param name="ValidationMetric">Mean absolute error or area under the curve of the ensemble on the crystals that chose its epochs.</param>
/// <param name="TestMetric">The same on crystals that had no influence; null without any.</param>
/// <param name="Baseline">Mean absolute error of predicting the training mean for the test crystals; null without any, or for a classification.</param>
/// <param name="MeanUncertainty">Mean deviation of the ensemble on the test crystals; null for a single network.</param>
public sealed record CgcnnRunResult(CgcnnModel Model, string ModelFile, (int Training, int Validation, int Test) Counts, double ValidationMetric, double? TestMetric, double? Baseline, double? MeanUncertainty);

/// <summary>Trains a crystal graph network, or an ensemble, in a run folder: settings, checkpoints, model, predictions.</summary>
public sealed class CgcnnRun
{
    private const string SettingsName = "cgcnn.json";
    private const int FewestCrystals = 10;

    /// <summary>Seconds between checkpoints where nobody says.</summary>
    public const double UsualCheckpointSeconds = 1;

    private readonly RunFolder _folder;
    private readonly IStudyObserver _observer;
    private readonly Lock _gate = new();
    private readonly Dictionary<int, int> _epochs = [];

    private readonly TimeSpan _betweenCheckpoints;

    private CgcnnRun(RunFolder folder, CgcnnRunSettings settings, TimeSpan betweenCheckpoints, IStudyObserver observer) => (_folder, Settings, _betweenCheckpoints, _observer) = (folder, settings, betweenCheckpoints, observer);

    private CgcnnRunSettings Settings { get; }

    private string ModelPath => ModelOf(_folder);

    /// <summary>Whether a folder holds such a training.</summary>
    /// <param name="path">The folder.</param>
    public static bool IsAt(string path) => File.Exists(Path.Combine(path, SettingsName));

    /// <summary>Refuses a run folder of a crystal graph network.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="PolymorphException">PM7347: it is one.</exception>
    internal static void Refuse(string path)
    {
        if (IsAt(path))
        {
            throw new PolymorphException("PM7347", "this run folder holds a crystal graph network, which predicts a property and has no such stage", path,
                "Use train and status, and its model.safetensors with 'predict' or as 'cgcnn:FILE' in a screening recipe.", ExitCode.Usage);
        }
    }

    /// <summary>Where a run stands: its settings, the epoch of each network, and its model's file, which is there when all is done.</summary>
    /// <param name="folder">The run folder.</param>
    /// <exception cref="PolymorphException">PM7343: the settings are damaged; PM4101 to PM4104: a checkpoint is.</exception>
    internal static (CgcnnRunSettings Settings, int[] Epochs, string ModelFile) Progress(RunFolder folder)
    {
        var settings = Recorded(folder);
        return (settings, [.. Enumerable.Range(0, settings.Repeats).Select(m => CheckpointOf(folder, m)).Select(file => File.Exists(file) ? CgcnnModelFile.EpochOf(file) : 0)], ModelOf(folder));
    }

    /// <summary>Trains to the end; the same call continues what was stopped.</summary>
    /// <param name="path">The run folder; made when missing.</param>
    /// <param name="ask">Changes the settings on record, or the defaults of a new run, to what is asked.</param>
    /// <param name="threads">Networks trained at the same time; never changes a bit.</param>
    /// <param name="checkpointSeconds">Seconds between checkpoints of a network; never changes a bit.</param>
    /// <param name="observer">Told how far it is.</param>
    /// <param name="cancellation">Stops; the checkpoints stay.</param>
    /// <exception cref="PolymorphException">PM7340, PM7341, PM7345: the data; PM7342: too few crystals; PM7343: a folder of something else; PM7344: the run was begun otherwise; PM7346: data or property not given;
    /// PM3110 to PM3112: a structure that has no graph; PM4001: diverged; PM7004 to PM7006: the folder.</exception>
    public static CgcnnRunResult Train(string path, Func<CgcnnRunSettings, CgcnnRunSettings> ask, int threads, double checkpointSeconds, IStudyObserver observer, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(ask);
        ArgumentNullException.ThrowIfNull(observer);
        var folder = RunFolder.Of(path);
        var settings = Resolve(folder, ask);

        // Read before the folder is touched, so that a mistake leaves nothing behind.
        observer.Note($"Reading {settings.Data}.");
        var set = ReadSet(settings, observer, cancellation, out var ids);
        using var held = RunLock.Take(folder);
        AtomicFile.WriteText(Path.Combine(folder.Root, SettingsName), settings.Write());
        var run = new CgcnnRun(folder, settings, TimeSpan.FromSeconds(checkpointSeconds), observer);
        return run.Train(set, ids, threads, cancellation);
    }

    private static CgcnnRunSettings Resolve(RunFolder folder, Func<CgcnnRunSettings, CgcnnRunSettings> ask)
    {
        string file = Path.Combine(folder.Root, SettingsName);
        if (!File.Exists(file))
        {
            if (Directory.Exists(folder.Root) && Directory.EnumerateFileSystemEntries(folder.Root).Any(e => Path.GetFileName(e) is not ("lock" or "lock.txt")))
            {
                throw new PolymorphException("PM7343", "the folder holds something else", folder.Root, "Choose a new or empty folder.", ExitCode.Usage);
            }

            var settings = ask(new CgcnnRunSettings());
            return settings.Data.Length == 0 || settings.Property.Length == 0
                ? throw new PolymorphException("PM7346", settings.Data.Length == 0 ? "no crystals are given" : "no property is given", folder.Root, "Name them with --data FILE|FOLDER and --property NAME.", ExitCode.Usage)
                : settings;
        }

        var recorded = Recorded(folder);
        var asked = ask(recorded);
        return asked.Write() == recorded.Write() ? recorded
            : throw new PolymorphException("PM7344", $"this run was begun with other settings; {FirstDifference(recorded.Write(), asked.Write())}", folder.Root, "Choose another folder for another run, or leave the value out to continue.", ExitCode.Usage);
    }

    private static CgcnnRunSettings Recorded(RunFolder folder)
    {
        string file = Path.Combine(folder.Root, SettingsName);
        try
        {
            return CgcnnRunSettings.Read(File.ReadAllText(file));
        }
        catch (Exception e) when (e is JsonException or ArgumentException or IOException)
        {
            throw new PolymorphException("PM7343", $"the settings of the run cannot be read: {e.Message}", file, "Restore the file, or begin anew in another folder.", inner: e);
        }
    }

    private static string ModelOf(RunFolder folder) => Path.Combine(folder.Root, "model.safetensors");

    private static string CheckpointOf(RunFolder folder, int member) => Path.Combine(folder.Root, string.Create(CultureInfo.InvariantCulture, $"member-{member}.checkpoint.safetensors"));

    private static string FirstDifference(string recorded, string asked)
    {
        var (was, now) = recorded.Split('\n').Zip(asked.Split('\n')).First(pair => pair.First != pair.Second);
        return $"on record: {was.Trim().TrimEnd(',')}, asked for: {now.Trim().TrimEnd(',')}";
    }

    private static CgcnnSet ReadSet(CgcnnRunSettings settings, IStudyObserver observer, CancellationToken cancellation, out List<string> ids)
    {
        var crystals = LabelledCrystals.Read(settings.Data, settings.Property, settings.Options.Task, cancellation);
        ids = [.. crystals.Select(c => c.Structure.Id)];
        if (crystals.Count < FewestCrystals)
        {
            throw new PolymorphException("PM7342", $"{crystals.Count} crystals are too few to learn from; at least {FewestCrystals} are needed", settings.Data, "Give more crystals; thousands are usual.");
        }

        observer.Note(string.Create(CultureInfo.InvariantCulture, $"Building the graphs of {crystals.Count} crystals."));
        var graphs = new CrystalGraph[crystals.Count];
        try
        {
            Parallel.For(0, crystals.Count, new ParallelOptions { CancellationToken = cancellation }, i => graphs[i] = CrystalGraph.Build(crystals[i].Structure, settings.Options.Graph));
        }
        catch (AggregateException e) when (e.InnerExceptions[0] is PolymorphException first)
        {
            throw first;
        }

        try
        {
            return CgcnnSet.Split(ImmutableArray.Create(graphs), [.. crystals.Select(c => c.Value)], settings.Validation, settings.Test, settings.Seed);
        }
        catch (ArgumentException e)
        {
            throw new PolymorphException("PM7342", e.Message, settings.Data, "Lower --validation or --test, or give more crystals.", inner: e);
        }
    }

    private CgcnnRunResult Train(CgcnnSet set, List<string> ids, int threads, CancellationToken cancellation)
    {
        string signature = Signature(set);
        var members = new CgcnnMember[Settings.Repeats];
        try
        {
            Parallel.For(0, members.Length, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, m => members[m] = TrainMember(set, m, signature, cancellation));
        }
        catch (AggregateException e)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.InnerExceptions.FirstOrDefault(i => i is PolymorphException) ?? e.InnerExceptions[0]);
        }

        string level = Settings.Method.Length > 0 ? $"estimates at the level of {Settings.Method}" : "estimates at the level of the training data";
        var model = new CgcnnModel(Settings.Options, Settings.Property, Settings.Unit, level, [.. members]);
        CgcnnModelFile.Save(model, ModelPath);
        var predicted = new CgcnnPredictor(model).Predict(set.Graphs, cancellation);
        WritePredictions(set, ids, predicted);
        bool regression = Settings.Options.Task == CgcnnTask.Regression;
        double mean = set.Training.Average(i => set.Targets[i]);
        double? baseline = regression && set.Test.Length > 0 ? set.Test.Average(i => Math.Abs(set.Targets[i] - mean)) : null;
        double? uncertainty = set.Test.Length > 0 && members.Length > 1 ? set.Test.Average(i => predicted[i].Uncertainty!.Value) : null;
        return new CgcnnRunResult(model, ModelPath, (set.Training.Length, set.Validation.Length, set.Test.Length), Metric(set.Validation), set.Test.Length > 0 ? Metric(set.Test) : null, baseline, uncertainty);

        double Metric(ImmutableArray<int> indices)
        {
            double[] values = [.. indices.Select(i => predicted[i].Value)], known = [.. indices.Select(i => set.Targets[i])];
            return regression ? CgcnnStatistics.MeanAbsoluteError(values, known) : CgcnnStatistics.AreaUnderCurve(values, known);
        }
    }

    private CgcnnMember TrainMember(CgcnnSet set, int member, string signature, CancellationToken cancellation)
    {
        var trainer = new CgcnnTrainer(Settings.Options, Settings.Training, set, Settings.Seed, member);
        string checkpoint = CheckpointOf(_folder, member);
        if (File.Exists(checkpoint))
        {
            CgcnnModelFile.Resume(trainer, signature, checkpoint);
            _observer.Note(string.Create(CultureInfo.InvariantCulture, $"Network {member + 1} continues from epoch {trainer.Epoch}."));
        }

        var saved = Stopwatch.StartNew();
        int begun = trainer.Epoch;
        while (!trainer.IsFinished)
        {
            if (cancellation.IsCancellationRequested)
            {
                CgcnnModelFile.SaveTraining(trainer, signature, checkpoint);
                cancellation.ThrowIfCancellationRequested();
            }

            trainer.RunEpoch(cancellation);
            Report(member, trainer);
            if (saved.Elapsed > _betweenCheckpoints)
            {
                CgcnnModelFile.SaveTraining(trainer, signature, checkpoint);
                saved.Restart();
            }
        }

        if (trainer.Epoch > begun)
        {
            CgcnnModelFile.SaveTraining(trainer, signature, checkpoint);
        }

        return trainer.Best;
    }

    private void Report(int member, CgcnnTrainer trainer)
    {
        int total = Settings.Training.Epochs;
        lock (_gate)
        {
            _epochs[member] = trainer.Epoch;
            _observer.Work("epochs of all networks", _epochs.Values.Sum(), (long)total * Settings.Repeats);
            if (trainer.Epoch % Math.Max(1, total / 10) == 0)
            {
                string metric = Settings.Options.Task == CgcnnTask.Regression ? "mean absolute error" : "area under the curve";
                _observer.Note(string.Create(CultureInfo.InvariantCulture, $"network {member + 1}: epoch {trainer.Epoch} of {total}, loss {trainer.Loss:0.00000}, best validation {metric} {trainer.Best.BestMetric:0.00000} in epoch {trainer.Best.BestEpoch}"));
            }
        }
    }

    private void WritePredictions(CgcnnSet set, List<string> ids, CgcnnPrediction[] predicted)
    {
        string[] parts = new string[ids.Count];
        foreach (var (name, indices) in new[] { ("training", set.Training), ("validation", set.Validation), ("test", set.Test) })
        {
            foreach (int i in indices)
            {
                parts[i] = name;
            }
        }

        var text = new StringBuilder("id,part,known,predicted,uncertainty\n");
        for (int i = 0; i < ids.Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{CsvField.Write(ids[i])},{parts[i]},{set.Targets[i]:R},{predicted[i].Value:R},{predicted[i].Uncertainty:R}\n");
        }

        AtomicFile.WriteText(Path.Combine(_folder.Root, "predictions.csv"), text.ToString());
    }

    // Two trainings are the same when settings, crystals and values are; how many networks there are changes none of them.
    private string Signature(CgcnnSet set)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int i = 0; i < set.Graphs.Length; i++)
        {
            hash.AppendData(BitConverter.GetBytes(set.Targets[i]));
            foreach (double d in set.Graphs[i].Distances)
            {
                hash.AppendData(BitConverter.GetBytes(d));
            }

            foreach (var element in set.Graphs[i].Species)
            {
                hash.AppendData(BitConverter.GetBytes(element.Number));
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{CgcnnModelFile.Describe(Settings.Options, Settings.Training)} seed {Settings.Seed} {set.Training.Length}+{set.Validation.Length}+{set.Test.Length} {Convert.ToHexStringLower(hash.GetHashAndReset())}");
    }
}
