using Polymorph.Energies.TensorNet;
using Polymorph.Structures;
using Xunit;

namespace Polymorph.Energies.Tests.TensorNet;

/// <summary>The double-precision definition beside the upstream code's numbers.</summary>
public sealed class TensorNetReferenceTests
{
    private static readonly Lazy<TensorNetEngine> Engine = new(() => GoldenCrystals.Engine(Precision.Double));
    private static readonly Lazy<TensorNetWeights> Weights = new(() => new(GoldenCrystals.WeightPath));

    public static TheoryData<string> Names => [.. GoldenCrystals.All.Select(c => c.Structure.Id)];

    /// 1e-9 throughout: two double-precision implementations differ by 3e-13 eV, 2e-13 eV/Å and 1e-12 GPa.
    [Theory, MemberData(nameof(Names))]
    public void EnergiesForcesAndStressesAreThePublishedCodes(string name)
    {
        var golden = GoldenCrystals.Named(name);
        using var evaluator = Engine.Value.CreateEvaluator();
        var result = evaluator.Evaluate(golden.Structure, TestContext.Current.CancellationToken);
        Assert.Null(result.Failure);
        Assert.Equal(golden.Energy, result.EnergyEV, 1e-9);
        foreach (var (expected, actual) in golden.Forces.Zip(result.Forces))
        {
            Assert.InRange((expected - actual).Length, 0, 1e-9);
        }

        foreach (var (expected, actual) in golden.Stress.Zip(result.Stress!.Value.ToGPa()))
        {
            Assert.Equal(expected, actual, 1e-9);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void IntermediateValuesAreThePublishedCodes(string name)
    {
        var golden = GoldenCrystals.Named(name);
        var graph = TensorNetGraph.Create(golden.Structure, NeighborList.Build(golden.Structure, Weights.Value.Radial.Cutoff), Weights.Value);
        Assert.Equal(golden.EdgeCount, 2 * graph.Pairs.Count);

        var nearest = graph.Pairs.Select(p => p.Distance).Order().SelectMany(d => new[] { d, d });
        Span<double> value = stackalloc double[3], slope = stackalloc double[3];
        foreach (var ((expected, basis), distance) in golden.ShortestEdges.Zip(nearest))
        {
            Assert.Equal(expected, distance, 1e-12);
            Weights.Value.Radial.Evaluate(distance, value, slope);
            for (int i = 0; i < 3; i++)
            {
                Assert.Equal(basis[i], value[i], 1e-12);
            }
        }

        var (atoms, _) = TensorNetReference.Evaluate(Weights.Value, graph);
        foreach (var (expected, actual) in golden.AtomEnergies.Zip(atoms))
        {
            Assert.Equal(expected, actual, 1e-9);
        }
    }
}
