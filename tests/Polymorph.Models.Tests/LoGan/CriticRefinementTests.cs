using Polymorph.Foundation;
using Polymorph.Learning;
using Polymorph.Models.LoGan;
using Polymorph.Representations.LocalDescriptors;
using Polymorph.Structures;
using Xunit;

namespace Polymorph.Models.Tests.LoGan;

public sealed class CriticRefinementTests
{
    private const int Hidden = 24;

    /// The gradient must agree with central differences of the score along each coordinate.
    [Theory, InlineData(1), InlineData(2)]
    public void TheGradientIsThatOfTheScore(ulong seed)
    {
        var (refinement, start) = Small(seed);
        var gradient = refinement.Gradient(start);
        double scale = gradient.Max(g => g.Length);
        for (int atom = 0; atom < start.AtomCount; atom += 3)
        {
            for (int axis = 0; axis < 3; axis++)
            {
                // All 17 neighbours count, so that no one leaves the descriptor with a jump. Scores carry 1e-6 in single precision: a step of 0.01 Å leaves 1e-4 of rounding, and about as much of curvature and kinks of the rectifier.
                const double step = 0.01;
                double expected = (refinement.Score(Moved(start, atom, axis, step)) - refinement.Score(Moved(start, atom, axis, -step))) / (2 * step);
                Assert.Equal(expected, gradient[atom][axis], 0.03 * scale);
            }
        }
    }

    [Fact]
    public void TheScoreNeverGetsWorseAndFallsWhereItCan()
    {
        var (refinement, start) = Small(3);
        double before = refinement.Score(start), last = before;
        foreach (int steps in new[] { 0, 1, 5, 20 })
        {
            double after = refinement.Score(refinement.Refine(start, steps));
            Assert.True(after <= last, $"{steps} steps raise the score from {last} to {after}");
            last = after;
        }

        Assert.True(last < before - 1e-4);
    }

    [Fact]
    public void NoAtomIsThrownFarAndTheSameStartGivesTheSameBits()
    {
        var (refinement, start) = Small(4);
        var once = refinement.Refine(start, 4);

        // The farthest atom moves by at most the longest step, 0.1 Å, at a time.
        Assert.All(start.Positions.Zip(once.Positions), p => Assert.InRange((p.First - p.Second).Length, 0, 4 * 0.1 + 1e-9));
        Assert.Equal(once.Positions, Small(4).Refinement.Refine(start, 4).Positions);
        Assert.Equal(start.Positions, refinement.Refine(start, 0).Positions);
    }

    [Fact]
    public void TheCriticOfAModelFileIsTheTrainedOne()
    {
        var folder = Directory.CreateTempSubdirectory("polymorph-critic-");
        try
        {
            string file = Path.Combine(folder.FullName, "m.safetensors");
            var options = Options();
            var task = LoGanTask.C5H12O;
            var trainer = new LoGanTrainer(options, task, LoGanTrainingSet.Create(GoldenEpoch.Training, options, task, 1), 1);
            trainer.RunEpoch();
            LoGanModelFile.Save(trainer, file);
            var start = Start(task, 5);
            var direct = new CriticRefinement(task.Assembly, options.Descriptor, trainer.Types, trainer.Critic);
            Assert.Equal(direct.Score(start), CriticRefinement.Load(file).Score(start));
            Assert.Throws<ArgumentException>(() => direct.Score(GoldenEpoch.Training[0]));
            File.WriteAllText(file, "no model");
            Assert.Equal("PM4102", Assert.Throws<PolymorphException>(() => CriticRefinement.Load(file)).Code);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static LoGanOptions Options() => LoGanOptions.C5H12O() with
    {
        Descriptor = new PowerSpectrumOptions { CutoffRadius = 5, MaximumOrder = 3, NeighbourCount = 20 },
        CriticWidths = [Hidden, Hidden],
        GeneratorWidths = [16, 8],
        Batch = 3,
        RattleCopies = 1,
    };

    private static (CriticRefinement Refinement, Structure Start) Small(ulong seed)
    {
        var options = Options();
        var task = LoGanTask.C5H12O;
        var critic = new DenseNetwork(new DenseShape(options.Descriptor.DescriptorLength(task.Types.Length), options.CriticWidths, 1, options.CriticSlope));
        critic.Initialise(new CounterRandom(seed, 1));
        critic.ParametersChanged();
        return (new CriticRefinement(task.Assembly, options.Descriptor, task.Types, critic), Start(task, seed));
    }

    /// A rough grid with noise: no atom on another, every surrounding different.
    private static Structure Start(LoGanTask task, ulong seed)
    {
        var sequence = new CounterRandom(seed, 2).Sequence(0);
        var noise = new float[3 * task.Assembly.Species.Length];
        sequence.FillNormal(noise);
        return new Structure(task.Assembly.Species, [.. task.Assembly.Species.Select((_, i) => new Vector3D(1.4 * (i % 3) + 0.1 * noise[3 * i], 1.4 * (i / 3 % 3) + 0.1 * noise[3 * i + 1], 1.4 * (i / 9) + 0.1 * noise[3 * i + 2]))]);
    }

    private static Structure Moved(Structure s, int atom, int axis, double by)
    {
        var shift = new Vector3D(axis == 0 ? by : 0, axis == 1 ? by : 0, axis == 2 ? by : 0);
        return s.WithPositions(s.Positions.SetItem(atom, s.Positions[atom] + shift));
    }
}
