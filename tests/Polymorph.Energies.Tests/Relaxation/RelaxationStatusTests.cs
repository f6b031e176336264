using Polymorph.Energies.Relaxation;
using Polymorph.Structures;
using Xunit;

namespace Polymorph.Energies.Tests.Relaxation;

public class RelaxationStatusTests
{
    private static readonly Structure Methane = Crystals.Molecule("CH4", (0, 0, 0), (0.9, 0, 0), (0, 0.8, 0), (0, 0, 1), (-1, -1, 0));

    private static RelaxationResult Relax(FunctionEngine engine, Structure start, RelaxationOptions? options = null) => RelaxerTests.Relax(engine, start, options);

    private static Evaluation Evaluate(FunctionEngine engine, Structure structure)
    {
        using var worker = engine.CreateEvaluator();
        return worker.Evaluate(structure, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void MoleculeOutOfReachIsFragmented()
    {
        var result = Relax(PairPotential.Morse(), Crystals.Molecule("C2", (0, 0, 0), (7.99, 0, 0)));
        Assert.Equal((RelaxationStatus.Fragmented, "the molecule is in 2 pieces; it was not in one piece at the start"), (result.Status, result.Reason));
    }

    [Fact]
    public void MoleculeThatFallsApartIsFragmented()
    {
        // A pair that only repels, up to 3 Å.
        var engine = PairPotential.Engine(3, (_, _, r) => (0.5 * (3 - r) * (3 - r), r - 3));
        var result = Relax(engine, Crystals.Molecule("C2", (0, 0, 0), (1.5, 0, 0)));
        Assert.Equal((RelaxationStatus.Fragmented, "the molecule is in 2 pieces"), (result.Status, result.Reason));
    }

    [Fact]
    public void StepsEnd()
    {
        var result = Relax(PairPotential.Morse(), Methane, new() { MaximumSteps = 2 });
        Assert.Equal((RelaxationStatus.MaxSteps, 2), (result.Status, result.Steps));
        Assert.Contains("after 2 steps", result.Reason, StringComparison.Ordinal);
        Assert.Equal(1, Relax(PairPotential.Morse(), Methane, new() { MaximumSteps = 0 }).ForceEvaluations);
    }

    [Fact]
    public void AtomsOnOneSiteAreSurvived()
    {
        var result = Relax(PairPotential.Morse(), Crystals.Molecule("CH4", (0, 0, 0), (0, 0, 0), (0, 0, 0), (0, 0, 0.01), (0, 0, 0)));
        Assert.Equal((RelaxationStatus.Converged, 10), (result.Status, result.PushedPairs));
    }

    [Fact]
    public void EngineThatRefusesCoincidentAtomsIsAskedAfterThePush()
    {
        var morse = PairPotential.Morse();
        var engine = new FunctionEngine(s => Evaluate(morse, s), s => ClosePair.FindAny(s, 0.1) is null ? null : "two atoms lie on each other");
        Assert.Equal(RelaxationStatus.Converged, Relax(engine, Crystals.Molecule("C2", (0, 0, 0), (0, 0, 0))).Status);
    }

    [Fact]
    public void FixedAtomsOnOneSiteAreNamed()
    {
        var result = Relax(PairPotential.LennardJones(), Crystals.Molecule("Ar3", (0, 0, 0), (0, 0, 0), (4, 0, 0)), new() { FixedAtoms = [0, 1] });
        Assert.Equal(RelaxationStatus.EngineFailed, result.Status);
        Assert.Contains("atoms 1 (Ar) and 2 (Ar) are 0.00 Å apart and cannot be moved apart", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void EngineThatAlwaysFailsIsNamed()
    {
        var result = Relax(new FunctionEngine(_ => Evaluation.Failed("the density did not converge")), Methane);
        Assert.Equal((RelaxationStatus.EngineFailed, "the density did not converge"), (result.Status, result.Reason));
        Assert.True(double.IsNaN(result.EnergyEV));
    }

    [Fact]
    public void RefusedStructureIsNotEvaluated()
    {
        var engine = new FunctionEngine(_ => throw new InvalidOperationException("must not be called"), _ => "oganesson is unknown");
        var result = Relax(engine, Crystals.Molecule("Og2", (0, 0, 0), (3, 0, 0)));
        Assert.Equal((RelaxationStatus.EngineFailed, "oganesson is unknown", 0), (result.Status, result.Reason, result.ForceEvaluations));
    }

    [Fact]
    public void ForcesThatAreNotNumbersAreNamed()
    {
        var result = Relax(new FunctionEngine(s => Evaluation.Of(1, [.. s.Positions.Select(_ => new Vector3D(double.NaN, 0, 0))])), Methane);
        Assert.Equal(RelaxationStatus.EngineFailed, result.Status);
        Assert.Contains("not a finite number", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void WrongNumberOfForcesIsNamed()
    {
        var result = Relax(new FunctionEngine(_ => Evaluation.Of(1, [new(1, 0, 0)])), Methane);
        Assert.Equal((RelaxationStatus.EngineFailed, "the engine gave 1 forces for 5 atoms"), (result.Status, result.Reason));
    }

    [Fact]
    public void FailuresInTheMiddleAreSurvived()
    {
        var morse = PairPotential.Morse();
        int calls = 0;
        var engine = new FunctionEngine(s => ++calls is 3 or 4 or 5 or 9 ? Evaluation.Failed("no convergence") : Evaluate(morse, s));
        var result = Relax(engine, Methane);
        Assert.Equal(RelaxationStatus.Converged, result.Status);
        Assert.Equal(calls, result.ForceEvaluations);
    }

    [Fact]
    public void EngineThatDiesInTheMiddleLeavesTheLastGoodGeometry()
    {
        var morse = PairPotential.Morse();
        int calls = 0;
        var engine = new FunctionEngine(s => ++calls > 4 ? Evaluation.Failed("the program ended") : Evaluate(morse, s));
        var result = Relax(engine, Methane);
        Assert.Equal((RelaxationStatus.EngineFailed, "the program ended (3 tries)"), (result.Status, result.Reason));
        Assert.Equal(Evaluate(morse, result.Structure).EnergyEV, result.EnergyEV);
        Assert.InRange(result.ForceEvaluations, 5, 20);
    }

    [Fact]
    public void AtomsThatFallIntoEachOtherExplode()
    {
        // A bottomless hole at short distances, as networks have them where no data were: −1/r² inside.
        var engine = PairPotential.Engine(6, (_, _, r) => (-2 / (r * r), 4 / (r * r * r)));
        var start = Crystals.Molecule("C2", (0, 0, 0), (1.5, 0, 0));
        var result = Relax(engine, start);
        Assert.Equal(RelaxationStatus.Exploded, result.Status);
        Assert.Contains("fell into each other (3 tries)", result.Reason, StringComparison.Ordinal);
        Assert.Equal(start.Positions, result.Structure.Positions);
    }

    [Fact]
    public void AtomsThatFlyApartExplode()
    {
        var engine = PairPotential.Engine(1000, (_, _, r) => (-r, -1));
        var result = Relax(engine, Crystals.Molecule("C2", (0, 0, 0), (1.5, 0, 0)));
        Assert.Equal(RelaxationStatus.Exploded, result.Status);
        Assert.Contains("away from the others", result.Reason, StringComparison.Ordinal);
    }

    [Theory, InlineData(1), InlineData(-1)]
    public void CellWithoutBoundsExplodes(int sign)
    {
        // Energy proportional to the volume, with either sign.
        var engine = new FunctionEngine(s => Evaluation.Of(sign * s.Lattice!.Volume, [.. s.Positions.Select(_ => Vector3D.Zero)], sign * new StressTensor(1, 1, 1, 0, 0, 0)));
        var result = Relax(engine, Crystals.Argon(20), new() { Cell = CellFreedom.Full });
        Assert.Equal(RelaxationStatus.Exploded, result.Status);
        Assert.Contains("the volume went from 8000.0 to", result.Reason, StringComparison.Ordinal);
    }
}
