using Polymorph.Energies.Classical;
using Polymorph.Energies.Relaxation;
using Polymorph.Foundation;
using Polymorph.Structures;
using Xunit;

namespace Polymorph.Energies.Tests.Relaxation;

public class RelaxerTests
{
    internal static RelaxationResult Relax(IEnergyEngine engine, Structure start, RelaxationOptions? options = null, Action<Structure, Evaluation>? frame = null)
    {
        using var worker = engine.CreateEvaluator();
        return new Relaxer(engine, options ?? new()).Relax(start, worker, frame);
    }

    [Fact]
    public void DimerEndsAtTheMinimumOfThePairPotential()
    {
        var engine = PairPotential.LennardJones();
        var frames = new List<double>();
        var result = Relax(engine, Crystals.Molecule("Ar2", (0, 0, 0), (3.1, 0.4, 0)), new() { MaximumForce = 1e-6 }, (_, e) => frames.Add(e.EnergyEV));
        // Bonded atoms are 1.3·2·1.06 Å apart at most: argon is in two pieces at its best distance.
        Assert.Equal(RelaxationStatus.Fragmented, result.Status);
        // The force constant at the minimum is 57 ε/σ² = 0.05 eV/Å²: a force of 1e-6 is 2e-5 Å away.
        Assert.Equal(Math.Pow(2, 1.0 / 6) * 3.4, (result.Structure.Positions[1] - result.Structure.Positions[0]).Length, 3e-5);
        Assert.Equal(engine.Calls, result.ForceEvaluations);
        Assert.Equal(result.Steps + 1, frames.Count);
        Assert.Equal(result.EnergyEV, frames[^1]);
    }

    [Theory, InlineData(0.1), InlineData(0.3)]
    public void SilicaComesBackFromNoise(double noise)
    {
        var engine = ClassicalEngine.TersoffMunetoh2007;
        var best = Relax(engine, Crystals.Quartz, new() { MaximumForce = 1e-3 });
        var result = Relax(engine, Crystals.Rattle(Crystals.Quartz, noise, 7));
        Assert.Equal(RelaxationStatus.Converged, result.Status);
        Assert.Equal("", result.Reason);
        Assert.True(result.MaximumForce <= 0.05);
        // Two minima reached to 0.05 eV/Å with modes above 1 eV/Å² differ by at most 0.05²/2 per mode, 27 modes.
        Assert.InRange(result.EnergyEV - best.EnergyEV, -0.04, 0.04);
        // A few dozen steps at most; unpreconditioned methods take 40 to 80.
        Assert.InRange(result.ForceEvaluations, 2, 35);
    }

    /// From a start this rough the first steps are as long as the guard lets them be.
    [Theory, InlineData(CellFreedom.Fixed), InlineData(CellFreedom.Full)]
    public void NoAtomMovesFartherThanTheStepGuardLets(CellFreedom cell)
    {
        var path = new List<Structure>();
        Relax(ClassicalEngine.TersoffMunetoh2007, Crystals.Rattle(Crystals.Quartz, 0.6, 5), new() { Cell = cell }, (s, _) => path.Add(s));
        double Longest(Structure before, Structure after) => before.FractionalPositions.Zip(after.FractionalPositions, (a, b) => before.Lattice!.ToCartesian(b - a).Length).Max();
        double longest = path.Zip(path.Skip(1), Longest).Max();
        Assert.InRange(longest, 0.19, 0.2 + 1e-9);
    }

    [Fact]
    public void LargeCellsConvergeAsWell()
    {
        var start = Crystals.Rattle(Crystals.Quartz.Repeat(3, 3, 2), 0.1, 3);
        Assert.True(3 * start.AtomCount > CurvatureModel.LargestDense);
        var result = Relax(ClassicalEngine.TersoffMunetoh2007, start);
        Assert.Equal(RelaxationStatus.Converged, result.Status);
        Assert.InRange(result.ForceEvaluations, 2, 45);
    }

