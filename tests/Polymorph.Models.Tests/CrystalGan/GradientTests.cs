using Polymorph.Learning;
using Polymorph.Learning.Layers;
using Polymorph.Models.CrystalGan;
using Xunit;

namespace Polymorph.Models.Tests.CrystalGan;

/// <summary>Every parameter gradient of the double-precision networks against differences of losses.</summary>
public sealed class GradientTests
{
    private const int Batch = 3;
    private const double Step = 1e-6;

    private static readonly CrystalGanShape Shape = new([2, 3]);
    private static readonly CrystalGanLosses Losses = new() { FakeAtom = 0.7, FakeCount = 0.4, RealCount = 0.6, Penalty = 3 };
    private static readonly CrystalGanWidths Widths = new()
    {
        Latent = 5,
        Generator0 = 4,
        Generator1 = 5,
        Generator2 = 6,
        Generator3 = 4,
        Cell = 3,
        Critic1 = 7,
        Critic2 = 6,
        Critic3 = 5,
        CriticHidden1 = 6,
        CriticHidden2 = 4,
        CriticOutputs = 3,
        Classifier1 = 5,
        Classifier2 = 4,
        Classifier3 = 4,
        ClassifierHidden1 = 5,
        ClassifierHidden2 = 4,
    };

    [Fact]
    public void Classifier()
    {
        var (networks, batch) = Networks();
        Compare(networks.Classifier, () =>
        {
            var (atom, count) = networks.ClassifierGradient(batch);
            return atom + Losses.RealCount * count;
        });
    }

    [Fact]
    public void CriticWithPenalty()
    {
        var (networks, batch) = Networks();
        networks.Generate(batch, training: true);
        Compare(networks.Critic, () =>
        {
            var (real, fake) = networks.CriticGradient(batch);
            return fake - real + networks.AddPenaltyGradient(batch).Penalty;
        });
    }

    [Fact]
    public void Generator()
    {
        var (networks, batch) = Networks();
        Compare(networks.Generator, () =>
        {
            var (score, atom, count) = networks.GeneratorGradient(batch);
            return -score + Losses.FakeAtom * atom + Losses.FakeCount * count;
        });
    }

    /// Masked rows, positions modulo the cell, what the critic reads of them, and distances below their floors.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void GeneratorOfExactCompositions(bool environments)
    {
        var (networks, batch) = Networks(CrystalGanOptions.Polymorph() with { DistanceWeight = 3, Environments = environments });
        // Cells of about 4 Å, so that atoms have neighbours.
        networks.Generator.Load("f2.bias", [-1.8, -1.7, -1.9, 0.1, 0, -0.1]);
        networks.Generator.ParametersChanged();
        for (int s = 0; s < Batch; s++)
        {
            batch.SetCondition(s, Shape, Widths.Latent);
        }

        foreach (var (a, b, floor) in new[] { (0, 0, 9.0), (0, 1, 8.0), (1, 1, 7.0) })
        {
            networks.Distances.SetFloor(a, b, floor);
        }

        networks.Distances.SetVolumes(1, 40);
        Compare(networks.Generator, () =>
        {
            var (score, _, _) = networks.GeneratorGradient(batch);
            return -score + 3 * networks.DistanceCost;
        });
        Assert.True(networks.DistanceCost > 0);
    }

    [Fact]
    public void CriticOfEnvironments()
    {
        var (networks, batch) = Networks(CrystalGanOptions.Polymorph());
        networks.Generate(batch, training: true);
        Compare(networks.Critic, () =>
        {
            var (real, fake) = networks.CriticGradient(batch);
            return fake - real + networks.AddPenaltyGradient(batch).Penalty;
        });
    }

    /// Known and unknown energies, and copies that were disturbed a little, much, and not at all.
    [Fact]
    public void StabilityNetwork()
    {
        var (networks, batch) = Networks(CrystalGanOptions.Polymorph());
        networks.Generate(batch, training: true);
        double[] energies = [0.1, double.NaN, 0.3], disturbances = [0.2, 0.1, 0.9];
        energies.CopyTo(batch.Energy, 0);
        disturbances.CopyTo(batch.Disturbance, 0);
        var environments = new EnvironmentFeatures<ReferenceMatrix>(Shape, 1);
        var (real, fake) = (Read(batch.Real), Read(networks.Fake));
        var stability = networks.Stability!;
        Start(stability.Network, 3);
        Compare(stability.Network, () => stability.Gradient(batch, real, fake).Loss);

        ReferenceMatrix Read(ReferenceMatrix images)
        {
            var features = ReferenceMatrix.Create(Batch, environments.RowWidth * Shape.Rows);
            environments.Forward(images, Batch, features);
            return features;
        }
    }

