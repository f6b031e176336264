using System.Globalization;
using System.Text.RegularExpressions;
using Polymorph.Energies.External;
using Polymorph.Energies.External.Xtb;
using Polymorph.Foundation;
using Polymorph.Structures;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Energies.Tests.External;

/// xtb as a process gives its own energies and forces, and whatever it does otherwise is a failed result.
public sealed partial class XtbEngineTests
{
    [Theory, InlineData(XtbHamiltonian.Gfn1, "gfn1-xtb"), InlineData(XtbHamiltonian.Gfn2, "gfn2-xtb")]
    public void EnergyIsTheOneXtbPrints(XtbHamiltonian hamiltonian, string method)
    {
        var engine = new XtbEngine(new() { Hamiltonian = hamiltonian });
        Assert.Equal(method, engine.Method);
        using var evaluator = Evaluator(engine);
        double expected = PrintedEnergy(Molecules.Methanol, (int)hamiltonian);
        // xtb was given angstroms here and bohrs there; its file holds 11 decimals, 3e-10 eV.
        Assert.Equal(expected, evaluator.Evaluate(Molecules.Methanol, TestContext.Current.CancellationToken).EnergyEV, 2e-8);
    }

    [Theory, InlineData(XtbHamiltonian.Gfn1), InlineData(XtbHamiltonian.Gfn2)]
    public void ForcesAreDerivativesOfTheEnergy(XtbHamiltonian hamiltonian)
    {
        using var evaluator = Evaluator(new XtbEngine(new() { Hamiltonian = hamiltonian }));
        var forces = evaluator.Evaluate(Molecules.Methanol, TestContext.Current.CancellationToken).Forces;
        const double step = 1e-3;
        foreach (var (atom, axis) in new[] { (0, 0), (1, 2), (5, 1) })
        {
            var shift = new Vector3D(axis == 0 ? step : 0, axis == 1 ? step : 0, axis == 2 ? step : 0);
            double plus = evaluator.Evaluate(Molecules.Methanol.Moved(atom, shift), TestContext.Current.CancellationToken).EnergyEV;
            double minus = evaluator.Evaluate(Molecules.Methanol.Moved(atom, -shift), TestContext.Current.CancellationToken).EnergyEV;
            // Third derivatives of about 100 eV/Å³ times step²/6 give 2e-5; the self-consistency adds 1e-5.
            Assert.Equal(-(plus - minus) / (2 * step), forces[atom][axis], 5e-5);
        }
    }

    // The charges of the step before are a start and not an approximation.
    [Fact]
    public void ReusedChargesDoNotChangeTheResult()
    {
        using var reusing = Evaluator(new XtbEngine(new()));
        using var fresh = Evaluator(new XtbEngine(new() { ReuseCharges = false }));
        for (int i = 0; i < 3; i++)
        {
            var structure = Molecules.Methanol.Moved(1, new(0.05 * i, -0.03 * i, 0));
            var (a, b) = (reusing.Evaluate(structure, TestContext.Current.CancellationToken), fresh.Evaluate(structure, TestContext.Current.CancellationToken));
            // Self-consistency at the accuracy 0.1: 1e-7 hartree in the energy, 1e-7 hartree/bohr in forces.
            Assert.Equal(b.EnergyEV, a.EnergyEV, 3e-6);
            Assert.All(a.Forces.Zip(b.Forces), pair => Assert.True((pair.First - pair.Second).Length < 2e-5));
        }
    }

    [Fact]
    public void AnotherMoleculeMayFollow()
    {
        using var evaluator = Evaluator(new XtbEngine(new()));
        Assert.Null(evaluator.Evaluate(Molecules.Methanol, TestContext.Current.CancellationToken).Failure);
        var water = evaluator.Evaluate(Molecules.Water, TestContext.Current.CancellationToken);
        Assert.Equal(3, water.Forces.Length);
        Assert.Equal(PrintedEnergy(Molecules.Water, 2), water.EnergyEV, 2e-8);
    }

