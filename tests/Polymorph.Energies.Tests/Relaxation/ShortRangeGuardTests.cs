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
    public void GuardEndsAFallWithoutBottomAndTheResultSaysSo()
    {
        // −2/r²: a hole as networks have them where no data were.
        var hole = PairPotential.Engine(6, (_, _, r) => (-2 / (r * r), 4 / (r * r * r)));
        var start = Crystals.Molecule("C2", (0, 0, 0), (1.4, 0, 0));
        Assert.Equal(RelaxationStatus.Exploded, RelaxerTests.Relax(hole, start).Status);
        var result = RelaxerTests.Relax(new ShortRangeGuard(hole), start);
        Assert.Equal(RelaxationStatus.Converged, result.Status);
        Assert.Contains("where the short-range guard acts", result.Reason, StringComparison.Ordinal);
        Assert.InRange(result.GuardedEvaluations, 1, result.ForceEvaluations - 1);
        Assert.NotNull(ShortRangeGuard.PairInRange(result.Structure));
    }

    [Fact]
    public void GuardThatIsLeftAgainIsNotReported()
    {
        var result = RelaxerTests.Relax(new ShortRangeGuard(PairPotential.Morse()), Crystals.Molecule("C2", (0, 0, 0), (1.0, 0, 0)));
        Assert.Equal((RelaxationStatus.Converged, "", 0), (result.Status, result.Reason, result.GuardedEvaluations));
    }
}
