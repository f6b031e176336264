using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Polymorph.Foundation;
using Polymorph.Learning;
using Polymorph.Learning.Layers;
using Polymorph.Learning.Safetensors;

namespace Polymorph.Models.CrystalGan;

/// <summary>A model on disk: weights by their published names and layouts, running statistics, optimiser state, settings, seed and place in one safetensors file.</summary>
/// <remarks>The random state is the seed and the place, because every draw is addressed by them.</remarks>
public static class CrystalGanModelFile
{
    private const string Format = "polymorph.crystal-gan/1";
    private const string NotePrefix = "note.";

    /// <summary>Writes the whole state of a model, atomically.</summary>
    /// <param name="trainer">The model.</param>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="notes">The caller's own text by key, such as the elements of the rows.</param>
    public static void Save(CrystalGanTrainer trainer, string path, IReadOnlyDictionary<string, string>? notes = null)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        var tensors = new Dictionary<string, Tensor>();
        var metadata = new Dictionary<string, string>
        {
            ["format"] = Format,
            ["seed"] = trainer.Seed.ToString(CultureInfo.InvariantCulture),
            ["epoch"] = trainer.Epoch.ToString(CultureInfo.InvariantCulture),
            ["batch"] = trainer.Batch.ToString(CultureInfo.InvariantCulture),
            ["caps"] = Caps(trainer.Shape),
            ["options"] = JsonSerializer.Serialize(trainer.Options, CrystalGanJson.Default.CrystalGanOptions),
            ["knowsEnergies"] = trainer.KnowsEnergies ? "1" : "0",
            ["statistics"] = JsonSerializer.Serialize(trainer.Statistics, CrystalGanJson.Default.CrystalGanStatistics),
        };
        foreach (var (name, network, optimiser) in Parts(trainer))
        {
            foreach (var (tensor, matrix) in network.State())
            {
                tensors[$"{name}.{tensor.Name}"] = new Tensor(tensor.Shape, RowNetwork<AlignedMatrix>.Read(tensor, matrix), IsDouble: false);
            }

            tensors[$"{name}.optimiser.mean"] = Tensor.From(optimiser.Mean);
            tensors[$"{name}.optimiser.square"] = Tensor.From(optimiser.Square);
            metadata[$"{name}Steps"] = optimiser.StepCount.ToString(CultureInfo.InvariantCulture);
        }

        foreach (var (key, value) in notes ?? ImmutableDictionary<string, string>.Empty)
        {
            metadata[NotePrefix + key] = value;
        }

