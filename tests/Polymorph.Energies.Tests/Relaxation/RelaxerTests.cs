using Polymorph.Energies.Relaxation;
using Polymorph.Structures;
using Xunit;

namespace Polymorph.Energies.Tests.Relaxation;

public class RelaxerTests
{
    private static Structure Molecule(string formula, params (double X, double Y, double Z)[] positions) =>
        new([.. Composition.ParseSpecies(formula)], [.. positions.Select(p => new Vector3D(p.X, p.Y, p.Z))]);

    private static RelaxationResult Relax(FunctionEngine engine, Structure start, RelaxationOptions? options = null, Action<Structure, Evaluation>? frame = null)
    {
        using var worker = engine.CreateEvaluator();
        return new Relaxer(engine, options ?? new()).Relax(start, worker, frame);
    }

    [Fact]
    public void DimerEndsAtTheMinimumOfThePairPotential()
    {
        var engine = PairPotential.LennardJones();
        var result = Relax(engine, Molecule("Ar2", (0, 0, 0), (3.1, 0.4, 0)), new() { MaximumForce = 1e-6 });
        // The force constant at the minimum is 57 epsilon/sigma² = 0.05 eV/Å²: a force of 1e-6 is 2e-5 Å away.
        Assert.Equal(Math.Pow(2, 1.0 / 6) * 3.4, (result.Structure.Positions[1] - result.Structure.Positions[0]).Length, 3e-5);
        Assert.Equal(engine.Calls, result.ForceEvaluations);
    }

    [Fact]
    public void MoleculeOutOfReachIsFragmented()
    {
        var result = Relax(PairPotential.LennardJones(), Molecule("Ar2", (0, 0, 0), (7.99, 0, 0)));
        Assert.Equal(RelaxationStatus.Fragmented, result.Status);
    }

    [Fact]
    public void StepsEnd()
    {
        var result = Relax(PairPotential.Morse(), Molecule("CH4", (0, 0, 0), (0.9, 0, 0), (0, 0.8, 0), (0, 0, 1), (-1, -1, 0)), new() { MaximumSteps = 2 });
        Assert.Equal((RelaxationStatus.MaxSteps, 2), (result.Status, result.Steps));
        Assert.Contains("after 2 steps", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void AtomsOnOneSiteAreSurvived()
    {
        var result = Relax(PairPotential.Morse(), Molecule("CH4", (0, 0, 0), (0, 0, 0), (0, 0, 0), (0, 0, 0.01), (0, 0, 0)));
        Assert.Equal(RelaxationStatus.Converged, result.Status);
        Assert.Equal(10, result.PushedPairs);
    }

    [Fact]
    public void EngineThatAlwaysFailsIsNamed()
    {
        var result = Relax(new FunctionEngine(_ => Evaluation.Failed("the density did not converge")), Molecule("Ar2", (0, 0, 0), (3, 0, 0)));
        Assert.Equal((RelaxationStatus.EngineFailed, "the density did not converge"), (result.Status, result.Reason));
        Assert.True(double.IsNaN(result.EnergyEV));
    }

    [Fact]
    public void RefusedStructureIsNotEvaluated()
    {
        var engine = new FunctionEngine(_ => throw new InvalidOperationException("must not be called"));
        var result = Relax(engine, Molecule("Og2", (0, 0, 0), (3, 0, 0)));
        Assert.Equal((RelaxationStatus.EngineFailed, "oganesson is unknown", 0), (result.Status, result.Reason, result.ForceEvaluations));
    }
}
