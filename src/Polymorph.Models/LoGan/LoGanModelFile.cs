using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Polymorph.Foundation;
using Polymorph.Learning;
using Polymorph.Learning.Safetensors;
using Polymorph.Structures;

namespace Polymorph.Models.LoGan;

/// <summary>A model on disk: weights, optimiser state, settings, seed and epoch in one safetensors file.</summary>
/// <remarks>The random state is the seed and the epoch, because every draw is addressed by them.</remarks>
public static class LoGanModelFile
{
    private const string Format = "polymorph.logan/1";

    /// <summary>Writes the whole state of a model, atomically.</summary>
    /// <param name="trainer">The model.</param>
    /// <param name="path">The file to create or replace.</param>
    public static void Save(LoGanTrainer trainer, string path)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        var assembly = trainer.Task.Assembly;
        var tensors = new Dictionary<string, Tensor>
        {
            ["assembly.source"] = new([assembly.Sources.Length], [.. assembly.Sources.ToArray().Select(s => (double)s)], IsDouble: false),
            ["assembly.map"] = new([assembly.Sources.Length, 12], [.. assembly.Maps.ToArray().Select(m => (double)m)], IsDouble: false),
        };
        AddNetwork(tensors, "generator", trainer.Generator, trainer.GeneratorOptimiser);
        AddNetwork(tensors, "critic", trainer.Critic, trainer.CriticOptimiser);
        new SafetensorsFile(tensors, new Dictionary<string, string>
        {
            ["format"] = Format,
            ["seed"] = trainer.Seed.ToString(CultureInfo.InvariantCulture),
            ["epoch"] = trainer.Epoch.ToString(CultureInfo.InvariantCulture),
            ["types"] = string.Join(' ', trainer.Types),
            ["options"] = JsonSerializer.Serialize(trainer.Options, LoGanJson.Default.LoGanOptions),
            ["task"] = JsonSerializer.Serialize(ToRecord(assembly), LoGanJson.Default.AssemblyRecord),
            ["generatorSteps"] = trainer.GeneratorOptimiser.StepCount.ToString(CultureInfo.InvariantCulture),
            ["criticSteps"] = trainer.CriticOptimiser.StepCount.ToString(CultureInfo.InvariantCulture),
        }).Write(path);
    }

    /// <summary>Brings a new trainer to the state of a file.</summary>
    /// <param name="trainer">Made with the same options, task, types and seed.</param>
    /// <param name="path">A file that <see cref="Save"/> wrote.</param>
    /// <exception cref="PolymorphException">PM4101 to PM4103: unreadable or damaged; PM4104: a file of another kind or of other settings.</exception>
    public static void Resume(LoGanTrainer trainer, string path)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        var file = SafetensorsFile.Read(path);
        ModelFile.Understand(file, path, "a LoGAN model", Format, () =>
        {
            if (file.Metadata["options"] != JsonSerializer.Serialize(trainer.Options, LoGanJson.Default.LoGanOptions)
                || file.Metadata["seed"] != trainer.Seed.ToString(CultureInfo.InvariantCulture)
                || file.Metadata["types"] != string.Join(' ', trainer.Types)
                || file.Metadata["task"] != JsonSerializer.Serialize(ToRecord(trainer.Task.Assembly), LoGanJson.Default.AssemblyRecord))
            {
                throw new FormatException("it was trained with other settings");
            }

            // Everything is found and measured before anything changes: a trainer is never left half resumed.
            var parts = State(file, "generator", trainer.Generator, trainer.GeneratorOptimiser).Concat(State(file, "critic", trainer.Critic, trainer.CriticOptimiser)).ToList();
            var (generatorSteps, criticSteps, epoch) = (file.Integer("generatorSteps"), file.Integer("criticSteps"), checked((int)file.Integer("epoch")));
            Copy(parts);
            trainer.Generator.ParametersChanged();
            trainer.Critic.ParametersChanged();
            trainer.GeneratorOptimiser.StepCount = generatorSteps;
            trainer.CriticOptimiser.StepCount = criticSteps;
            trainer.Epoch = epoch;
            return trainer;
        });
    }

    /// <summary>The generator of a file.</summary>
    /// <param name="path">A file that <see cref="Save"/> wrote.</param>
    /// <returns>The generator, the model's settings, its seed and its epochs.</returns>
    /// <exception cref="PolymorphException">PM4101 to PM4103: unreadable or damaged; PM4104: a file of another kind.</exception>
    public static (LoGanGenerator Generator, LoGanOptions Options, ulong Seed, int Epoch) LoadGenerator(string path)
    {
        var file = SafetensorsFile.Read(path);
        return ModelFile.Understand(file, path, "a LoGAN model", Format, () =>
        {
            var options = JsonSerializer.Deserialize(file.Metadata["options"], LoGanJson.Default.LoGanOptions) ?? throw new FormatException("it has no options");
            var assembly = ReadAssembly(file);
            var network = new DenseNetwork(LoGanNetworks.Generator(options, assembly));
            Copy([.. Parameters(file, "generator", network)]);
            network.ParametersChanged();
            return (new LoGanGenerator(assembly, network), options, ulong.Parse(file.Metadata["seed"], CultureInfo.InvariantCulture), checked((int)file.Integer("epoch")));
        });
    }

    /// <summary>The critic of a file.</summary>
    /// <param name="path">A file that <see cref="Save"/> wrote.</param>
    /// <returns>Atoms and cell of the structures, the model's settings, the elements whose index is the type, and the critic.</returns>
    /// <exception cref="PolymorphException">PM4101 to PM4103: unreadable or damaged; PM4104: a file of another kind.</exception>
    public static (StructureAssembly Assembly, LoGanOptions Options, ImmutableArray<Element> Types, DenseNetwork Critic) LoadCritic(string path)
    {
        var file = SafetensorsFile.Read(path);
        return ModelFile.Understand(file, path, "a LoGAN model", Format, () =>
        {
            var options = JsonSerializer.Deserialize(file.Metadata["options"], LoGanJson.Default.LoGanOptions) ?? throw new FormatException("it has no options");
            ImmutableArray<Element> types = [.. file.Metadata["types"].Split(' ').Select(Element.Parse)];
            var network = new DenseNetwork(LoGanNetworks.Critic(options, types.Length));
            Copy([.. Parameters(file, "critic", network)]);
            network.ParametersChanged();
            return (ReadAssembly(file), options, types, network);
        });
    }

    private static void AddNetwork(Dictionary<string, Tensor> tensors, string name, DenseNetwork network, IOptimiser optimiser)
    {
        for (int layer = 0; layer < network.Shape.Layers; layer++)
        {
            tensors[$"{name}.{layer}.weight"] = Tensor.From(network.Weights(layer));
            tensors[$"{name}.{layer}.bias"] = Tensor.From(network.Biases(layer));
        }

        foreach (var (state, values) in optimiser.State)
        {
            tensors[$"{name}.optimiser.{state}"] = Tensor.From(values);
        }
    }

    private static IEnumerable<(Tensor From, AlignedMatrix To)> Parameters(SafetensorsFile file, string name, DenseNetwork network)
    {
        for (int layer = 0; layer < network.Shape.Layers; layer++)
        {
            yield return (file.Tensors[$"{name}.{layer}.weight"], network.Weights(layer));
            yield return (file.Tensors[$"{name}.{layer}.bias"], network.Biases(layer));
        }
    }

    private static IEnumerable<(Tensor From, AlignedMatrix To)> State(SafetensorsFile file, string name, DenseNetwork network, IOptimiser optimiser) =>
        Parameters(file, name, network).Concat(optimiser.State.Select(s => (file.Tensors[$"{name}.optimiser.{s.Key}"], s.Value)));

    private static void Copy(List<(Tensor From, AlignedMatrix To)> parts)
    {
        if (parts.FirstOrDefault(p => p.From.Values.Length != p.To.Rows * p.To.Columns) is { From: { } wrong, To: { } target })
        {
            throw new FormatException($"a tensor has {wrong.Values.Length} values, the network {target.Rows} x {target.Columns}");
        }

        parts.ForEach(p => p.From.CopyTo(p.To));
    }

    private static AssemblyRecord ToRecord(StructureAssembly assembly) => new(
        [.. assembly.Species.Select(e => e.Symbol)], Rows(assembly.Frame), assembly.Lattice is null ? null : Rows(assembly.Lattice),
        [assembly.Periodicity.A, assembly.Periodicity.B, assembly.Periodicity.C], assembly.GeneratedAtoms);

    private static StructureAssembly ReadAssembly(SafetensorsFile file)
    {
        var record = JsonSerializer.Deserialize(file.Metadata["task"], LoGanJson.Default.AssemblyRecord) ?? throw new FormatException("it has no task");
        ImmutableArray<Element> species = [.. record.Species.Select(Element.Parse)];
        return new StructureAssembly(ToLattice(record.Frame), record.Lattice is null ? null : ToLattice(record.Lattice),
            new Periodicity(record.Periodicity[0], record.Periodicity[1], record.Periodicity[2]), record.GeneratedAtoms, species,
            [.. file.Tensors["assembly.source"].Values.Select(v => checked((int)v))], [.. file.Tensors["assembly.map"].Values.Select(v => (float)v)]);
    }

    private static double[] Rows(Lattice lattice) => [.. new[] { lattice.A, lattice.B, lattice.C }.SelectMany(v => new[] { v.X, v.Y, v.Z })];

    private static Lattice ToLattice(double[] rows) => rows.Length == 9
        ? new(new(rows[0], rows[1], rows[2]), new(rows[3], rows[4], rows[5]), new(rows[6], rows[7], rows[8]))
        : throw new FormatException("a cell has not nine numbers");
}
