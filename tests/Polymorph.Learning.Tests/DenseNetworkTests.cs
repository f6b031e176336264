using Polymorph.Learning.Kernels;
using Xunit;

namespace Polymorph.Learning.Tests;

public sealed class DenseNetworkTests
{
    private static readonly DenseShape Small = new(7, [9, 8, 5], 1, 0.01);
    private static readonly DenseShape Critic = new(63, [256, 128, 64, 32], 1, 0.01);
    private static readonly DenseShape Generator = new(20, [40, 30], 6, 0.1, sigmoidOutput: true);

    public static TheoryData<VectorWidth> Widths => [.. VectorWidths.Available];

    /// The closed-form penalty gradient must agree with differences that only ever run the network forward.
    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void PenaltyGradientMatchesFiniteDifferences(int seed)
    {
        var network = Reference(Small, (ulong)seed);
        var points = Points(11, 7, (ulong)seed);
        var gradient = network.Zeros();
        foreach (var x in points)
        {
            network.AddPenaltyGradient(x, points.Length, gradient);
        }

        double Penalty() => points.Average(x => Math.Pow(Math.Sqrt(Enumerable.Range(0, 7).Sum(i => Math.Pow(Difference(() => network.Forward(x)[0], x, i, 1e-5), 2))) - 1, 2));
        for (int k = 0; k < gradient.Length; k++)
        {
            for (int i = 0; i < gradient[k].Length; i++)
            {
                // The inner difference (step 1e-5) of a piecewise linear function is exact but for rounding, about 1e-11 / 1e-5;
                // divided by the outer step 1e-6 that leaves a few 1e-6 (and 2.6e-6 was measured).
                Assert.Equal(Difference(Penalty, network.Parameters[k], i, 1e-6), gradient[k][i], 2e-5);
            }
        }
    }

    [Fact]
    public void ParameterAndInputGradientsMatchFiniteDifferences()
    {
        var shape = new DenseShape(5, [6, 4], 3, 0.1);
        var network = Reference(shape, 4);
        var x = Points(1, 5, 8)[0];
        double[] seed = [0.3, -1.2, 0.7];
        double Value() => network.Forward(x).Zip(seed, (a, b) => a * b).Sum();
        var gradient = network.Zeros();
        var input = network.Backward(x, seed, gradient);
        for (int i = 0; i < x.Length; i++)
        {
            Assert.Equal(Difference(Value, x, i, 1e-6), input[i], 1e-8);
        }

        for (int k = 0; k < gradient.Length; k++)
        {
            for (int i = 0; i < gradient[k].Length; i++)
            {
                Assert.Equal(Difference(Value, network.Parameters[k], i, 1e-6), gradient[k][i], 1e-8);
            }
        }
    }

    [Theory, MemberData(nameof(Widths))]
    public void KernelsAgreeWithThePlainLoopsAtTheCriticsSize(VectorWidth width)
    {
        const int rows = 45;
        var reference = Reference(Critic, 5);
        var network = Copy(reference, Critic, width);
        var input = MatrixProductTests.Normal(rows, 63, 6);
        var work = new DenseWorkspace(Critic, rows);

        network.Forward(work, input, rows);
        work.SeedOutputs(0, 20, 1f / rows);
        work.SeedOutputs(20, rows - 20, -1f / rows);
        network.Adjoint(work, rows);
        network.ParameterGradient(work, input, rows);
        var expected = reference.Zeros();
        for (int row = 0; row < rows; row++)
        {
            double[] x = Doubles(input.Row(row));
            Assert.Equal(reference.Forward(x)[0], work.Output.Row(row)[0], 1e-5);
            reference.Backward(x, [row < 20 ? 1.0 / rows : -1.0 / rows], expected);
        }

        AssertGradients(expected, network, 2e-6);

        var means = network.PenaltyGradient(work, input, rows);
        expected = reference.Zeros();
        var norms = Enumerable.Range(0, rows).Select(row => reference.AddPenaltyGradient(Doubles(input.Row(row)), rows, expected)).ToArray();
        Assert.Equal(norms.Average(n => (n - 1) * (n - 1)), means.Penalty, 1e-6);
        Assert.Equal(norms.Average(), means.MeanNorm, 1e-6);
        AssertGradients(expected, network, 2e-6);
        Assert.All(Enumerable.Range(0, Critic.Layers), l => Assert.All(network.BiasGradients(l).Span.ToArray(), g => Assert.Equal(0f, g)));
    }

    [Fact]
    public void EveryWidthGivesTheSameBitsOverManySteps()
    {
        float[][] results = [.. VectorWidths.Available.Select(width =>
        {
            var network = new DenseNetwork(Critic, width);
            network.Initialise(new CounterRandom(3, 1));
            var optimiser = new RmsProp(network, width: width);
            var work = new DenseWorkspace(Critic, 30);
            for (ulong step = 0; step < 5; step++)
            {
                network.PenaltyGradient(work, MatrixProductTests.Normal(30, 63, step), 30);
                optimiser.Step(1e-3);
            }

            return network.Parameters.Span.ToArray();
        })];
        Assert.All(results, r => Assert.Equal(results[0], r));
        Assert.All(results[0], v => Assert.True(float.IsFinite(v)));
    }