    private static (CrystalGanNetworks<ReferenceMatrix> Networks, CrystalGanBatch<ReferenceMatrix> Batch) Networks(CrystalGanOptions? options = null)
    {
        var networks = new CrystalGanNetworks<ReferenceMatrix>(new LayerKernelsReference(), Shape, (options ?? new CrystalGanOptions()) with { Widths = Widths, Losses = Losses }, Batch);
        foreach (var (network, stream) in new RowNetwork<ReferenceMatrix>[] { networks.Generator, networks.Critic, networks.Classifier }.Select((n, i) => (n, (uint)i)))
        {
            Start(network, stream);
        }

        var batch = new CrystalGanBatch<ReferenceMatrix>(Shape, Widths, Batch);
        var random = new CounterRandom(5, 20).Sequence(0);
        for (int s = 0; s < Batch; s++)
        {
            batch.Mix[s] = random.NextDouble();
            for (int i = 0; i < Widths.Latent + Shape.ConditionLength; i++)
            {
                batch.GeneratorInput[s, i] = random.NextNormal();
            }

            for (int i = 0; i < Shape.ImageLength; i++)
            {
                // The last row of each element is absent in some images: zero rows are shared.
                bool absent = s > 0 && i / 3 is 3 or 6;
                batch.Noised[s, i] = 0.2 + 0.6 * random.NextDouble();
                batch.Real[s, i] = absent ? 0 : batch.Noised[s, i];
            }

            for (int e = 0; e < 2; e++)
            {
                batch.RealCounts[e][s] = random.NextIndex(Shape.Caps[e]);
                batch.WantedCounts[e][s] = random.NextIndex(Shape.Caps[e]);
                for (int i = 0; i < Shape.Caps[e]; i++)
                {
                    batch.RealAtoms[e][s * Shape.Caps[e] + i] = random.NextIndex(2);
                    batch.WantedAtoms[e][s * Shape.Caps[e] + i] = random.NextIndex(2);
                }
            }
        }

        return (networks, batch);
    }

    private static void Start(RowNetwork<ReferenceMatrix> network, uint stream)
    {
        network.Initialise(new CounterRandom(5, stream));
        // Biases off zero, so that no rectifier sits at its corner.
        var sequence = new CounterRandom(5, 10 + stream).Sequence(0);
        foreach (var tensor in network.Plan.Tensors.Where(t => t.Shape.Length == 1))
        {
            network.Load(tensor.Name, [.. Enumerable.Range(0, tensor.Length).Select(_ => (tensor.Name.EndsWith("weight", StringComparison.Ordinal) ? 1 : 0) + 0.2 * sequence.NextNormal())]);
        }

        network.ParametersChanged();
    }

    private static void Compare(RowNetwork<ReferenceMatrix> network, Func<double> loss)
    {
        loss();
        var gradients = network.Plan.Tensors.ToDictionary(t => t.Name, t => RowNetwork<ReferenceMatrix>.Read(t, network.Block.Gradient(t.Name)));
        double scale = gradients.Values.SelectMany(g => g).Max(Math.Abs);
        foreach (var tensor in network.Plan.Tensors)
        {
            // Six numbers of every parameter, spread over it.
            for (int k = 0; k < Math.Min(6, tensor.Length); k++)
            {
                int t = k * 7919 % tensor.Length;
                var (row, column) = tensor.Place(t);
                var values = network.Block.Value(tensor.Name);
                double value = values[row, column];
                double up = At(value + Step), down = At(value - Step);
                At(value);
                // Losses of about 1 rounded at 1e-16 and differenced over 2e-6 leave 1e-10 to 1e-9; the step's square adds as little.
                double difference = (up - down) / (2 * Step);
                Assert.True(Math.Abs(difference - gradients[tensor.Name][t]) < 1e-6 * scale, $"{tensor.Name} {t}: {gradients[tensor.Name][t]} instead of {difference}");

                double At(double x)
                {
                    values[row, column] = x;
                    network.ParametersChanged();
                    return loss();
                }
            }
        }
    }
}
