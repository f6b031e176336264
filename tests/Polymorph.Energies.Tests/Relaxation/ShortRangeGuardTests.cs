using Polymorph.Energies.Relaxation;
using Polymorph.Structures;
using Xunit;

namespace Polymorph.Energies.Tests.Relaxation;

public class ShortRangeGuardTests
{
    private static Evaluation Evaluate(IEnergyEngine engine, Structure structure)
    {
        using var worker = engine.CreateEvaluator();
        return worker.Evaluate(structure, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void SoundStructuresPassThroughToTheLastBit()
    {
        var engine = PairPotential.LennardJones();
        Assert.Equal(engine.Method, new ShortRangeGuard(engine).Method);
        var (bare, guarded) = (Evaluate(engine, Crystals.Argon(4.0)), Evaluate(new ShortRangeGuard(engine), Crystals.Argon(4.0)));
        Assert.Equal((bare.EnergyEV, bare.Stress), (guarded.EnergyEV, guarded.Stress));
        Assert.Equal(bare.Forces, guarded.Forces);
    }

    [Fact]
    public void ForcesAndStressAreDerivatives()
    {
        var guard = new ShortRangeGuard(PairPotential.Engine(3, (_, _, _) => (0, 0)));
        var crystal = Crystals.Rattle(Crystals.Fractional(Lattice.Cubic(1.9), "SiO2", (0, 0, 0), (0.3, 0.1, 0.2), (0.7, 0.2, 0.9)), 0.02, 3);
        var space = new RelaxationSpace(crystal, new() { Cell = CellFreedom.Full });
        double[] gradient = space.PointOf(crystal, Evaluate(guard, crystal)).Gradient;
        for (int k = 0; k < space.Count; k++)
        {
            const double h = 1e-5;
            double[] step = new double[space.Count];
            step[k] = h;
            double ahead = Evaluate(guard, space.Move(crystal, step)).EnergyEV;
            step[k] = -h;
            double behind = Evaluate(guard, space.Move(crystal, step)).EnergyEV;
            // Energies of 100 eV and slopes of 1000 eV/Å with third derivatives of 1e6: truncation 1e-5, rounding 1e-9.
            Assert.Equal((ahead - behind) / (2 * h), gradient[k], 1e-3);
        }

        Assert.True(gradient.Max(Math.Abs) > 10);
    }

    [Fact]
    public void BalanceOfGuardAndHoleIsNoMinimum()
    {
        // A well of 4 eV at 0.6 Å, where the engine alone calls two carbon atoms a molecule; as networks have them where no data were.
        var well = PairPotential.Engine(6, (_, _, r) => (-4 * Math.Exp(-(r - 0.6) * (r - 0.6)), 8 * (r - 0.6) * Math.Exp(-(r - 0.6) * (r - 0.6))));
        var start = Crystals.Molecule("C2", (0, 0, 0), (1.4, 0, 0));
        Assert.Equal(RelaxationStatus.Converged, RelaxerTests.Relax(well, start).Status);
        var result = RelaxerTests.Relax(new ShortRangeGuard(well), start);
        Assert.Equal(RelaxationStatus.Exploded, result.Status);
        Assert.Contains("where the short-range guard acts: they fell into each other (3 tries)", result.Reason, StringComparison.Ordinal);
        Assert.InRange(result.GuardedEvaluations, 1, result.ForceEvaluations - 1);
        Assert.Equal((start.Positions, Evaluate(well, start).EnergyEV), (result.Structure.Positions, result.EnergyEV));
    }

    /// An energy that has the repulsion in it goes by no method's name, whatever the status.
    [Fact]
    public void AnEndInTheGuardsRangeHasNoEnergy()
    {
        var guard = new ShortRangeGuard(PairPotential.Morse());
        var pinned = RelaxerTests.Relax(guard, Crystals.Molecule("C2", (0, 0, 0), (0.6, 0, 0)), new() { FixedAtoms = [0, 1] });
        Assert.Equal((RelaxationStatus.Exploded, double.NaN, double.NaN), (pinned.Status, pinned.EnergyEV, pinned.MaximumForce));
        var stopped = RelaxerTests.Relax(guard, Crystals.Molecule("C3", (0, 0, 0), (0.6, 0, 0), (0, 2, 0)), new() { FixedAtoms = [0, 1], MaximumSteps = 0 });
        Assert.Equal((RelaxationStatus.MaxSteps, double.NaN, double.NaN), (stopped.Status, stopped.EnergyEV, stopped.MaximumForce));
        Assert.Contains("after 0 steps; atoms 1 (C) and 2 (C) are 0.60 Å apart, where the short-range guard acts", stopped.Reason, StringComparison.Ordinal);
    }

    /// A program that counts or times evaluations puts a worker of its own around the guard's.
    [Fact]
    public void GuardedEvaluationsAreCountedThroughAnyWrapper()
    {
        var guard = new ShortRangeGuard(PairPotential.Engine(6, (_, _, r) => (20 * r, 20)));
        var start = Crystals.Molecule("C2", (0, 0, 0), (1.4, 0, 0));
        using var worker = new Wrapper(guard.CreateEvaluator());
        var wrapped = new Relaxer(guard, new()).Relax(start, worker, null, TestContext.Current.CancellationToken);
        Assert.True(wrapped.GuardedEvaluations > 0);
        Assert.Equal(RelaxerTests.Relax(guard, start).GuardedEvaluations, wrapped.GuardedEvaluations);
    }

    [Fact]
    public void GuardThatIsLeftAgainIsNotReported()
    {
        var result = RelaxerTests.Relax(new ShortRangeGuard(PairPotential.Morse()), Crystals.Molecule("C2", (0, 0, 0), (1.0, 0, 0)));
        Assert.Equal((RelaxationStatus.Converged, "", 0), (result.Status, result.Reason, result.GuardedEvaluations));
    }

    private sealed class Wrapper(IEvaluator inner) : IEvaluator
    {
        public Evaluation Evaluate(Structure structure, CancellationToken cancellation = default) => inner.Evaluate(structure, cancellation);

        public void Dispose() => inner.Dispose();
    }
}
