using System.Text.Json;
using Polymorph.Learning;
using Polymorph.Learning.Kernels;
using Polymorph.Learning.Layers;
using Polymorph.Models.CrystalGan;
using Xunit;

namespace Polymorph.Models.Tests.CrystalGan;

/// <summary>Forward passes, gradients and optimiser steps of the reduced networks against another program, in double precision and on the fast kernels.</summary>
public sealed class GoldenStepTests
{
    // The file's arithmetic is double precision; another order of sums leaves about 1e-13.
    private const double Exact = 1e-9;

    // Single precision through ten layers; the suggested tolerances of the specification.
    private const double ForwardSingle = 1e-4;
    private const double GradientSingle = 1e-3;

    [Fact]
    public void ForwardInDoublePrecision() => Forward(new LayerKernelsReference(), Exact);

    [Fact]
    public void ForwardOnTheKernels() => Forward(new LayerKernels(), ForwardSingle);

    [Fact]
    public void StepsInDoublePrecision() => Steps(new LayerKernelsReference(), Exact, Exact);

    [Fact]
    public void StepsOnTheKernels() => Steps(new LayerKernels(2), ForwardSingle, GradientSingle);

    private static void Forward<TMatrix>(ILayerKernels<TMatrix> kernels, double tolerance)
        where TMatrix : class, IRowMatrix<TMatrix>
    {
        foreach (bool training in new[] { false, true })
        {
            var networks = GoldenCrystalGan.SmallNetworks(kernels);
            var batch = GoldenCrystalGan.Batch<TMatrix>("z_critic_step");
            var expected = GoldenCrystalGan.Small.GetProperty("forward").GetProperty(training ? "train" : "eval");
            networks.Generate(batch, training);
            Close(expected.GetProperty("generator"), GoldenCrystalGan.Read(networks.Fake, 4), tolerance, "generator");
            var work = new CriticWork<TMatrix>(GoldenCrystalGan.Shape, GoldenCrystalGan.SmallWidths, 4, share: true, tangents: false);
            work.Images.Begin();
            work.Images.Add(batch.Real, 4);
            work.Images.End();
            networks.Critic.Forward(work);
            Close(expected.GetProperty("critic_outputs"), GoldenCrystalGan.Read(work.Output, 4), tolerance, "critic");
            AssertClassifier(networks, batch, expected, training, tolerance);
        }
    }

    private static void AssertClassifier<TMatrix>(CrystalGanNetworks<TMatrix> networks, CrystalGanBatch<TMatrix> batch, JsonElement forward, bool training, double tolerance)
        where TMatrix : class, IRowMatrix<TMatrix>
    {
        networks.Classifier.Forward(batch.Noised, 4, training);
        var expected = forward.GetProperty("classifier");
        string[] names = ["mg", "mn", "o"];
        for (int e = 0; e < 3; e++)
        {
            var branch = networks.Classifier.Branches[e];
            int cap = GoldenCrystalGan.Shape.Caps[e];
            double[] atoms = GoldenCrystalGan.Probabilities(GoldenCrystalGan.Read(branch.Logits, 4 * cap), 2);
            double[] channels = [.. Enumerable.Range(0, 8 * cap).Select(i => atoms[2 * (i / (2 * cap) * cap + i % cap) + i / cap % 2])];
            Close(expected.GetProperty($"atom_{names[e]}"), channels, tolerance, "atoms");
            Close(expected.GetProperty($"count_{names[e]}"), GoldenCrystalGan.Probabilities(GoldenCrystalGan.Read(branch.Counts, 4), cap), tolerance, "counts");
        }

        if (!training)
        {
            return;
        }

        var statistics = forward.GetProperty("running_stats_after");
        AssertStatistics(networks.Generator, statistics.GetProperty("G"), tolerance);
        AssertStatistics(networks.Classifier, statistics.GetProperty("Q"), tolerance);
    }

    private static void AssertStatistics<TMatrix>(RowNetwork<TMatrix> network, JsonElement expected, double tolerance)
        where TMatrix : class, IRowMatrix<TMatrix>
    {
        foreach (var (tensor, matrix) in network.State().Where(s => s.Tensor.Name.Contains("running", StringComparison.Ordinal)))
        {
            Close(expected.GetProperty(GoldenCrystalGan.FileName(tensor.Name)), RowNetwork<TMatrix>.Read(tensor, matrix), tolerance, tensor.Name);
        }
    }

