using System.Text.Json;
using Polymorph.Learning.Layers;
using Polymorph.Models.Cgcnn;
using Polymorph.Models.CrystalGan;
using Polymorph.Models.Tests.CrystalGan;
using Polymorph.Representations.CrystalGraphs;
using Polymorph.Structures;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Models.Tests.Cgcnn;

/// The reference path in double precision must agree with the published network in another program.
public sealed class GoldenNetworkTests
{
    // Both sides compute in double; sums of a few hundred terms in another order differ by about 1e-14.
    private const double Tolerance = 1e-9;

    [Fact]
    public void OneConvolutionAgrees()
    {
        var golden = ReferenceData.Json("golden/cgcnn/conv_layer.json");
        var network = new CgcnnNetwork<ReferenceMatrix>(new LayerKernelsReference(), new GraphKernelsReference(), new CgcnnOptions { AtomFeatures = 3, HiddenFeatures = 2, Convolutions = 1 }, edgeFeatures: 2);
        foreach (var weight in golden.GetProperty("weights").EnumerateObject())
        {
            network.Load($"convs.0.{weight.Name}", GoldenCrystalGan.Numbers(weight.Value));
        }

        network.Changed();
        int[][] neighbours = [.. golden.GetProperty("nbr_idx").EnumerateArray().Select(row => row.EnumerateArray().Select(j => j.GetInt32()).ToArray())];
        var batch = new GraphBatch(new CrystalGraphOptions());
        batch.Fill([CrystalGraph.Of([.. neighbours.Select(_ => new Element(1))], neighbours, [.. neighbours.Select(row => new double[row.Length])])]);
        batch.Give([.. golden.GetProperty("nbr_fea").EnumerateArray().SelectMany(row => row.EnumerateArray().Select(GoldenCrystalGan.Numbers))]);
        var atoms = ReferenceMatrix.Create(4, 3);
        Fill(atoms, GoldenCrystalGan.Numbers(golden.GetProperty("atom_in")));

        network.ForwardFrom(atoms, batch, training: true);
        Agree(golden.GetProperty("train_out"), network.State(1), 4);
        foreach (var running in golden.GetProperty("running_after").EnumerateObject())
        {
            Agree(running.Value, Parameter(network, $"convs.0.{running.Name}"));
        }

        // The loss is the sum of the squares of the output.
        var gradient = ReferenceMatrix.Create(4, 3);
        Fill(gradient, [.. GoldenCrystalGan.Numbers(golden.GetProperty("train_out")).Select(v => 2 * v)]);
        network.BackwardFrom(gradient, batch);
        Agree(golden.GetProperty("grad_atom_in"), gradient, 4);
        foreach (var expected in golden.GetProperty("grad_params").EnumerateObject())
        {
            Agree(expected.Value, Gradient(network, $"convs.0.{expected.Name}"));
        }

        network.ForwardFrom(atoms, batch, training: false);
        Agree(golden.GetProperty("eval_out_after"), network.State(1), 4);
    }

    [Theory, InlineData("regression_nh1"), InlineData("regression_nh3"), InlineData("classification_nh2")]
    public void SmallNetworksAgree(string name)
    {
        var golden = ReferenceData.Json("golden/cgcnn/small_nets.json").GetProperty(name);
        var network = Small(golden);
        string[] ids = [.. golden.GetProperty("batch_ids").EnumerateArray().Select(id => id.GetString()!)];
        var batch = GoldenCgcnn.BatchOf(ids);
        network.Forward(batch, training: false);
        var traces = golden.GetProperty("eval_trace_embedding_then_each_conv");
        for (int i = 0; i < traces.GetArrayLength(); i++)
        {
            Agree(traces[i], network.State(i), batch.Atoms);
        }

        double[] outputs = Read(network.Outputs, batch.Crystals);
        if (name.StartsWith("classification", StringComparison.Ordinal))
        {
            // The file has logarithms of the softmax.
            outputs = [.. Enumerable.Range(0, batch.Crystals).SelectMany(c => LogarithmOfSoftmax(outputs[2 * c], outputs[2 * c + 1]))];
        }

        Agree(golden.GetProperty("eval_output"), outputs);
    }

