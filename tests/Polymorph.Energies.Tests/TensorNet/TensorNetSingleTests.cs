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

    /// All widths do the same roundings in the same order.
    [Fact]
    public void EveryVectorWidthGivesTheSameBits()
    {
        var structure = GoldenCrystals.Named("V2O5_rattled").Structure;
        var results = VectorWidths.Available.Select(width =>
        {
            using var evaluator = Engine.Value.CreateEvaluator(width);
            return evaluator.Evaluate(structure, TestContext.Current.CancellationToken);
        }).ToList();
        foreach (var result in results.Skip(1))
        {
            Assert.Equal(results[0].EnergyEV, result.EnergyEV);
            Assert.Equal(results[0].Forces, result.Forces);
            Assert.Equal(results[0].Stress, result.Stress);
        }
    }

    [Fact]
    public void AnEvaluatorForgetsWhatItEvaluatedBefore()
    {
        var small = GoldenCrystals.Named("Si_diamond_prim_rattled").Structure;
        var large = GoldenCrystals.Named("MgMnO3_ilmenite_hex").Structure;
        using var fresh = Engine.Value.CreateEvaluator();
        using var used = Engine.Value.CreateEvaluator();
        var first = used.Evaluate(large, TestContext.Current.CancellationToken);
        Assert.Equal(fresh.Evaluate(small, TestContext.Current.CancellationToken).Forces, used.Evaluate(small, TestContext.Current.CancellationToken).Forces);
        Assert.Equal(first.Forces, used.Evaluate(large, TestContext.Current.CancellationToken).Forces);
    }

    [Fact]
    public void ThreadsShareAnEngine()
    {
        var crystals = GoldenCrystals.All.Select(c => c.Structure).ToList();
        var engine = GoldenCrystals.Engine(Precision.Single);
        var together = new Evaluation[crystals.Count];
        Parallel.For(0, crystals.Count, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = TestContext.Current.CancellationToken }, i =>
        {
            using var own = engine.CreateEvaluator();
            together[i] = own.Evaluate(crystals[i]);
        });
        using var evaluator = engine.CreateEvaluator();
        foreach (var (structure, result) in crystals.Zip(together))
        {
            Assert.Equal(evaluator.Evaluate(structure, TestContext.Current.CancellationToken).Forces, result.Forces);
        }
    }

    /// Two crystals far apart in size per atom: a time per atom is not asserted, but memory must suffice and the energy stay what it is.
    [Fact]
    public void AThousandAtomsAreAThousandTimesOne()
    {
        var cell = GoldenCrystals.Named("SiO2_train_small7_12at").Structure;
        using var evaluator = Engine.Value.CreateEvaluator();
        var one = evaluator.Evaluate(cell, TestContext.Current.CancellationToken);
        var many = evaluator.Evaluate(cell.Repeat(4, 4, 5), TestContext.Current.CancellationToken);
        // Single precision: the accuracy per atom that the upstream code has.
        Assert.Equal(one.EnergyEV, many.EnergyEV / 80, 2e-5 * cell.AtomCount);
        for (int i = 0; i < many.Forces.Length; i++)
        {
            Assert.InRange((many.Forces[i] - one.Forces[i % cell.AtomCount]).Length, 0, 2e-4);
        }
    }
}
