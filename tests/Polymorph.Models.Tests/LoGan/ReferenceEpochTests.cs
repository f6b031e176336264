using System.Collections.Immutable;
using System.Text.Json;
using Polymorph.Learning;
using Polymorph.Models.LoGan;
using Polymorph.Representations.LocalDescriptors;
using Polymorph.Structures;
using Xunit;

namespace Polymorph.Models.Tests.LoGan;

/// <summary>A whole epoch in double precision, made of the plain references, against the run of another program.</summary>
public sealed class ReferenceEpochTests
{
    private const double Rate = 1e-4;
    private const int Rows = GoldenEpoch.Batch * GoldenEpoch.Atoms;
    private static readonly Vector3D Box = new(8, 7, 6);

    private readonly int[] _types = [1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2];
    private readonly PowerSpectrumReference _descriptor = new(GoldenEpoch.Options.Descriptor, 3);
    private readonly DenseNetworkReference _generator = GoldenEpoch.Reference(new DenseShape(20, [512, 256, 128, 64, 32], 54, 0.1, sigmoidOutput: true), 0);
    private readonly DenseNetworkReference _critic = GoldenEpoch.Reference(new DenseShape(63, [256, 128, 64, 32], 1, 0.01), 1);

    [Fact]
    public void LossesGradientsAndParametersOfOneEpochAgree()
    {
        var expected = GoldenEpoch.Expected;
        var pools = Pools();
        Assert.Equal([518, 220, 39], pools.Select(p => p.Length));
        double[][] generatorSquare = _generator.Zeros(), criticSquare = _critic.Zeros();
        var steps = expected.GetProperty("steps").EnumerateArray().ToArray();

        var (loss, gradient) = GeneratorLoss();
        AssertStep(steps[0], loss, gradient);
        _generator.RmsPropStep(gradient, generatorSquare, Rate);

        for (int k = 1; k < 16; k++)
        {
            double[][] fake = [.. Generate(k).SelectMany(g => g.Descriptors)];
            double[][] real = [.. Enumerable.Range(0, Rows).Select(m => Real(pools, m, k))];
            (loss, gradient) = k % 3 == 1 ? CriticLoss(real, fake) : PenaltyLoss(real, fake, k);
            AssertStep(steps[k], loss, gradient);
            _critic.RmsPropStep(gradient, criticSquare, Rate);
        }

        var after = expected.GetProperty("after");
        AssertTensors(after.GetProperty("generator"), _generator.Parameters, "generator");
        AssertTensors(after.GetProperty("critic"), _critic.Parameters, "critic");
        AssertTensors(after.GetProperty("nu_critic"), criticSquare, "nu_critic");
        AssertTensors(after.GetProperty("nu_generator"), generatorSquare, "nu_generator");
    }

    private (double Loss, double[][] Gradient) GeneratorLoss()
    {
        var gradient = _generator.Zeros();
        double loss = 0;
        foreach (var (z, fraction, neighbours, descriptors) in Generate(0))
        {
            loss += descriptors.Sum(y => _critic.Forward(y)[0]) / Rows;
            double[][] byDescriptor = [.. descriptors.Select(y => _critic.Backward(y, [1.0 / Rows], null))];
            var byPosition = _descriptor.Gradient(neighbours, _types, byDescriptor);
            double[] seed = [.. fraction.Select((f, i) => byPosition[i / 3][i % 3] * Box[i % 3] * f * (1 - f))];
            _generator.Backward(z, seed, gradient);
        }

        return (loss, gradient);
    }

    private (double Loss, double[][] Gradient) CriticLoss(double[][] real, double[][] fake)
    {
        var gradient = _critic.Zeros();
        double loss = 0;
        for (int m = 0; m < Rows; m++)
        {
            loss += (_critic.Forward(real[m])[0] - _critic.Forward(fake[m])[0]) / Rows;
            _critic.Backward(real[m], [1.0 / Rows], gradient);
            _critic.Backward(fake[m], [-1.0 / Rows], gradient);
        }

        return (loss, gradient);
    }