    [Theory, InlineData("regression_nh1"), InlineData("regression_nh3")]
    public void GradientsAndThreeStepsOfDescentAgree(string name)
    {
        var golden = ReferenceData.Json("golden/cgcnn/small_nets.json").GetProperty(name);
        var network = Small(golden);
        string[] ids = [.. golden.GetProperty("batch_ids").EnumerateArray().Select(id => id.GetString()!)];
        var batch = GoldenCgcnn.BatchOf(ids);
        double mean = golden.GetProperty("normalizer").GetProperty("mean").GetDouble(), deviation = golden.GetProperty("normalizer").GetProperty("std").GetDouble();
        var descent = new BlockMomentum<ReferenceMatrix>(new GraphKernelsReference(), network.Block, 0.9);
        var seeds = ReferenceMatrix.Create(ids.Length, 1);
        for (int step = 0; step < 3; step++)
        {
            network.Forward(batch, training: true);
            Agree(golden.GetProperty("train_outputs_3_steps")[step], network.Outputs, ids.Length);
            double loss = 0;
            for (int c = 0; c < ids.Length; c++)
            {
                double difference = network.Outputs[c, 0] - (GoldenCgcnn.TargetOf(ids[c]) - mean) / deviation;
                loss += difference * difference / ids.Length;
                seeds[c, 0] = 2 * difference / ids.Length;
            }

            Assert.Equal(golden.GetProperty("train_losses_3_steps")[step].GetDouble(), loss, Tolerance);
            network.Backward(batch, seeds);
            foreach (var expected in step == 0 ? golden.GetProperty("grad_step0").EnumerateObject().ToList() : [])
            {
                Agree(expected.Value, Gradient(network, expected.Name));
            }

            descent.Step(0.02);
            network.Changed();
        }

        foreach (var expected in golden.GetProperty("weights_after_3_steps").EnumerateObject())
        {
            Agree(expected.Value, Parameter(network, expected.Name));
        }

        network.Forward(batch, training: false);
        Agree(golden.GetProperty("eval_output_after_3_steps"), network.Outputs, ids.Length);
    }

    private static CgcnnNetwork<ReferenceMatrix> Small(JsonElement golden)
    {
        var hyper = golden.GetProperty("hyper");
        var network = new CgcnnNetwork<ReferenceMatrix>(new LayerKernelsReference(), new GraphKernelsReference(), new CgcnnOptions
        {
            Task = golden.GetProperty("task").GetString() == "classification" ? CgcnnTask.Classification : CgcnnTask.Regression,
            AtomFeatures = hyper.GetProperty("atom_fea_len").GetInt32(),
            HiddenFeatures = hyper.GetProperty("h_fea_len").GetInt32(),
            Convolutions = hyper.GetProperty("n_conv").GetInt32(),
            HiddenLayers = hyper.GetProperty("n_h").GetInt32(),
        });
        foreach (var weight in golden.GetProperty("weights").EnumerateObject())
        {
            network.Load(weight.Name, GoldenCrystalGan.Numbers(weight.Value));
        }

        network.Changed();
        return network;
    }

    private static double[] LogarithmOfSoftmax(double a, double b)
    {
        double sum = Math.Log(Math.Exp(a) + Math.Exp(b));
        return [a - sum, b - sum];
    }

    private static double[] Parameter(CgcnnNetwork<ReferenceMatrix> network, string name)
    {
        var (tensor, matrix) = network.State().First(s => s.Tensor.Name == name);
        return RowNetwork<ReferenceMatrix>.Read(tensor, matrix);
    }

    private static double[] Gradient(CgcnnNetwork<ReferenceMatrix> network, string name) =>
        RowNetwork<ReferenceMatrix>.Read(network.Plan.Tensors.First(t => t.Name == name), network.Block.Gradient(name));

    private static void Fill(ReferenceMatrix m, double[] values)
    {
        for (int t = 0; t < values.Length; t++)
        {
            m[t / m.Columns, t % m.Columns] = values[t];
        }
    }

    private static double[] Read(ReferenceMatrix m, int rows) => [.. Enumerable.Range(0, rows * m.Columns).Select(t => m[t / m.Columns, t % m.Columns])];

    private static void Agree(JsonElement expected, ReferenceMatrix actual, int rows) => Agree(expected, Read(actual, rows));

    private static void Agree(JsonElement expected, double[] actual)
    {
        double[] values = GoldenCrystalGan.Numbers(expected);
        Assert.Equal(values.Length, actual.Length);
        Assert.All(values.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, Tolerance * Math.Max(1, Math.Abs(pair.First))));
    }
}
