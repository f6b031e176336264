using System.Collections.Immutable;
using Polymorph.Energies.Neural;
using Polymorph.Energies.Neural.Training;
using Polymorph.Foundation;
using Polymorph.Learning.Safetensors;
using Polymorph.Structures;
using Xunit;

namespace Polymorph.Energies.Tests.Neural;

/// <summary>Training learns, repeats its bits, continues where it stopped, and says what is wrong with its input.</summary>
public sealed class NeuralTrainingTests : IDisposable
{
    private static readonly NeuralPotentialOptions Form = NeuralCases.Options with { Shells = [new NeuralShell(3.2, 3)], PairFunctions = 2, HiddenWidths = [16, 8] };
    private static readonly NeuralTraining Quick = new() { Members = 3, Epochs = 4, Batch = 8, Seed = 5 };
    private readonly string _folder = Directory.CreateTempSubdirectory("polymorph-neural-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void BitsDoNotDependOnThreads()
    {
        var one = Train(Quick, threads: 1);
        var two = Train(Quick, threads: 2);
        for (int m = 0; m < Quick.Members; m++)
        {
            Assert.Equal(one.Members[m].Weights, two.Members[m].Weights);
        }

        Assert.NotEqual(one.Members[0].Weights, one.Members[1].Weights);
    }

    [Fact]
    public void AStoppedTrainingContinuesWithTheSameBits()
    {
        string unbroken = Path.Combine(_folder, "unbroken"), broken = Path.Combine(_folder, "broken");
        var expected = Train(Quick, 1, unbroken);
        using var stop = new CancellationTokenSource();
        var training = new CommitteeTraining(Set(), Quick, broken);
        Assert.Throws<OperationCanceledException>(() => training.Run("test", ImmutableSortedDictionary<string, string>.Empty, 1, p =>
        {
            if (p is { Member: 1, Epoch: 2 })
            {
                stop.Cancel();
            }
        }, stop.Token));
        Assert.True(File.Exists(broken + ".member-1.checkpoint"));
        var resumed = Train(Quick, 2, broken);
        for (int m = 0; m < Quick.Members; m++)
        {
            Assert.Equal(expected.Members[m].Weights, resumed.Members[m].Weights);
            Assert.Equal(expected.Members[m].MessageStandard, resumed.Members[m].MessageStandard);
        }
    }

    [Fact]
    public void ACheckpointOfAnotherTrainingIsRefused()
    {
        string path = Path.Combine(_folder, "some");
        Train(Quick, 1, path);
        var error = Assert.Throws<PolymorphException>(() => Train(Quick with { LearningRate = 1e-3 }, 1, path));
        Assert.Equal("PM6144", error.Code);
        File.WriteAllText(path + ".member-0.checkpoint", "cut");
        Assert.Equal("PM4102", Assert.Throws<PolymorphException>(() => Train(Quick, 1, path)).Code);
    }

    /// The labels are those of a pair potential: after some epochs forces on new frames are predicted far better than by zero.
    [Fact]
    public void ForcesAreLearnt()
    {
        var training = Quick with { Members = 1, Epochs = 30, LearningRate = 5e-3 };
        var set = NeuralTrainingSet.Create(Form, [.. Enumerable.Range(0, 400).Select(Frame)], [.. Enumerable.Range(450, 20).Select(Frame)]);
        var potential = new CommitteeTraining(set, training).Run("test", ImmutableSortedDictionary<string, string>.Empty, 1, null, TestContext.Current.CancellationToken);
        var errors = PotentialTraining.Measure("test", potential, [.. Enumerable.Range(500, 30).Select(Frame)], TestContext.Current.CancellationToken).Single();
        double size = Enumerable.Range(500, 30).SelectMany(i => Frame(i).Forces).Average(f => (Math.Abs(f.X) + Math.Abs(f.Y) + Math.Abs(f.Z)) / 3);
        Assert.True(errors.Errors.ForceMae < 0.4 * size, $"{errors.Errors.ForceMae} of {size}");
    }

    [Fact]
    public void APotentialComesBackFromItsFile()
    {
        string path = Path.Combine(_folder, "p.safetensors");
        var potential = NeuralCases.Potential(NeuralCases.Options, members: 3);
        NeuralPotentialFile.Save(potential, path);
        var same = NeuralPotentialFile.Load(path);
        var structure = NeuralCases.Cluster(9, 3);
        Assert.Equal(potential.Options.Shells, same.Options.Shells);
        Assert.Equal(potential.Method, same.Method);
        // Means and scales are stored in single precision.
        Assert.Equal(NeuralCases.Evaluate(potential, structure, Precision.Double).EnergyEV, NeuralCases.Evaluate(same, structure, Precision.Double).EnergyEV, 1e-3);
        NeuralPotentialFile.Save(potential, path, half: true);
        // Two-byte weights: relative error 5e-4 each.
        Assert.Equal(NeuralCases.Evaluate(potential, structure, Precision.Double).EnergyEV, NeuralCases.Evaluate(NeuralPotentialFile.Load(path), structure, Precision.Double).EnergyEV, 0.5);
        new SafetensorsFile(new Dictionary<string, Tensor>()).Write(path);
        Assert.Equal("PM6143", Assert.Throws<PolymorphException>(() => NeuralPotentialFile.Load(path)).Code);
    }

    [Theory]
    [InlineData("2\nProperties=species:S:1:pos:R:3:forces:R:3\nH 0 0 0 0 0 0\nH 0 0 1 0 0 0\n", "PM6140")]
    [InlineData("2\nProperties=species:S:1:pos:R:3 energy=-1.5\nH 0 0 0\nH 0 0 1\n", "PM6141")]
    [InlineData("2\nProperties=species:S:1:pos:R:3:forces:R:3 energy=-1.5\nH 0 0 0 0 0 0\nH 0 0 1 0 nan 0\n", null)]
    [InlineData("2\nProperties=species:S:1:pos:R:3:forces:R:3 energy=-1.5\nH 0 0 0 0 0 0\nH 0 0 1 0 0 0\n", "PM6145")]
    public void FramesThatCannotBeUsedAreNamed(string text, string? code)
    {
        string path = Path.Combine(_folder, "frames.extxyz");
        File.WriteAllText(path, text);
        var training = new PotentialTraining(Form, Quick, 0.1, "test", 1, half: false);
        var error = Assert.Throws<PolymorphException>(() => training.Run(new([path], [], []), Path.Combine(_folder, "out.safetensors"), _ => { }, null, TestContext.Current.CancellationToken));
        Assert.True(code is null || error.Code == code, error.Message);
        Assert.False(File.Exists(Path.Combine(_folder, "out.safetensors")));
    }

    private static NeuralPotential Train(NeuralTraining training, int threads, string? checkpoints = null) =>
        new CommitteeTraining(Set(), training, checkpoints).Run("test", ImmutableSortedDictionary<string, string>.Empty, threads, null, TestContext.Current.CancellationToken);

    private static NeuralTrainingSet Set() => NeuralTrainingSet.Create(Form, [.. Enumerable.Range(0, 90).Select(Frame)], [.. Enumerable.Range(200, 12).Select(Frame)]);

    // A Morse pair potential, the same for all elements; distances beyond the nuclear repulsion.
    private static LabelledStructure Frame(int index)
    {
        var cluster = NeuralCases.Cluster(4 + index % 5, (ulong)index, 2.2);
        var structure = cluster.WithPositions([.. cluster.Positions.Select(p => 2 * p)]);
        var forces = new Vector3D[structure.AtomCount];
        double energy = 0;
        for (int i = 0; i < forces.Length; i++)
        {
            for (int j = 0; j < forces.Length; j++)
            {
                var offset = structure.Positions[j] - structure.Positions[i];
                double r = offset.Length, e = Math.Exp(-1.5 * (r - 1.9));
                if (i != j)
                {
                    energy += 0.5 * (e * e - 2 * e);
                    forces[i] += -3 * (e * e - e) / r * offset;
                }
            }
        }

        return new(structure, energy - 10 * structure.AtomCount, [.. forces]);
    }
}
