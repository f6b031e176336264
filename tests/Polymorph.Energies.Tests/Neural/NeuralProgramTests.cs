using System.Text.Json;
using Polymorph.Energies.Neural;
using Polymorph.Structures;
using Polymorph.Structures.Formats;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Energies.Tests.Neural;

/// <summary>Potential files evaluated by another program: <c>benchmarks/opponents/neural_torch.py</c>, written from the formulas, its forces by PyTorch's automatic differentiation.</summary>
public sealed class NeuralProgramTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("polymorph-neural-").FullName;

    /// Embedded potentials, and random ones with two shells, with and without messages, on molecules and crystals.
    [Fact]
    public void EnergiesAndForcesAreThoseOfPyTorch()
    {
        (NeuralPotential Potential, Structure Structure)[] cases =
        [
            (EmbeddedPotentials.Get(EmbeddedPotentials.Molecules), Moved(Known("C5H12O"))),
            (EmbeddedPotentials.Get(EmbeddedPotentials.Silica), Moved(Known("mp-546794"))),
            (NeuralCases.Potential(NeuralCases.Options), NeuralCases.Crystal(6, 11)),
            (NeuralCases.Potential(NeuralCases.WithoutMessages), NeuralCases.Cluster(12, 12)),
        ];
        string[] lines = Theirs(cases);
        Assert.Equal(cases.Length, lines.Length);
        foreach (var ((potential, structure), line) in cases.Zip(lines))
        {
            var ours = NeuralCases.Evaluate(potential, structure, Precision.Double);
            using var theirs = JsonDocument.Parse(line);
            double scale = ours.Forces.Max(f => f.Length);
            // Both in double precision. Their radial functions are fits to 1e-11 of the peak, and forces are sums of hundreds of products of these.
            Assert.Equal(ours.EnergyEV, theirs.RootElement.GetProperty("energy").GetDouble(), 1e-8 * structure.AtomCount * Math.Max(1, scale));
            double[][] forces = [.. theirs.RootElement.GetProperty("forces").EnumerateArray().Select(f => f.EnumerateArray().Select(x => x.GetDouble()).ToArray())];
            Assert.Equal(structure.AtomCount, forces.Length);
            Assert.All(ours.Forces.Zip(forces), pair => Assert.True((pair.First - new Vector3D(pair.Second[0], pair.Second[1], pair.Second[2])).Length < 1e-8 * Math.Max(1, scale)));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string[] Theirs(IReadOnlyList<(NeuralPotential Potential, Structure Structure)> cases)
    {
        string[] jobs = [.. cases.Select((item, k) => Job(item.Potential, item.Structure, k))];
        return ExternalProgram.Python(File.ReadAllText(Script()), ["scipy", "torch"], jobs).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private string Job(NeuralPotential potential, Structure structure, int number)
    {
        string file = Path.Combine(_folder, $"{number}.safetensors"), job = Path.Combine(_folder, $"{number}.json");
        NeuralPotentialFile.Save(potential, file);
        var neighbours = NeighborList.Build(structure, potential.Options.CutoffRadius);
        File.WriteAllText(job, JsonSerializer.Serialize(new
        {
            potential = file,
            symbols = structure.Species.Select(e => e.Symbol),
            numbers = potential.Options.Elements.Select(e => e.Number),
            radii = potential.Options.Elements.Select(e => e.CovalentRadius),
            edges = Enumerable.Range(0, structure.AtomCount).SelectMany(i => neighbours.Of(i).ToArray().Select(n => new[] { i, n.Index, n.Offset.X, n.Offset.Y, n.Offset.Z })),
            precision = "double",
            seconds = 0,
        }));
        return job;
    }

    private static Structure Known(string name) => StructureReader.ReadStrict(ReferenceData.PathOf($"data/logan/{name}_ground_truth.extxyz"))[0];

    private static Structure Moved(Structure structure)
    {
        var random = new Learning.CounterRandom(5, 4).Sequence(0);
        return structure.WithPositions([.. structure.Positions.Select(p => p + 0.1 * new Vector3D(random.NextNormal(), random.NextNormal(), random.NextNormal()))]);
    }

    private static string Script()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string script = Path.Combine(folder.FullName, "benchmarks", "opponents", "neural_torch.py");
            if (File.Exists(script))
            {
                return script;
            }
        }

        throw new InvalidOperationException("The tests must run inside the checkout: benchmarks/opponents/neural_torch.py was not found above them.");
    }
}