    private (double Loss, double[][] Gradient) PenaltyLoss(double[][] real, double[][] fake, int k)
    {
        var gradient = _critic.Zeros();
        double loss = 0;
        for (int m = 0; m < Rows; m++)
        {
            double w = GoldenEpoch.Mix(m, k);
            double norm = _critic.AddPenaltyGradient([.. real[m].Zip(fake[m], (r, f) => w * r + (1 - w) * f)], Rows, gradient);
            loss += (norm - 1) * (norm - 1) / Rows;
        }

        return (loss, gradient);
    }

    private IEnumerable<(double[] Latent, double[] Fraction, NeighbourOffset[][] Neighbours, double[][] Descriptors)> Generate(int k)
    {
        for (int b = 0; b < GoldenEpoch.Batch; b++)
        {
            double[] z = [.. Enumerable.Range(0, 20).Select(q => GoldenEpoch.Latent(b, q, k))];
            double[] f = _generator.Forward(z);
            ImmutableArray<Vector3D> positions = [.. Enumerable.Range(0, GoldenEpoch.Atoms).Select(i => new Vector3D(8 * f[3 * i], 7 * f[3 * i + 1], 6 * f[3 * i + 2]))];
            var neighbours = Neighbourhood.BySupercell(new Structure(LoGanTask.C5H12O.Assembly.Species, positions), GoldenEpoch.Options.Descriptor);
            yield return (z, f, neighbours, _descriptor.Describe(neighbours, _types));
        }
    }

    private double[][][] Pools()
    {
        List<double[]>[] pools = [[], [], []];
        foreach (var structure in GoldenEpoch.Training)
        {
            int[] types = [.. structure.Species.Select(e => e.Number switch { 1 => 0, 6 => 1, _ => 2 })];
            double[][] descriptors = _descriptor.Describe(Neighbourhood.BySupercell(structure, GoldenEpoch.Options.Descriptor), types);
            for (int i = 0; i < types.Length; i++)
            {
                pools[types[i]].Add(descriptors[i]);
            }
        }

        return [.. pools.Select(p => p.ToArray())];
    }

    private double[] Real(double[][][] pools, int m, int k)
    {
        double[][] pool = pools[_types[m % GoldenEpoch.Atoms]];
        return pool[GoldenEpoch.RealRow(m / GoldenEpoch.Atoms, m % GoldenEpoch.Atoms, k, pool.Length)];
    }

    private static void AssertStep(JsonElement step, double loss, double[][] gradient)
    {
        // The file has 15 digits; double arithmetic in another order leaves about 1e-11.
        Assert.Equal(step.GetProperty("loss").GetDouble(), loss, 1e-9 * Math.Abs(loss));
        AssertTensors(step.GetProperty("grads"), gradient, step.GetProperty("step").GetString()!);
    }

    private static void AssertTensors(JsonElement expected, double[][] actual, string what)
    {
        int k = 0;
        foreach (var tensor in expected.EnumerateArray())
        {
            double sumsq = tensor.GetProperty("sumsq").GetDouble();
            // A sum of entries of both signs is exact only relative to the entries: sqrt(count x sum of squares) bounds it.
            double scale = 1e-9 * Math.Sqrt(sumsq * actual[k].Length) + 1e-300;
            Assert.True(Math.Abs(sumsq - actual[k].Sum(v => v * v)) <= 1e-9 * sumsq, $"{what} {k}: squares");
            Assert.True(Math.Abs(tensor.GetProperty("sum").GetDouble() - actual[k].Sum()) <= scale, $"{what} {k}: sum");
            int i = 0;
            foreach (var first in tensor.GetProperty("first").EnumerateArray())
            {
                Assert.True(Math.Abs(first.GetDouble() - actual[k][i]) <= 1e-9 * Math.Sqrt(sumsq) + 1e-300, $"{what} {k}: entry {i}");
                i++;
            }

            k++;
        }
    }
}
