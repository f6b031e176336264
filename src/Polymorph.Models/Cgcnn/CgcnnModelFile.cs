using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Polymorph.Foundation;
using Polymorph.Learning;
using Polymorph.Learning.Kernels;
using Polymorph.Learning.Safetensors;
using Polymorph.Models.Cgcnn.Kernels;
using Polymorph.Models.CrystalGan;

namespace Polymorph.Models.Cgcnn;

/// <summary>Models and trainings on disk: weights by their published names and layouts in one safetensors file.</summary>
public static class CgcnnModelFile
{
    private const string Format = "polymorph.cgcnn/1";
    private const string TrainingFormat = "polymorph.cgcnn-training/1";
    private const string PublishedFormat = "pt";
    private const string Kind = "a crystal graph network";

    /// <summary>Writes a model, atomically.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The file to create or replace.</param>
    public static void Save(CgcnnModel model, string path)
    {
        ArgumentNullException.ThrowIfNull(model);
        var tensors = new Dictionary<string, Tensor>();
        var metadata = new Dictionary<string, string>
        {
            ["format"] = Format,
            ["options"] = Text(model.Options),
            ["property"] = model.Property,
            ["unit"] = model.Unit,
            ["level"] = model.Level,
            ["members"] = model.Members.Length.ToString(CultureInfo.InvariantCulture),
        };
        var shapes = Shapes(model.Options);
        for (int m = 0; m < model.Members.Length; m++)
        {
            Add(model.Members[m], Prefix(m), shapes, tensors, metadata);
        }

        new SafetensorsFile(tensors, metadata).Write(path);
    }

    /// <summary>Reads a model: one of ours, or a published one as converted from its checkpoint.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="PolymorphException">PM4101 to PM4103: unreadable or damaged; PM4104: a file of another kind.</exception>
    public static CgcnnModel Load(string path)
    {
        var file = SafetensorsFile.Read(path);
        if (file.Metadata.GetValueOrDefault("format") == PublishedFormat)
        {
            return ModelFile.Understand(file, path, Kind, PublishedFormat, () => LoadPublished(file));
        }

        return ModelFile.Understand(file, path, Kind, Format, () =>
        {
            var options = JsonSerializer.Deserialize(file.Metadata["options"], CgcnnJson.Default.CgcnnOptions) ?? throw new FormatException("it has no options");
            var shapes = Shapes(options);
            int members = checked((int)file.Integer("members"));
            return members is >= 1 and <= 1024
                ? new CgcnnModel(options, file.Metadata["property"], file.Metadata["unit"], file.Metadata["level"], [.. Enumerable.Range(0, members).Select(m => Read(file, Prefix(m), shapes))])
                : throw new FormatException($"it has {members} members");
        });
    }

    /// <summary>Writes the whole state of a training, atomically.</summary>
    /// <param name="trainer">The training.</param>
    /// <param name="signature">Text that tells data and settings.</param>
    /// <param name="path">The file to create or replace.</param>
    public static void SaveTraining(CgcnnTrainer trainer, string signature, string path)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        var tensors = new Dictionary<string, Tensor>
        {
            ["optimiser.mean"] = Tensor.From(trainer.Adam.Mean),
            ["optimiser.square"] = Tensor.From(trainer.Adam.Square),
            ["optimiser.momentum"] = Tensor.From(trainer.Momentum.Buffer),
        };
        var metadata = new Dictionary<string, string>
        {
            ["format"] = TrainingFormat,
            ["signature"] = signature,
            ["epoch"] = trainer.Epoch.ToString(CultureInfo.InvariantCulture),
            ["steps"] = trainer.Adam.StepCount.ToString(CultureInfo.InvariantCulture),
            ["loss"] = trainer.Loss.ToString("R", CultureInfo.InvariantCulture),
        };
        foreach (var (tensor, matrix) in trainer.Network.State())
        {
            tensors[$"now.{tensor.Name}"] = new Tensor(tensor.Shape, CgcnnNetwork<AlignedMatrix>.Read(tensor, matrix), IsDouble: false);
        }

