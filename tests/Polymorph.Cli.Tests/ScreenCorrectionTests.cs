using System.Globalization;
using System.Text.Json;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Cli.Tests;

/// Corrections MP2020 in the funnel. Expected terms are the published ones: O in oxides -0.687 eV/atom, Mn with U = 3.9 eV in oxides -1.668, N -0.361.
public sealed class ScreenCorrectionTests : IDisposable
{
    private const string Head = "id,formula,energy_eV,run_type,hubbards,oxidation_states\n";

    // Raw: MnO 3 eV/atom below its elements (-9 and -5). Corrected: -20 - 1.668 - 0.687.
    private const string Known = Head + "mn,Mn,-9,GGA,,\no,O2,-10,GGA,,\nmno,MnO,-20,GGA+U,Mn:3.9,\nwithout-u,Mn2O3,-60,GGA,,\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void CandidatesAndReferencesAreCorrectedAlikeAndIncompatibleOnesAreDropped()
    {
        var (exit, output, error) = Screen(Known, Head + "higher,Mn2O2,-39.6,GGA+U,Mn:3.9,\nplain,MnO2,-28,GGA,,\nother,MnO2,-28,r2SCAN,,\n");
        Assert.Equal(0, exit);
        Assert.Contains("without-u is left out of the hull: computed with U = 0.0 eV on Mn instead of 3.9 eV", error, StringComparison.Ordinal);
        Assert.Contains("3 in, 1 out; lost: 2 unknown:incompatible", output, StringComparison.Ordinal);
        var lines = ProgramRun.Lines(File.ReadAllText(_folder.Of("out/candidates.jsonl"))).ToDictionary(l => l.GetProperty("id").GetString()!);

        // The same terms on both sides leave the raw difference, 0.4 eV of four atoms; sums of tens of eV.
        Assert.Equal(0.1, lines["higher"].GetProperty("energyAboveHullEVPerAtom").GetDouble(), 1e-12);
        // -39.6 - 2 (1.668 + 0.687) over four atoms, against -7 of the elements.
        Assert.Equal((-39.6 - 2 * (1.668 + 0.687)) / 4 + 7, lines["higher"].GetProperty("formationEnergyEVPerAtom").GetDouble(), 1e-12);
        var terms = lines["higher"].GetProperty("corrections").EnumerateArray().ToDictionary(t => t.GetProperty("name").GetString()!, t => t.GetProperty("valueEV").GetDouble());
        Assert.Equal(2 * -0.687, terms["MP2020 anion correction (oxide)"], 1e-12);
        Assert.Equal(2 * -1.668, terms["MP2020 GGA/GGA+U mixing correction (Mn)"], 1e-12);
        Assert.Equal(-39.6, lines["higher"].GetProperty("energyEV").GetDouble());
        Assert.Contains("r2SCAN", lines["other"].GetProperty("incompatible").GetProperty("reason").GetString(), StringComparison.Ordinal);
        var references = JsonDocument.Parse(File.ReadAllText(_folder.Of("out/funnel.json"))).RootElement;
        Assert.Equal("MP2020", references.GetProperty("corrections").GetString());
        Assert.Equal("without-u", references.GetProperty("references").GetProperty("dropped")[0].GetProperty("id").GetString());
    }

    /// Structures carry the run as properties, and their distances tell a peroxide.
    [Fact]
    public void AStructureSaysItsRunAndItsOxygen()
    {
        const string cell = "Lattice=\"6 0 0 0 6 0 0 0 6\" Properties=species:S:1:pos:R:3 run_type=GGA";
        string pair = $"4\n{cell} id=pair energy=-20\nMg 0 0 0\nMg 3 3 0\nO 3 3 3\nO 3 3 4.45\n", far = pair.Replace("id=pair", "id=far", StringComparison.Ordinal).Replace("4.45", "5.5", StringComparison.Ordinal);
        _folder.Write("c.extxyz", pair + far);
        var (exit, _, error) = ScreenOf(Head + "mg,Mg,-1.5,GGA,,\no,O2,-10,GGA,,\n", _folder.Of("c.extxyz"), 9);
        Assert.True(exit == 0, error);
        var lines = ProgramRun.Lines(File.ReadAllText(_folder.Of("out/candidates.jsonl"))).ToDictionary(l => l.GetProperty("id").GetString()!);
        Assert.Equal(2 * -0.465, lines["pair"].GetProperty("corrections")[0].GetProperty("valueEV").GetDouble(), 1e-12);
        Assert.Equal(2 * -0.687, lines["far"].GetProperty("corrections")[0].GetProperty("valueEV").GetDouble(), 1e-12);
    }

    /// Of NH4Cl only a given state says that nitrogen is an anion too; in Mg(NO3)2 every balance says that it is none.
    [Fact]
    public void ASignThatTheFormulaDoesNotTellMustBeGiven()
    {
        const string known = Head + "n,N2,-16,GGA,,\nh,H2,-6.7,GGA,,\ncl,Cl2,-3.6,GGA,,\nmg,Mg,-1.5,GGA,,\no,O2,-10,GGA,,\n";
        Screen(known, Head + "bare,NH4Cl,-30,GGA,,\ngiven,NH4Cl,-30,GGA,,N:-3 H:1 Cl:-1\nnitrate,Mg(NO3)2,-70,GGA,,\n", 99);
        var lines = ProgramRun.Lines(File.ReadAllText(_folder.Of("out/candidates.jsonl"))).ToDictionary(l => l.GetProperty("id").GetString()!);
        Assert.Contains("oxidation_states", lines["bare"].GetProperty("incompatible").GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal([-0.614, -0.361], lines["given"].GetProperty("corrections").EnumerateArray().Select(t => t.GetProperty("valueEV").GetDouble()).Order());
        Assert.Equal(6 * -0.687, Assert.Single(lines["nitrate"].GetProperty("corrections").EnumerateArray()).GetProperty("valueEV").GetDouble(), 1e-12);
    }

    [Theory]
    [InlineData("id,formula,energy_eV,method\nx,MnO,-19,tensornet\n", "", "PM7413", "tensornet")]
    [InlineData(Head + "x,MnO,-19,GGA+U,Mn=3.9,\n", "", "PM5211", "Mn=3.9")]
    [InlineData(Head + "x,MnO,-19,GGA+U,Mn:3.9,\n", "  - {quantity: energy, method: tersoff}\n", "PM7413", "'energy' computes others")]
    public void EnergiesThatNobodyCanCorrectAreRefused(string candidates, string step, string code, string words)
    {
        var (exit, _, error) = ScreenOf(Known, _folder.Write("c.csv", candidates), 9, step);
        Assert.InRange(exit, 2, 3);
        Assert.Contains(code, error, StringComparison.Ordinal);
        Assert.Contains(words, error, StringComparison.Ordinal);
    }

    private (int Exit, string Output, string Error) Screen(string known, string candidates, double maximum = 0.2) => ScreenOf(known, _folder.Write("c.csv", candidates), maximum);

    private (int Exit, string Output, string Error) ScreenOf(string known, string candidates, double maximum, string steps = "")
    {
        _folder.Write("known.csv", known);
        string recipe = _folder.Write("r.yaml", string.Create(CultureInfo.InvariantCulture, $"corrections: mp2020\nenergies: total\nreferences:\n  - {{files: known.csv, energies: total}}\nsteps:\n{steps}  - {{quantity: energy-above-hull, maximum: {maximum}}}\n"));
        return ProgramRun.Of("screen", candidates, "--recipe", recipe, "--out", _folder.Of("out"));
    }
}