        new SafetensorsFile(tensors, metadata).Write(path);
    }

    /// <summary>Brings a new trainer to the state of a file.</summary>
    /// <param name="trainer">Made with the same options, shape, images and seed.</param>
    /// <param name="path">A file that <see cref="Save"/> wrote.</param>
    /// <exception cref="PolymorphException">PM4101 to PM4103: unreadable or damaged; PM4104: a file of another kind or of other settings.</exception>
    public static void Resume(CrystalGanTrainer trainer, string path)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        var file = SafetensorsFile.Read(path);
        ModelFile.Understand(file, path, "a crystal GAN", Format, () =>
        {
            if (file.Metadata["options"] != JsonSerializer.Serialize(trainer.Options, CrystalGanJson.Default.CrystalGanOptions)
                || file.Metadata["seed"] != trainer.Seed.ToString(CultureInfo.InvariantCulture)
                || file.Metadata["caps"] != Caps(trainer.Shape))
            {
                throw new FormatException("it was trained with other settings");
            }

            // Everything is found and measured before anything changes: a trainer is never left half resumed.
            var (epoch, batch) = (checked((int)file.Integer("epoch")), checked((int)file.Integer("batch")));
            var statistics = JsonSerializer.Deserialize(file.Metadata["statistics"], CrystalGanJson.Default.CrystalGanStatistics);
            if (epoch < 0 || batch < 0 || batch >= trainer.Batches)
            {
                throw new FormatException($"it stands at batch {batch} of {trainer.Batches}");
            }

            var steps = Parts(trainer).Select(p => file.Integer($"{p.Name}Steps")).ToList();
            foreach (var (name, network, optimiser) in Parts(trainer))
            {
                CheckTensors(file, name, network);
                if (file.Tensors[$"{name}.optimiser.mean"].Values.Length != optimiser.Mean.Columns || file.Tensors[$"{name}.optimiser.square"].Values.Length != optimiser.Mean.Columns)
                {
                    throw new FormatException($"the optimiser of the {name} has another size");
                }
            }

            foreach (var ((name, network, optimiser), count) in Parts(trainer).Zip(steps))
            {
                CopyTensors(file, name, network);
                file.Tensors[$"{name}.optimiser.mean"].CopyTo(optimiser.Mean);
                file.Tensors[$"{name}.optimiser.square"].CopyTo(optimiser.Square);
                optimiser.StepCount = count;
            }

            trainer.MoveTo(epoch, batch, statistics);
            return trainer;
        });
    }

    /// <summary>The generator and classifier of a file.</summary>
    /// <param name="path">A file that <see cref="Save"/> wrote.</param>
    /// <param name="threads">Threads of a pass.</param>
    /// <returns>The generator and the caller's notes.</returns>
    /// <exception cref="PolymorphException">PM4101 to PM4103: unreadable or damaged; PM4104: a file of another kind.</exception>
    public static (CrystalGanGenerator Generator, ImmutableSortedDictionary<string, string> Notes) LoadGenerator(string path, int threads = 1)
    {
        var file = SafetensorsFile.Read(path);
        return ModelFile.Understand(file, path, "a crystal GAN", Format, () =>
        {
            var options = JsonSerializer.Deserialize(file.Metadata["options"], CrystalGanJson.Default.CrystalGanOptions) ?? throw new FormatException("it has no options");
            var shape = new CrystalGanShape([.. file.Metadata["caps"].Split(' ').Select(c => int.Parse(c, NumberStyles.None, CultureInfo.InvariantCulture))]);
            var generator = new CrystalGanGenerator(options, shape, ulong.Parse(file.Metadata["seed"], CultureInfo.InvariantCulture), checked((int)file.Integer("epoch")), threads);
            CheckTensors(file, "generator", generator.Generator);
            CheckTensors(file, "classifier", generator.Classifier);
            CopyTensors(file, "generator", generator.Generator);
            if (generator is { Critic: { } critic, Stability: { } stability })
            {
                CheckTensors(file, "critic", critic);
                CheckTensors(file, "stability", stability);
                CopyTensors(file, "critic", critic);
                CopyTensors(file, "stability", stability);
                generator.KnowsEnergies = file.Integer("knowsEnergies") > 0;
            }

            CopyTensors(file, "classifier", generator.Classifier);
            var notes = file.Metadata.Where(m => m.Key.StartsWith(NotePrefix, StringComparison.Ordinal))
                .ToImmutableSortedDictionary(m => m.Key[NotePrefix.Length..], m => m.Value, StringComparer.Ordinal);
            return (generator, notes);
        });
    }

    private static IEnumerable<(string Name, RowNetwork<AlignedMatrix> Network, BlockAdam<AlignedMatrix> Optimiser)> Parts(CrystalGanTrainer trainer) =>
    [
        ("generator", trainer.Networks.Generator, trainer.Networks.GeneratorOptimiser),
        ("critic", trainer.Networks.Critic, trainer.Networks.CriticOptimiser),
        .. trainer.Networks.Stability is { } s ? [("stability", s.Network, s.Optimiser)] : Array.Empty<(string, RowNetwork<AlignedMatrix>, BlockAdam<AlignedMatrix>)>(),
        ("classifier", trainer.Networks.Classifier, trainer.Networks.ClassifierOptimiser),
    ];

    private static string Caps(CrystalGanShape shape) => string.Join(' ', shape.Caps.Select(c => c.ToString(CultureInfo.InvariantCulture)));

    private static void CheckTensors(SafetensorsFile file, string name, RowNetwork<AlignedMatrix> network)
    {
        foreach (var (tensor, _) in network.State())
        {
            if (!file.Tensors[$"{name}.{tensor.Name}"].Shape.SequenceEqual(tensor.Shape))
            {
                throw new FormatException($"the tensor '{name}.{tensor.Name}' has the shape [{string.Join(", ", file.Tensors[$"{name}.{tensor.Name}"].Shape)}], the network [{string.Join(", ", tensor.Shape)}]");
            }
        }
    }

    private static void CopyTensors(SafetensorsFile file, string name, RowNetwork<AlignedMatrix> network)
    {
        foreach (var (tensor, matrix) in network.State())
        {
            RowNetwork<AlignedMatrix>.Write(tensor, matrix, file.Tensors[$"{name}.{tensor.Name}"].Values);
        }

        network.ParametersChanged();
    }
}
