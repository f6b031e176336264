using Polymorph.Learning;
using Polymorph.Learning.Kernels;
using Polymorph.Learning.Layers;
using Polymorph.Models.Cgcnn;
using Polymorph.Models.Cgcnn.Kernels;
using Polymorph.Models.CrystalGan;
using Polymorph.Representations.CrystalGraphs;
using Polymorph.Structures;
using Xunit;

namespace Polymorph.Models.Tests.Cgcnn;

/// The fast kernels must do what the plain ones do, for widths that fill whole vectors and for others.
public sealed class GraphKernelTests
{
    private static readonly string[] Ids = ["9000046", "1000041", "7206075", "9012304"];

    [Theory, InlineData(6, 5, 1, CgcnnTask.Regression), InlineData(16, 32, 2, CgcnnTask.Regression), InlineData(33, 17, 3, CgcnnTask.Classification)]
    public void OutputsAndGradientsAgreeWithTheReference(int atomFeatures, int hiddenFeatures, int hiddenLayers, CgcnnTask task)
    {
        var options = new CgcnnOptions { AtomFeatures = atomFeatures, HiddenFeatures = hiddenFeatures, Convolutions = 2, HiddenLayers = hiddenLayers, Task = task };
        var reference = new CgcnnNetwork<ReferenceMatrix>(new LayerKernelsReference(), new GraphKernelsReference(), options);
        var fast = new CgcnnNetwork<AlignedMatrix>(new LayerKernels(), new GraphKernels(), options);
        reference.InitialiseUniformly(new CounterRandom(3, 1));
        fast.InitialiseUniformly(new CounterRandom(3, 1));
        var batch = GoldenCgcnn.BatchOf(Ids);
        var drops = new CounterRandom(3, 2).Sequence(0);
        var (referenceSeeds, fastSeeds) = (ReferenceMatrix.Create(Ids.Length, options.Outputs), new AlignedMatrix(Ids.Length, options.Outputs));
        for (int i = 0; i < Ids.Length * options.Outputs; i++)
        {
            referenceSeeds[i / options.Outputs, i % options.Outputs] = fastSeeds.Row(i / options.Outputs)[i % options.Outputs] = 0.5f * (i % 3) - 0.4f;
        }

        reference.Forward(batch, training: true, drops);
        fast.Forward(batch, training: true, drops);
        Agree(Outputs(reference), Outputs(fast), 1e-5);
        reference.Backward(batch, referenceSeeds);
        fast.Backward(batch, fastSeeds);
        foreach (var tensor in reference.Plan.Tensors)
        {
            // Sums over some thousand rows in single precision, of numbers that normalisations bring near zero.
            Agree(RowNetwork<ReferenceMatrix>.Read(tensor, reference.Block.Gradient(tensor.Name)), RowNetwork<AlignedMatrix>.Read(tensor, fast.Block.Gradient(tensor.Name)), 3e-5);
        }

        reference.Forward(batch, training: false);
        fast.Forward(batch, training: false);
        Agree(Outputs(reference), Outputs(fast), 1e-5);
    }

    /// Padded columns must stay zero: whatever enters them would leak into gradients.
    [Fact]
    public void PaddingStaysZero()
    {
        var options = new CgcnnOptions { AtomFeatures = 10, HiddenFeatures = 7, Convolutions = 2 };
        var network = new CgcnnNetwork<AlignedMatrix>(new LayerKernels(), new GraphKernels(), options);
        network.InitialiseUniformly(new CounterRandom(1, 1));
        var batch = GoldenCgcnn.BatchOf(Ids);
        var seeds = new AlignedMatrix(Ids.Length, 1);
        seeds.Row(0)[0] = 1;
        network.Forward(batch, training: true);
        network.Backward(batch, seeds);
        int used = network.Plan.Tensors.Sum(t => RowNetwork<AlignedMatrix>.Read(t, network.Block.Gradient(t.Name)).Count(v => v != 0));
        Assert.Equal(used, network.Block.Gradients.Span.ToArray().Count(v => v != 0));
    }

    /// Isolated atoms without edges have a prediction, and the window of features is that of all centres.
    [Fact]
    public void AtomsWithoutEdgesArePredicted()
    {
        var options = new CgcnnOptions { AtomFeatures = 10, HiddenFeatures = 7, Graph = new CrystalGraphOptions { LeaveOutMissing = true } };
        var reference = new CgcnnNetwork<ReferenceMatrix>(new LayerKernelsReference(), new GraphKernelsReference(), options);
        var fast = new CgcnnNetwork<AlignedMatrix>(new LayerKernels(), new GraphKernels(), options);
        reference.InitialiseUniformly(new CounterRandom(3, 1));
        fast.InitialiseUniformly(new CounterRandom(3, 1));
        foreach (double edge in new[] { 0.9, 2.05, 3.3, 7.95, 9 })
        {
            var batch = new GraphBatch(options.Graph);
            batch.Fill([CrystalGraph.Build(new Structure([Element.Parse("Po")], [default], new Lattice(new(edge, 0, 0), new(0, edge, 0), new(0, 0, edge))), options.Graph)]);
            reference.Forward(batch, training: false);
            fast.Forward(batch, training: false);
            Agree(Outputs(reference)[..1], Outputs(fast)[..1], 1e-5);
        }
    }

    private static double[] Outputs(CgcnnNetwork<ReferenceMatrix> network) => [.. Enumerable.Range(0, network.Outputs.Rows * network.Outputs.Columns).Select(i => network.Outputs[i / network.Outputs.Columns, i % network.Outputs.Columns])];

    private static double[] Outputs(CgcnnNetwork<AlignedMatrix> network) => [.. Enumerable.Range(0, network.Outputs.Rows).SelectMany(i => network.Outputs.Row(i).ToArray().Select(v => (double)v))];

    private static void Agree(double[] expected, double[] actual, double tolerance)
    {
        double scale = Math.Max(1, expected.Max(Math.Abs));
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance * scale));
    }
}
