using Polymorph.Energies.Classical;
using Polymorph.Structures;
using Xunit;

namespace Polymorph.Energies.Tests.Classical;

public sealed class ClassicalEngineTests
{
    public static TheoryData<string> Methods => ["tersoff-munetoh-2007", "vashishta-1990"];

    [Theory, MemberData(nameof(Methods))]
    public void MethodIsNamed(string method) => Assert.Equal(method, Engine(method).Method);

    /// Central differences with step 1e-5: error about 1e-8 of forces of some 10 eV/Å.
    [Theory, MemberData(nameof(Methods))]
    public void ForcesAndStressAreDerivativesOfTheEnergy(string method)
    {
        using var evaluator = Engine(method).CreateEvaluator();
        foreach (int cell in new[] { 9, 40 })
        {
            FiniteDifferences.AssertForces(evaluator, SilicaCells.Fifty()[cell], step: 1e-5, tolerance: 2e-6);
            FiniteDifferences.AssertStress(evaluator, SilicaCells.Fifty()[cell], step: 1e-6, tolerance: 2e-7);
        }
    }

    /// Six times the atoms, the same forces; 1e-10 is the rounding of sums of some hundred eV.
    [Theory, MemberData(nameof(Methods))]
    public void SupercellsAgree(string method)
    {
        using var evaluator = Engine(method).CreateEvaluator();
        var cell = SilicaCells.Fifty()[10];
        var one = evaluator.Result(cell);
        var six = evaluator.Result(cell.Repeat(1, 2, 3));
        Assert.Equal(6 * one.EnergyEV, six.EnergyEV, 1e-9);
        Assert.Equal(one.Stress!.Value.XZ, six.Stress!.Value.XZ, 1e-11);
        Assert.All(Enumerable.Range(0, six.Forces.Length), i => Assert.True((six.Forces[i] - one.Forces[i % cell.AtomCount]).Length < 1e-9));
    }

    /// The cells the comparisons begin with are the crystals they are called: silicon has its four or six bonds of known length.
    [Fact]
    public void CellsAreThoseOfTheCrystals()
    {
        foreach (var (crystal, bonds, shortest, longest) in new[] { (SilicaCells.Quartz(), 4, 1.59, 1.63), (SilicaCells.Cristobalite(), 4, 1.59, 1.62), (SilicaCells.Stishovite(), 6, 1.75, 1.82) })
        {
            var list = NeighborList.Build(crystal, 2.2);
            for (int i = 0; i < crystal.AtomCount; i++)
            {
                Assert.Equal(crystal.Species[i].Symbol == "Si" ? bonds : bonds / 2, list.Of(i).Length);
                Assert.All(list.Of(i).ToArray(), n => Assert.InRange(n.Distance, shortest, longest));
            }
        }
    }

    [Theory, MemberData(nameof(Methods))]
    public void ClustersHaveNoStress(string method)
    {
        using var evaluator = Engine(method).CreateEvaluator();
        var cluster = new Structure(SilicaCells.Quartz().Species, SilicaCells.Quartz().Positions);
        Assert.Null(evaluator.Result(cluster).Stress);
        FiniteDifferences.AssertForces(evaluator, cluster, step: 1e-5, tolerance: 2e-6);
    }

    [Theory, MemberData(nameof(Methods))]
    public void WhatCannotBeTreatedIsAFailedResult(string method)
    {
        var engine = Engine(method);
        using var evaluator = engine.CreateEvaluator();
        Element silicon = Element.Parse("Si"), oxygen = Element.Parse("O");
        var salt = new Structure([Element.Parse("Na"), oxygen], [Vector3D.Zero, new(0, 0, 2)]);
        Assert.Equal($"{method} does not know the element Na, only Si, O", engine.Refusal(salt));
        Assert.Equal(engine.Refusal(salt), evaluator.Result(salt).Failure);
        Assert.Equal("atoms 1 and 2 lie on one site", evaluator.Result(new Structure([silicon, oxygen], [Vector3D.Zero, Vector3D.Zero], Lattice.Cubic(5))).Failure);
        Assert.NotNull(evaluator.Result(new Structure([silicon], [Vector3D.Zero], Lattice.Cubic(0.01))).Failure);

        var cell = SilicaCells.Quartz();
        Assert.Null(engine.Refusal(cell));
        Assert.Null(evaluator.Result(cell).Failure);
        Assert.Throws<OperationCanceledException>(() => evaluator.Evaluate(cell, new CancellationToken(true)));
    }

    private static ClassicalEngine Engine(string method) => method.StartsWith("tersoff", StringComparison.Ordinal) ? ClassicalEngine.TersoffMunetoh2007 : ClassicalEngine.Vashishta1990;
}