    [Fact]
    public void SigmoidOutputsAgreeWithTheReference()
    {
        var reference = Reference(Generator, 9);
        var network = Copy(reference, Generator, VectorWidths.Best);
        var work = new DenseWorkspace(Generator, 4);
        var input = MatrixProductTests.Normal(4, 20, 2);
        network.Forward(work, input, 4);
        for (int row = 0; row < 4; row++)
        {
            var expected = reference.Forward(Doubles(input.Row(row)));
            for (int j = 0; j < 6; j++)
            {
                Assert.Equal(expected[j], work.Output.Row(row)[j], 1e-6);
            }
        }
    }

    /// The first step of RMSProp is rate / sqrt(0.1) = 3.1623 rate in the direction of the gradient, for |g| well above sqrt(epsilon).
    [Fact]
    public void FirstStepOfRmsPropIsThePublishedOne()
    {
        var network = new DenseNetwork(Small);
        network.Gradients.Span.Fill(-0.5f);
        new RmsProp(network).Step(1e-4);
        Assert.Equal(3.1623e-4, network.Weights(1).Row(2)[3], 1e-8);
    }

    /// With a constant gradient Adam's corrected moments are g and g², so every step is the rate.
    [Fact]
    public void StepsOfAdamEqualTheRateForAConstantGradient()
    {
        var network = new DenseNetwork(Small);
        var adam = new Adam(network);
        network.Gradients.Span.Fill(0.25f);
        for (int step = 1; step <= 3; step++)
        {
            adam.Step(1e-2);
            Assert.Equal(-1e-2 * step, network.Weights(0).Row(0)[0], 1e-6);
        }
    }

    [Fact]
    public void InitialWeightsHaveVarianceOneOverInputsAndAreTruncated()
    {
        var network = new DenseNetwork(Critic);
        network.Initialise(new CounterRandom(1, 1));
        double[] weights = Doubles(network.Weights(1).Span);
        Assert.Equal(1.0 / 256, weights.Average(w => w * w), 5.0 / 256 * Math.Sqrt(2.0 / weights.Length));
        Assert.True(weights.Max(Math.Abs) <= 2 / 16.0 / 0.8796);
        Assert.All(network.Biases(1).Span.ToArray(), b => Assert.Equal(0f, b));
    }

    [Fact]
    public void PassesAllocateNothing()
    {
        var network = new DenseNetwork(Critic);
        var optimiser = new RmsProp(network);
        var work = new DenseWorkspace(Critic, 30);
        var input = MatrixProductTests.Normal(30, 63, 1);
        void Step()
        {
            network.Forward(work, input, 30);
            work.SeedOutputs(0, 30, 1f);
            network.Adjoint(work, 30);
            network.ParameterGradient(work, input, 30);
            network.PenaltyGradient(work, input, 30);
            optimiser.Step(1e-4);
        }

        Step();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Step();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static DenseNetworkReference Reference(DenseShape shape, ulong seed)
    {
        var network = new DenseNetworkReference(shape);
        for (int k = 0; k < network.Parameters.Length; k++)
        {
            var sequence = new CounterRandom(seed, 7).Sequence((uint)k);
            for (int i = 0; i < network.Parameters[k].Length; i++)
            {
                network.Parameters[k][i] = k % 2 == 1 ? 0.05 * sequence.NextNormal() : sequence.NextNormal() / Math.Sqrt(shape.Widths[k / 2]);
            }
        }

        return network;
    }

    private static DenseNetwork Copy(DenseNetworkReference reference, DenseShape shape, VectorWidth width)
    {
        var network = new DenseNetwork(shape, width);
        for (int k = 0; k < reference.Parameters.Length; k++)
        {
            var target = k % 2 == 0 ? network.Weights(k / 2) : network.Biases(k / 2);
            for (int i = 0; i < reference.Parameters[k].Length; i++)
            {
                target.Row(i / target.Columns)[i % target.Columns] = (float)reference.Parameters[k][i];
                reference.Parameters[k][i] = (float)reference.Parameters[k][i];
            }
        }

        network.ParametersChanged();
        return network;
    }

    private static void AssertGradients(double[][] expected, DenseNetwork network, double relative)
    {
        for (int k = 0; k < expected.Length; k++)
        {
            var actual = k % 2 == 0 ? network.WeightGradients(k / 2) : network.BiasGradients(k / 2);
            // Relative to the largest entry of the tensor: single-precision sums of at most a few hundred terms.
            double scale = expected[k].Max(Math.Abs) + 1e-3;
            for (int i = 0; i < expected[k].Length; i++)
            {
                Assert.Equal(expected[k][i], actual.Row(i / actual.Columns)[i % actual.Columns], 5 * relative * scale);
            }
        }
    }

    private static double Difference(Func<double> f, double[] x, int i, double step)
    {
        double at = x[i];
        x[i] = at + step;
        double plus = f();
        x[i] = at - step;
        double minus = f();
        x[i] = at;
        return (plus - minus) / (2 * step);
    }

    private static double[][] Points(int rows, int columns, ulong seed)
    {
        var matrix = MatrixProductTests.Normal(rows, columns, seed);
        return [.. Enumerable.Range(0, rows).Select(i => Doubles(matrix.Row(i)))];
    }

    private static double[] Doubles(ReadOnlySpan<float> values)
    {
        var result = new double[values.Length];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = values[i];
        }

        return result;
    }
}