    [Theory, InlineData(0), InlineData(1), InlineData(-0.05)]
    public void FreeCellReachesThePressure(double pressure)
    {
        var options = new RelaxationOptions { Cell = CellFreedom.Full, PressureGPa = pressure, MaximumForce = 1e-4, MaximumStressGPa = 1e-4 };
        var result = Relax(PairPotential.LennardJones(), Crystals.Rattle(Crystals.Deform(Crystals.Argon(5.6), v => new(1.05 * v.X + 0.1 * v.Y, v.Y, 0.97 * v.Z)), 0.1, 4), options);
        Assert.Equal(RelaxationStatus.Converged, result.Status);
        double[] expected = [-pressure, -pressure, -pressure, 0, 0, 0];
        Assert.All(result.Stress!.Value.ToGPa().Zip(expected), p => Assert.Equal(p.Second, p.First, 1.01e-4));

        // Back to the cubic cell: three equal lengths and right angles. 1e-4 GPa against a modulus of 2 GPa are strains of 5e-5.
        var (lengths, angles) = (result.Structure.Lattice!.Lengths, result.Structure.Lattice.Angles);
        Assert.Equal(lengths.X, lengths.Y, 2e-3);
        Assert.Equal(lengths.X, lengths.Z, 2e-3);
        Assert.Equal(Math.PI / 2, angles.X, 2e-3);
    }

    [Fact]
    public void FixedAtomsKeepTheirPlaces()
    {
        var start = Crystals.Rattle(Crystals.Quartz, 0.1, 9);
        var result = Relax(ClassicalEngine.TersoffMunetoh2007, start, new() { FixedAtoms = [0, 4] });
        Assert.Equal(RelaxationStatus.Converged, result.Status);
        Assert.Equal((start.Positions[0], start.Positions[4]), (result.Structure.Positions[0], result.Structure.Positions[4]));

        var free = Relax(ClassicalEngine.TersoffMunetoh2007, start, new() { FixedAtoms = [0, 4], Cell = CellFreedom.Full });
        Assert.Equal(RelaxationStatus.Converged, free.Status);
        Assert.Equal(0, (start.FractionalPositions[4] - free.Structure.FractionalPositions[4]).Length, 1e-12);
        Assert.NotEqual(start.Lattice!.Volume, free.Structure.Lattice!.Volume, 1e-2);
    }

    [Fact]
    public void SameStartSameBitsWhateverRunsBeside()
    {
        var start = Crystals.Rattle(Crystals.Quartz, 0.2, 1);
        var options = new RelaxationOptions { Cell = CellFreedom.Full };
        var alone = Relax(ClassicalEngine.TersoffMunetoh2007, start, options);
        var beside = new RelaxationResult[4];
        Parallel.For(0, 4, i => beside[i] = Relax(ClassicalEngine.TersoffMunetoh2007, i % 2 == 0 ? start : Crystals.Rattle(start, 0.1, (ulong)i), options));
        foreach (var result in (RelaxationResult[])[beside[0], beside[2]])
        {
            Assert.Equal(alone.Structure.Positions, result.Structure.Positions);
            Assert.Equal((alone.EnergyEV, alone.ForceEvaluations, alone.Structure.Lattice), (result.EnergyEV, result.ForceEvaluations, result.Structure.Lattice));
        }
    }

    [Fact]
    public void RequestsThatDoNotFitAreNamed()
    {
        var molecule = Crystals.Molecule("Ar2", (0, 0, 0), (3, 0, 0));
        Assert.Equal("PM6160", Code(molecule, new() { Cell = CellFreedom.Full }));
        Assert.Equal("PM6162", Code(molecule, new() { FixedAtoms = [2] }));
        Assert.Equal("PM6164", Code(molecule, new() { KeepSymmetry = true }));
        Assert.Equal("PM6163", Code(Crystals.Argon(5.3), new() { KeepSymmetry = true, FixedAtoms = [1] }));
        Assert.Equal("PM6161", Code(Crystals.Argon(5.3), new() { Cell = CellFreedom.Volume }, new FunctionEngine(s => Evaluation.Of(0, [.. s.Positions]))));

        static string Code(Structure start, RelaxationOptions options, FunctionEngine? engine = null) =>
            Assert.Throws<PolymorphException>(() => Relax(engine ?? PairPotential.LennardJones(), start, options)).Code;
    }

    [Fact]
    public void Cancels()
    {
        using var source = new CancellationTokenSource();
        var engine = PairPotential.Morse();
        using var worker = engine.CreateEvaluator();
        Assert.Throws<OperationCanceledException>(() => new Relaxer(engine, new()).Relax(
            Crystals.Rattle(Crystals.Molecule("C2", (0, 0, 0), (2, 0, 0)), 0.1, 1), worker, (_, _) => source.Cancel(), source.Token));
    }
}
