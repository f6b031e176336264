using System.Text.Json;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Cli.Tests;

/// The last survivors go to GPAW over the i-PI protocol; energy, force and gap are those of GPAW called alone.
public sealed class ScreenConfirmationTests : IDisposable
{
    private const string Crystal = "2\nLattice=\"0 2 2 2 0 2 2 2 0\" Properties=species:S:1:pos:R:3 id=lih\nLi 0 0 0\nH 2 2 2.1\n";

    private const string Alone = """
        import json, sys
        from ase.dft.bandgap import bandgap
        from ase.io import read
        from gpaw import GPAW, PW
        atoms = read(sys.argv[1])
        atoms.calc = GPAW(mode=PW(150), xc='LDA', kpts=(1, 1, 1), symmetry={'tolerance': 1e-3}, txt=None)
        energy = atoms.get_potential_energy()
        print(json.dumps({'energy': energy, 'force': float(abs((atoms.get_forces() ** 2).sum(axis=1).max()) ** 0.5), 'gap': float(bandgap(atoms.calc, output=None)[0])}))
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void GpawConfirmsTheSurvivorsWithEnergyForceAndGap()
    {
        string file = _folder.Write("lih.extxyz", Crystal);
        var expected = JsonDocument.Parse(ExternalProgram.Python(Alone, ["gpaw", "ase"], file)).RootElement;
        var template = ProgramRun.Of("potentials", "template", "gpaw-lda-pw400");
        Assert.Equal(0, template.Exit);
        _folder.Write("small.template", template.Output.Replace("PW(400)", "PW(150)", StringComparison.Ordinal).Replace("(2, 2, 2)", "(1, 1, 1)", StringComparison.Ordinal));
        string recipe = _folder.Write("r.yaml", "steps:\n  - {quantity: confirmation, method: 'ipi:small.template', maximum: 100}\n");
        var (exit, output, error) = ProgramRun.Of("screen", file, "--recipe", recipe, "--out", _folder.Of("out"));
        Assert.True(exit == 0, error);
        Assert.Contains("confirmation: 1 in, 1 out", output, StringComparison.Ordinal);
        var found = ProgramRun.Lines(File.ReadAllText(_folder.Of("out/candidates.jsonl")))[0].GetProperty("confirmation");
        // The same calculation, converged to the program's own limits; the cell passes through atomic units.
        Assert.Equal(expected.GetProperty("energy").GetDouble(), found.GetProperty("energyEV").GetDouble(), 1e-4);
        Assert.Equal(expected.GetProperty("force").GetDouble(), found.GetProperty("maxForceEVPerA").GetDouble(), 1e-3);
        Assert.Equal(expected.GetProperty("gap").GetDouble(), found.GetProperty("bandGapEV").GetDouble(), 1e-3);
        Assert.True(expected.GetProperty("gap").GetDouble() > 0.5, "a test of the gap needs one");

        // Kept: the second call starts no client.
        string[] kept = Directory.GetFiles(_folder.Of("out/cache"), "energy-*.jsonl");
        string before = File.ReadAllText(Assert.Single(kept));
        Assert.Equal(0, ProgramRun.Of("screen", file, "--recipe", recipe, "--out", _folder.Of("out")).Exit);
        Assert.Equal(before, File.ReadAllText(kept[0]));
    }
}