        Add(trainer.Best, "best.", Shapes(trainer.Options), tensors, metadata);
        new SafetensorsFile(tensors, metadata).Write(path);
    }

    /// <summary>Brings a new trainer to the state of a file.</summary>
    /// <param name="trainer">Made with the same settings, crystals, seed and member.</param>
    /// <param name="signature">Text that tells data and settings.</param>
    /// <param name="path">A file that <see cref="SaveTraining"/> wrote.</param>
    /// <exception cref="PolymorphException">PM4101 to PM4103: unreadable or damaged; PM4104: a file of another kind or training.</exception>
    public static void Resume(CgcnnTrainer trainer, string signature, string path)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        var file = SafetensorsFile.Read(path);
        ModelFile.Understand(file, path, "a training of a crystal graph network", TrainingFormat, () =>
        {
            if (file.Metadata["signature"] != signature)
            {
                throw new FormatException("it was begun with other crystals or settings");
            }

            // Everything is found and measured before anything changes: a trainer is never left half resumed.
            var shapes = Shapes(trainer.Options);
            var (now, best) = (Read(file, "now.", shapes, scale: false), Read(file, "best.", shapes));
            (string Name, AlignedMatrix To)[] parts = [("optimiser.mean", trainer.Adam.Mean), ("optimiser.square", trainer.Adam.Square), ("optimiser.momentum", trainer.Momentum.Buffer)];
            int epoch = checked((int)file.Integer("epoch"));
            long steps = file.Integer("steps");
            double loss = Number(file, "loss");
            if (parts.Any(p => file.Tensors[p.Name].Values.Length != p.To.Columns) || epoch < 0 || steps < 0)
            {
                throw new FormatException("its optimiser has another size");
            }

            foreach (var (name, to) in parts)
            {
                file.Tensors[name].CopyTo(to);
            }

            foreach (var (tensor, matrix) in trainer.Network.State())
            {
                CgcnnNetwork<AlignedMatrix>.Write(tensor, matrix, now.State[tensor.Name]);
            }

            trainer.Adam.StepCount = steps;
            trainer.MoveTo(epoch, loss, best);
            return trainer;
        });
    }

    /// <summary>The epoch that a file of a training stands at.</summary>
    /// <param name="path">A file that <see cref="SaveTraining"/> wrote.</param>
    /// <exception cref="PolymorphException">PM4101 to PM4104: not such a file.</exception>
    public static int EpochOf(string path)
    {
        var file = SafetensorsFile.Read(path);
        return ModelFile.Understand(file, path, "a training of a crystal graph network", TrainingFormat, () => checked((int)file.Integer("epoch")));
    }

    /// <summary>Settings as text that tells one training from another.</summary>
    /// <param name="options">Form.</param>
    /// <param name="training">Settings.</param>
    public static string Describe(CgcnnOptions options, CgcnnTraining training) => $"{Text(options)} {JsonSerializer.Serialize(training, CgcnnJson.Default.CgcnnTraining)}";

    private static CgcnnModel LoadPublished(SafetensorsFile file)
    {
        string name = file.Metadata["model"];
        var (property, unit) = PublishedCgcnn.Find(name) ?? throw new FormatException($"no published model is called '{name}'");
        var options = new CgcnnOptions
        {
            Task = file.Metadata["task"] switch { "regression" => CgcnnTask.Regression, "classification" => CgcnnTask.Classification, var other => throw new FormatException($"its task is '{other}'") },
            AtomFeatures = (int)file.Integer("atom_fea_len"),
            HiddenFeatures = (int)file.Integer("h_fea_len"),
            Convolutions = (int)file.Integer("n_conv"),
            HiddenLayers = (int)file.Integer("n_h"),
        };
        var member = Read(file, "", Shapes(options), scale: false);
        member = member with { Mean = Number(file, "normalizer_mean"), Deviation = Number(file, "normalizer_std"), BestEpoch = (int)file.Integer("best_epoch"), BestMetric = Number(file, "best_val") };
        return new CgcnnModel(options, property, unit, PublishedCgcnn.Level(name), [member]) { PublishedError = PublishedCgcnn.MeanAbsoluteError(name) };
    }

    private static string Prefix(int member) => string.Create(CultureInfo.InvariantCulture, $"member.{member}.");

    private static string Text(CgcnnOptions options) => JsonSerializer.Serialize(options, CgcnnJson.Default.CgcnnOptions);

    private static double Number(SafetensorsFile file, string key) => double.Parse(file.Metadata[key], NumberStyles.Float, CultureInfo.InvariantCulture);

    private static List<PlacedTensor> Shapes(CgcnnOptions options) =>
        [.. new CgcnnNetwork<AlignedMatrix>(new LayerKernels(), new GraphKernels(), options).State().Select(s => s.Tensor)];

    private static void Add(CgcnnMember member, string prefix, List<PlacedTensor> shapes, Dictionary<string, Tensor> tensors, Dictionary<string, string> metadata)
    {
        foreach (var tensor in shapes)
        {
            tensors[prefix + tensor.Name] = new Tensor(tensor.Shape, [.. member.State[tensor.Name]], IsDouble: false);
        }

        metadata[prefix + "mean"] = member.Mean.ToString("R", CultureInfo.InvariantCulture);
        metadata[prefix + "deviation"] = member.Deviation.ToString("R", CultureInfo.InvariantCulture);
        metadata[prefix + "bestEpoch"] = member.BestEpoch.ToString(CultureInfo.InvariantCulture);
        if (member.BestMetric is { } metric)
        {
            metadata[prefix + "bestMetric"] = metric.ToString("R", CultureInfo.InvariantCulture);
        }
    }

    private static CgcnnMember Read(SafetensorsFile file, string prefix, List<PlacedTensor> shapes, bool scale = true)
    {
        var state = ImmutableSortedDictionary.CreateBuilder<string, ImmutableArray<double>>(StringComparer.Ordinal);
        foreach (var tensor in shapes)
        {
            var found = file.Tensors[prefix + tensor.Name];
            state[tensor.Name] = found.Shape.SequenceEqual(tensor.Shape)
                ? ImmutableArray.Create(found.Values)
                : throw new FormatException($"the tensor '{prefix}{tensor.Name}' has the shape [{string.Join(", ", found.Shape)}], the network [{string.Join(", ", tensor.Shape)}]");
        }

        return scale
            ? new CgcnnMember(state.ToImmutable(), Number(file, prefix + "mean"), Number(file, prefix + "deviation"), checked((int)file.Integer(prefix + "bestEpoch")), file.Metadata.ContainsKey(prefix + "bestMetric") ? Number(file, prefix + "bestMetric") : null)
            : new CgcnnMember(state.ToImmutable(), 0, 1, 0, null);
    }
}