    // Two atoms on one site, and a radical, which has a lowest spin of its own.
    [Fact]
    public void ImpossibleGeometryFailsWithXtbsReasonAndTheBatchGoesOn()
    {
        using var evaluator = Evaluator(new XtbEngine(new()));
        var results = new[] { Molecules.Of("COH", default, default, new(0, 1, 0)), Molecules.Of("OH", default, new(0, 0, 0.97)) }
            .Select(m => evaluator.Evaluate(m, TestContext.Current.CancellationToken)).ToList();
        Assert.Contains("very* short distance", results[0].Failure, StringComparison.Ordinal);
        Assert.Null(results[1].Failure);
    }

    [Fact]
    public void ManyRunAtOnce()
    {
        var engine = new XtbEngine(new());
        using var first = Evaluator(engine);
        double expected = first.Evaluate(Molecules.Methanol, TestContext.Current.CancellationToken).EnergyEV;
        Parallel.For(0, 4, _ =>
        {
            using var evaluator = engine.CreateEvaluator();
            for (int i = 0; i < 5; i++)
            {
                // Restarted iterations end at another last digit.
                Assert.Equal(expected, evaluator.Evaluate(Molecules.Methanol).EnergyEV, 1e-6);
            }
        });
    }

    [Fact]
    public void RefusesWhatItCannotTreat()
    {
        var engine = new XtbEngine(new());
        var crystal = new Structure(Molecules.Water.Species, Molecules.Water.Positions, Lattice.Cubic(10));
        Assert.Contains("molecules", engine.Refusal(crystal), StringComparison.Ordinal);
        Assert.Contains("Fr", engine.Refusal(new Structure([Element.Parse("Fr")], [default])), StringComparison.Ordinal);
        Assert.Null(engine.Refusal(Molecules.Water));
        using var evaluator = Evaluator(engine);
        Assert.Contains("molecules", evaluator.Evaluate(crystal, TestContext.Current.CancellationToken).Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void MissingProgramSaysHowToInstallIt()
    {
        var error = Assert.Throws<PolymorphException>(() => new XtbEngine(new() { Program = "no-such-xtb" }).CreateEvaluator());
        Assert.Equal("PM6180", error.Code);
        Assert.Contains("apt-get install xtb", error.NextStep, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exit 7", "exit code 7")]
    [InlineData("echo 'out of luck' >&2; exit 1", "\"out of luck\"")]
    [InlineData("kill -SEGV $$", "exit code 139")]
    [InlineData("exit 0", "without writing a gradient")]
    [InlineData("echo nonsense > gradient", "cannot be read")]
    [InlineData("head -c 100000 /dev/zero > gradient", "far more")]
    [InlineData("touch .sccnotconverged; exit 0", "exit code 0")]
    [InlineData("printf '$grad\\n SCF energy = NaN\\n0 0 0 o\\n0 0 0 h\\n0 0 0 h\\n0 0 0\\n0 0 0\\n0 0 0\\n$end\\n' > gradient", "not a finite number")]
    [InlineData("printf '$grad\\n SCF energy = -1\\n0 0 0 o\\n0 0 0 h\\n0 0 0 h\\n0 x 0\\n0 0 0\\n0 0 0\\n$end\\n' > gradient", "not a finite number")]
    [InlineData("printf '$grad\\n SCF energy = -1\\n0 0 0 h\\n0 0 0 o\\n0 0 0 h\\n0 0 0\\n0 0 0\\n0 0 0\\n$end\\n' > gradient", "cannot be read")]
    public void CrashOrNonsenseIsAFailedResult(string script, string reason)
    {
        using var program = new FakeProgram(script);
        using var evaluator = new XtbEngine(new() { Program = program.Location }).CreateEvaluator();
        Assert.Contains(reason, evaluator.Evaluate(Molecules.Water, TestContext.Current.CancellationToken).Failure, StringComparison.Ordinal);
    }

    // A right answer of a fake program, so that the failures above are failures of their content.
    [Fact]
    public void ReadsFortranNumbers()
    {
        using var program = new FakeProgram("printf '$grad\\n cycle = 1 SCF energy = -2.0 |dE/dxyz| = 0\\n0 0 0 o\\n0 0 0 h\\n0 0 0 h\\n0 0 1.0D-01\\n0 0 -1.0E-01\\n0 0 0\\n$end\\n' > gradient");
        using var evaluator = new XtbEngine(new() { Program = program.Location }).CreateEvaluator();
        var result = evaluator.Evaluate(Molecules.Water, TestContext.Current.CancellationToken);
        Assert.Equal(-2 * 27.211386245988, result.EnergyEV, 1e-12);
        // CODATA 2018: 1 hartree/bohr is 51.422067476 eV/Å; ten digits are given.
        Assert.Equal(-5.1422067476, result.Forces[0].Z, 1e-9);
    }

    [Fact]
    public void HangingProgramIsEnded()
    {
        using var program = new FakeProgram("sleep 600");
        using var evaluator = new XtbEngine(new() { Program = program.Location, TimeLimit = TimeSpan.FromMilliseconds(300) }).CreateEvaluator();
        Assert.Contains("did not end within 0.3 s", evaluator.Evaluate(Molecules.Water, TestContext.Current.CancellationToken).Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void CancellationEndsTheProcess()
    {
        using var program = new FakeProgram("echo $$ > \"$(dirname \"$0\")/pid\"; sleep 600");
        using var evaluator = new XtbEngine(new() { Program = program.Location }).CreateEvaluator();
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(400));
        Assert.ThrowsAny<OperationCanceledException>(() => evaluator.Evaluate(Molecules.Water, stop.Token));
        string file = Path.Combine(program.Folder, "pid");
        Assert.SkipUnless(File.Exists(file), "the machine was too busy to start the script in time");
        Assert.False(Directory.Exists($"/proc/{File.ReadAllText(file).Trim()}"));
    }

    // What a killed process left is removed by the next evaluator, and what a living one uses is not.
    [Fact]
    public void ScratchFoldersOfDeadProcessesAreRemoved()
    {
        using var used = ScratchFolder.Create("xtb-test", inMemory: true);
        string abandoned = $"{used.Location}-abandoned";
        Directory.CreateDirectory(abandoned);
        File.WriteAllText(Path.Combine(abandoned, ".lock"), "");
        using (var next = ScratchFolder.Create("xtb-test", inMemory: true))
        {
            Assert.False(Directory.Exists(abandoned));
            Assert.True(Directory.Exists(used.Location));
            Assert.NotEqual(used.Location, next.Location);
        }
    }

    private static IEvaluator Evaluator(XtbEngine engine)
    {
        ExternalProgram.Installed("xtb");
        return engine.CreateEvaluator();
    }

    /// <summary>eV; xtb run by hand on an xyz file.</summary>
    private static double PrintedEnergy(Structure molecule, int gfn)
    {
        ExternalProgram.Installed("xtb");
        var folder = Directory.CreateTempSubdirectory("polymorph-xtb-test-");
        try
        {
            string file = Path.Combine(folder.FullName, "molecule.xyz");
            File.WriteAllLines(file, [
                molecule.AtomCount.ToString(CultureInfo.InvariantCulture), "",
                .. molecule.Species.Zip(molecule.Positions, (e, r) => string.Create(CultureInfo.InvariantCulture, $"{e.Symbol} {r.X:F12} {r.Y:F12} {r.Z:F12}"))]);
            string output = ExternalProgram.Run("/bin/sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"cd '{folder.FullName}' && OMP_NUM_THREADS=1 xtb molecule.xyz --gfn {gfn} --acc 0.1")]);
            return double.Parse(TotalEnergy().Match(output).Groups[1].Value, CultureInfo.InvariantCulture) * 27.211386245988;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [GeneratedRegex(@"TOTAL ENERGY\s+(\S+) Eh")]
    private static partial Regex TotalEnergy();
}