    private static void Steps<TMatrix>(ILayerKernels<TMatrix> kernels, double forward, double gradients)
        where TMatrix : class, IRowMatrix<TMatrix>
    {
        var networks = GoldenCrystalGan.SmallNetworks(kernels);
        var batch = GoldenCrystalGan.Batch<TMatrix>("z_critic_step");
        var expected = GoldenCrystalGan.Small.GetProperty("critic_step");
        var (atom, count) = networks.ClassifierGradient(batch);
        Assert.Equal(GoldenCrystalGan.Numbers(expected.GetProperty("atom_ce_real")).Sum(), atom, 10 * forward);
        Assert.Equal(GoldenCrystalGan.Numbers(expected.GetProperty("count_ce_real")).Sum(), count, 10 * forward);
        Assert.Equal(expected.GetProperty("classifier_loss_real").GetDouble(), atom + 0.3 * count, 10 * forward);
        AssertGradients(networks.Classifier, expected.GetProperty("grad_Q"), gradients);

        networks.Generate(batch, training: true);
        Close(expected.GetProperty("fake"), GoldenCrystalGan.Read(networks.Fake, 4), forward, "fake");
        var (real, fake) = networks.CriticGradient(batch);
        Assert.Equal(expected.GetProperty("D_real").GetDouble(), real, forward);
        Assert.Equal(expected.GetProperty("D_fake").GetDouble(), fake, forward);
        AssertGradients(networks.Critic, expected.GetProperty("grad_D_without_gp"), gradients);

        double[][] before = [.. networks.Critic.Plan.Tensors.Select(t => RowNetwork<TMatrix>.Read(t, networks.Critic.Block.Gradient(t.Name)))];
        var (penalty, _) = networks.AddPenaltyGradient(batch);
        // The file's own penalty or the weighted one: 10 times a mean of squares of about 0.22.
        Assert.Equal(expected.GetProperty("gradient_penalty").GetDouble(), penalty, 10 * forward);
        Close(expected.GetProperty("gradient_norms"), networks.SlopeNorms, gradients, "norms");
        foreach (var (tensor, k) in networks.Critic.Plan.Tensors.Select((t, k) => (t, k)))
        {
            double[] sum = RowNetwork<TMatrix>.Read(tensor, networks.Critic.Block.Gradient(tensor.Name));
            double[] alone = [.. sum.Zip(before[k], (a, b) => a - b)];
            Close(expected.GetProperty("grad_D_gp_only").GetProperty(tensor.Name), alone, gradients, tensor.Name);
        }

        networks.StepCritic(5e-5);
        networks.StepClassifier(2.5e-5);
        AssertParameters(networks.Critic, expected.GetProperty("D_after"), 5e-5, gradients);
        AssertParameters(networks.Classifier, expected.GetProperty("Q_after"), 2.5e-5, gradients);
        GeneratorStep(networks, forward, gradients);
    }

    private static void GeneratorStep<TMatrix>(CrystalGanNetworks<TMatrix> networks, double forward, double gradients)
        where TMatrix : class, IRowMatrix<TMatrix>
    {
        var expected = GoldenCrystalGan.Small.GetProperty("generator_step");
        var (score, _, count) = networks.GeneratorGradient(GoldenCrystalGan.Batch<TMatrix>("z_generator_step"));
        Close(expected.GetProperty("fake"), GoldenCrystalGan.Read(networks.Fake, 4), forward, "fake");
        Assert.Equal(expected.GetProperty("G_score").GetDouble(), score, forward);
        Assert.Equal(GoldenCrystalGan.Numbers(expected.GetProperty("count_ce_fake")).Sum(), count, 10 * forward);
        Assert.Equal(expected.GetProperty("loss").GetDouble(), -score + 0.3 * count, 10 * forward);
        AssertGradients(networks.Generator, expected.GetProperty("grad_G"), gradients);
        foreach (var tensor in networks.Classifier.Plan.Tensors)
        {
            double norm = Norm(RowNetwork<TMatrix>.Read(tensor, networks.Classifier.Block.Gradient(tensor.Name)));
            double wanted = expected.GetProperty("grad_Q_norms").GetProperty(GoldenCrystalGan.FileName(tensor.Name)).GetDouble();
            // Gradients of 1e-18 in the file are rounding: biases before a normalisation have none.
            Assert.True(Math.Abs(norm - wanted) <= gradients * wanted + (gradients < 1e-6 ? 1e-14 : 1e-8), $"{tensor.Name}: {norm} instead of {wanted}");
        }

        networks.StepClassifier(2.5e-5);
        networks.StepGenerator(5e-5);
        AssertParameters(networks.Generator, expected.GetProperty("G_after"), 5e-5, gradients);
        foreach (var tensor in networks.Classifier.Plan.Tensors)
        {
            double norm = Norm(RowNetwork<TMatrix>.Read(tensor, networks.Classifier.Block.Value(tensor.Name)));
            double wanted = expected.GetProperty("Q_after_norms").GetProperty(GoldenCrystalGan.FileName(tensor.Name)).GetDouble();
            Assert.Equal(wanted, norm, 1e-5);
        }
    }

    private static void AssertGradients<TMatrix>(RowNetwork<TMatrix> network, JsonElement expected, double tolerance)
        where TMatrix : class, IRowMatrix<TMatrix>
    {
        foreach (var tensor in network.Plan.Tensors)
        {
            Close(expected.GetProperty(GoldenCrystalGan.FileName(tensor.Name)), RowNetwork<TMatrix>.Read(tensor, network.Block.Gradient(tensor.Name)), tolerance, tensor.Name);
        }
    }

    private static void AssertParameters<TMatrix>(RowNetwork<TMatrix> network, JsonElement expected, double rate, double tolerance)
        where TMatrix : class, IRowMatrix<TMatrix>
    {
        foreach (var tensor in network.Plan.Tensors)
        {
            double[] wanted = GoldenCrystalGan.Numbers(expected.GetProperty(GoldenCrystalGan.FileName(tensor.Name)));
            double[] actual = RowNetwork<TMatrix>.Read(tensor, network.Block.Value(tensor.Name));
            double[] differences = [.. wanted.Zip(actual, (w, a) => Math.Abs(w - a))];
            // Adam's first step has the size of the rate whatever the gradient; a gradient near its epsilon of 1e-8 shortens it,
            // so in single precision a few small gradients may step by another fraction of the rate.
            double allowed = tolerance < 1e-6 ? 1e-9 : 2.1 * rate;
            Assert.True(differences.Max() < allowed, $"{tensor.Name}: {differences.Max()}");
            Assert.True(differences.Average() < (tolerance < 1e-6 ? 1e-9 : 0.3 * rate), $"{tensor.Name}: {differences.Average()}");
        }
    }

    private static void Close(JsonElement expected, double[] actual, double tolerance, string what) =>
        GoldenCrystalGan.AssertClose(GoldenCrystalGan.Numbers(expected), actual, tolerance, what);

    private static double Norm(double[] values) => Math.Sqrt(values.Sum(v => v * v));
}
