using Polymorph.Learning.Kernels;
using Polymorph.Learning.Layers;
using Polymorph.Models.CrystalGan;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Models.Tests.CrystalGan;

/// <summary>The published widths with closed-form weights, and the encodings and loss values of <c>labels.json</c>.</summary>
public sealed class GoldenFullWidthTests
{
    // Single precision through ten layers: the suggested tolerance of the specification.
    [Fact]
    public void FullWidthsOnTheKernels() => FullWidths(new LayerKernels(2), 1e-4);

    // Double precision in another order of sums.
    [Fact]
    public void FullWidthsInDoublePrecision() => FullWidths(new LayerKernelsReference(), 1e-9);

    private static void FullWidths<TMatrix>(ILayerKernels<TMatrix> kernels, double tolerance)
        where TMatrix : class, IRowMatrix<TMatrix>
    {
        var golden = ReferenceData.Json("golden/crystal-gan/networks-full.json");
        CrystalGanWidths widths = new();
        foreach (bool training in new[] { false, true })
        {
            var networks = new CrystalGanNetworks<TMatrix>(kernels, GoldenCrystalGan.Shape, CrystalGanOptions.Published(), 4);
            SetWeights(networks.Generator, golden.GetProperty("parameters").GetProperty("G"));
            SetWeights(networks.Critic, golden.GetProperty("parameters").GetProperty("D"));
            SetWeights(networks.Classifier, golden.GetProperty("parameters").GetProperty("Q"));
            var expected = golden.GetProperty("forward").GetProperty(training ? "train" : "eval");
            var batch = FullBatch<TMatrix>();
            networks.Generate(batch, training);
            GoldenCrystalGan.AssertClose(GoldenCrystalGan.Numbers(expected.GetProperty("generator")), GoldenCrystalGan.Read(networks.Fake, 4), tolerance, "generator");
            var work = new CriticWork<TMatrix>(GoldenCrystalGan.Shape, widths, 4, share: true, tangents: false);
            work.Images.Begin();
            work.Images.Add(batch.Real, 4);
            work.Images.End();
            networks.Critic.Forward(work);
            GoldenCrystalGan.AssertClose(GoldenCrystalGan.Numbers(expected.GetProperty("critic_outputs")), GoldenCrystalGan.Read(work.Output, 4), tolerance, "critic");
            networks.Classifier.Forward(batch.Noised, 4, training);
            var counts = networks.Classifier.Branches[2].Counts;
            GoldenCrystalGan.AssertClose(GoldenCrystalGan.Numbers(expected.GetProperty("classifier").GetProperty("count_o")), GoldenCrystalGan.Probabilities(GoldenCrystalGan.Read(counts, 4), 12), tolerance, "counts");
        }
    }

    [Fact]
    public void LabelsAndDoubleSoftmax()
    {
        var golden = ReferenceData.Json("golden/crystal-gan/labels.json");
        var softmax = golden.GetProperty("double_softmax");
        double[] probabilities = GoldenCrystalGan.Numbers(softmax.GetProperty("probabilities"));
        var scores = ReferenceMatrix.Create(2, 2);
        var seeds = ReferenceMatrix.Create(2, 2);
        for (int i = 0; i < 4; i++)
        {
            scores[i / 2, i % 2] = Math.Log(probabilities[i]);
        }

        Assert.Equal(softmax.GetProperty("reference_loss").GetDouble(), ClassifierLoss.CrossEntropy(scores, [0, 1], twice: true, 1, seeds), 1e-12);
        Assert.Equal(softmax.GetProperty("plain_cross_entropy").GetDouble(), ClassifierLoss.CrossEntropy(scores, [0, 1], twice: false, 1, seeds), 1e-12);
        var uniform = golden.GetProperty("uniform_count_ce");
        foreach (var (classes, flat, perfect) in new[] { (8, "eight", "perfect_eight"), (12, "twelve", "perfect_twelve") })
        {
            var row = ReferenceMatrix.Create(1, classes);
            var seed = ReferenceMatrix.Create(1, classes);
            Assert.Equal(uniform.GetProperty(flat).GetDouble(), ClassifierLoss.CrossEntropy(row, [3], twice: true, 1, seed), 1e-12);
            row[0, 3] = 1000;
            Assert.Equal(uniform.GetProperty(perfect).GetDouble(), ClassifierLoss.CrossEntropy(row, [3], twice: true, 1, seed), 1e-12);
        }
    }

    /// For parameter k with row-major index t: u = sin(0.37 (k + 1) + 0.7391 t (1 + 0.01 k)); weights scaled by Xavier's bound, scales 1 + 0.1 u, others 0.05 u.
    private static void SetWeights<TMatrix>(RowNetwork<TMatrix> network, System.Text.Json.JsonElement expected)
        where TMatrix : class, IRowMatrix<TMatrix>
    {
        int k = 0, parameters = 0;
        foreach (var entry in expected.GetProperty("tensors").EnumerateArray())
        {
            string name = entry[0].GetString()!;
            int[] shape = [.. entry[1].EnumerateArray().Select(n => n.GetInt32())];
            var tensor = network.Plan.Tensors.FirstOrDefault(t => GoldenCrystalGan.FileName(t.Name) == name);
            if (tensor is not null)
            {
                Assert.Equal(shape, tensor.Shape);
                parameters += tensor.Length;
                bool scale = name.EndsWith(".weight", StringComparison.Ordinal);
                double bound = shape.Length > 1 ? Math.Sqrt(6.0 / tensor.Fans) : 0;
                network.Load(tensor.Name, [.. Enumerable.Range(0, tensor.Length).Select(t =>
                {
                    double u = Math.Sin(0.37 * (k + 1) + 0.7391 * t * (1 + 0.01 * k));
                    return shape.Length > 1 ? bound * u : scale ? 1 + 0.1 * u : 0.05 * u;
                })]);
            }
            else
            {
                // The published cell branch of the classifier is never trained and left out here.
                Assert.StartsWith("cell.", name);
                parameters += shape.Aggregate(1, (a, b) => a * b);
            }

            k++;
        }

        Assert.Equal(expected.GetProperty("parameters").GetInt32(), parameters);
        network.ParametersChanged();
    }

    /// The inputs of the small file with latents of the full width, by the file's formula.
    private static CrystalGanBatch<TMatrix> FullBatch<TMatrix>()
        where TMatrix : class, IRowMatrix<TMatrix>
    {
        var small = GoldenCrystalGan.Batch<TMatrix>("z_critic_step");
        var batch = new CrystalGanBatch<TMatrix>(GoldenCrystalGan.Shape, new CrystalGanWidths(), 4);
        GoldenCrystalGan.Fill(batch.Real, GoldenCrystalGan.Small.GetProperty("inputs").GetProperty("real"));
        GoldenCrystalGan.Fill(batch.Noised, GoldenCrystalGan.Small.GetProperty("inputs").GetProperty("real_noised"));
        for (int n = 0; n < 4 * 512; n++)
        {
            batch.GeneratorInput[n / 512, n % 512] = Math.Sin(0.731 * n + 0.2);
        }

        for (int n = 0; n < 4 * 29; n++)
        {
            batch.GeneratorInput[n / 29, 512 + n % 29] = small.GeneratorInput[n / 29, 16 + n % 29];
        }

        return batch;
    }
}
