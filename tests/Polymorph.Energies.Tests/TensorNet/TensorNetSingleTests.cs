using Polymorph.Energies.Kernels.TensorNet;
using Polymorph.Energies.TensorNet;
using Polymorph.Learning.Kernels;
using Polymorph.Structures;
using Xunit;

namespace Polymorph.Energies.Tests.TensorNet;

/// <summary>The single-precision kernels beside the upstream code's double-precision numbers.</summary>
public sealed class TensorNetSingleTests
{
    private static readonly Lazy<TensorNetEngine> Engine = new(() => GoldenCrystals.Engine(Precision.Single));

    public static TheoryData<string> Names => [.. GoldenCrystals.All.Select(c => c.Structure.Id)];

    /// The published code itself differs by 2e-5 eV/atom, 2e-4 eV/Å and 5e-4 GPa between single and double precision.
    [Theory, MemberData(nameof(Names))]
    public void EnergiesForcesAndStressesAreThePublishedCodes(string name)
    {
        var golden = GoldenCrystals.Named(name);
        foreach (var width in VectorWidths.Available)
        {
            using var evaluator = Engine.Value.CreateEvaluator(width);
            var result = evaluator.Evaluate(golden.Structure, TestContext.Current.CancellationToken);
            Assert.Null(result.Failure);
            Assert.Equal(golden.Energy, result.EnergyEV, 2e-5 * golden.Structure.AtomCount);
            foreach (var (expected, actual) in golden.Forces.Zip(result.Forces))
            {
                Assert.InRange((expected - actual).Length, 0, 2e-4);
            }

            foreach (var (expected, actual) in golden.Stress.Zip(result.Stress!.Value.ToGPa()))
            {
                Assert.Equal(expected, actual, 5e-4);
            }
        }
    }
}
