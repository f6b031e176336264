using System.Text.Json;
using Polymorph.Cli.Shell;
using Polymorph.Foundation;
using Polymorph.Structures.Formats;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Cli.Tests;

public sealed class SymmetryVerbTests : IDisposable
{
    private const string Salt = "2\nLattice=\"0 2.82 2.82 2.82 0 2.82 2.82 2.82 0\" Properties=species:S:1:pos:R:3 energy=-27.5\nNa 0 0 0\nCl 2.82 2.82 2.82\n";
    private const string Iron = "2\nLattice=\"2.87 0 0 0 2.87 0 0 0 2.87\" Properties=species:S:1:pos:R:3\nFe 0 0 0\nFe 1.435 1.435 1.435\n";
    private const string Water = "3\nwater\nO 0 0 0.1173\nH 0 0.7572 -0.4692\nH 0 -0.7572 -0.4692\n";
    private const string Broken = "2\nbroken\nO 0 0 0\nXx 0 0 1\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void EveryFrameIsOneLineOfJson()
    {
        var (exit, output, _) = ProgramRun.Of("symmetry", _folder.Write("a.extxyz", Salt + Iron), "--symprec", "0.05", "--json", "--operations");
        Assert.Equal(0, exit);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        string[] keys = ["id", "formula", "symprec", "number", "international", "hallNumber", "hall", "pointGroup", "operations", "wyckoff", "siteSymmetries", "equivalentAtoms", "operationsXyz", "conventionalCell"];
        Assert.All(lines, line => Assert.Equal(keys, line.EnumerateObject().Select(p => p.Name)));
        Assert.Equal([225, 229], lines.Select(l => l.GetProperty("number").GetInt32()));
        Assert.Equal(["Fm-3m", "Im-3m"], lines.Select(l => l.GetProperty("international").GetString()));
        Assert.Equal(["a", "b"], lines[0].GetProperty("wyckoff").EnumerateArray().Select(w => w.GetString()));
        // The operations of the cell given: 48 in a primitive cell, twice as many in a body-centred one.
        Assert.Equal([48, 96], lines.Select(l => l.GetProperty("operationsXyz").GetArrayLength()));
        Assert.Equal([0, 0], lines[1].GetProperty("equivalentAtoms").EnumerateArray().Select(a => a.GetInt32()));
        var cell = lines[0].GetProperty("conventionalCell");
        Assert.Equal((8, 5.64), (cell.GetProperty("atoms").GetInt32(), Math.Round(cell.GetProperty("lengthsA")[0].GetDouble(), 9)));
    }

    [Fact]
    public void AFrameWithoutSymmetrySaysWhyAndTheRestGoesOn()
    {
        var (exit, output, error) = ProgramRun.Of("symmetry", _folder.Write("a.extxyz", Water + Salt + Broken), "--json");
        Assert.Equal((int)ExitCode.PartlyConverged, exit);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.Contains("PM2803", lines[0].GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal(225, lines[1].GetProperty("number").GetInt32());
        Assert.Contains("PM2103", lines[2].GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Contains("2 frames have no symmetry", error, StringComparison.Ordinal);
        Assert.Contains("failed: PM2803", ProgramRun.Of("symmetry", _folder.Write("b.extxyz", Water)).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("symmetry FILE --symprec 0", 2, "PM2802")]
    [InlineData("symmetry FILE --symprec 10", 2, "PM2802")]
    [InlineData("symmetry FILE --symprec nan", 2, "PM1003")]
    [InlineData("symmetry FILE --cell cubic", 2, "PM1003")]
    [InlineData("symmetry nowhere.cif", 3, "PM2001")]
    [InlineData("data convert FILE out.vasp --symmetry", 2, "PM1017")]
    [InlineData("data convert FILE out.cif --symprec 0", 2, "PM2802")]
    public void AMistakeSaysWhatToDo(string line, int exit, string code)
    {
        string file = _folder.Write("a.extxyz", Salt);
        var result = ProgramRun.Of([.. line.Split(' ').Select(word => word == "FILE" ? file : word)]);
        Assert.Equal(exit, result.Exit);
        Assert.Contains(code, result.Output + result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("primitive", "a.extxyz", 2)]
    [InlineData("conventional", "a.vasp", 8)]
    [InlineData("refined", "a.cif", 8)]
    public void StandardCellsAreWritten(string cell, string name, int atoms)
    {
        string output = _folder.Of(name);
        var (exit, table, _) = ProgramRun.Of("symmetry", _folder.Write("in.extxyz", Salt), "--out", output, "--cell", cell);
        Assert.Equal(0, exit);
        Assert.Contains("Na:4a Cl:4b", table, StringComparison.Ordinal);
        var crystal = Assert.Single(StructureReader.ReadStrict(output));
        Assert.Equal(atoms, crystal.AtomCount);
        // The energy was that of the cell given.
        Assert.DoesNotContain("energy", crystal.Properties.Keys);
        Assert.Equal(name == "a.cif", File.ReadAllText(output).Contains("'F m -3 m'", StringComparison.Ordinal));
    }

    [Fact]
    public void NothingToWriteKeepsTheOldFile()
    {
        string output = _folder.Write("out.cif", "precious");
        Assert.Equal((int)ExitCode.InputData, ProgramRun.Of("symmetry", _folder.Write("in.extxyz", Water), "--out", output).Exit);
        Assert.Equal("precious", File.ReadAllText(output));
    }

    [Fact]
    public void ConvertWritesTheAsymmetricUnit()
    {
        string from = _folder.Write("in.extxyz", Salt + Iron), to = _folder.Of("out.cif");
        Assert.Equal(0, ProgramRun.Of("data", "convert", from, to, "--symmetry").Exit);
        Assert.Equal([8, 2], StructureReader.ReadStrict(to).Select(s => s.AtomCount));
        Assert.Contains("_space_group_IT_number 229", File.ReadAllText(to), StringComparison.Ordinal);
        Assert.Contains("'F m -3 m'", ProgramRun.Of("data", "convert", from, "-", "--to", "cif", "--symprec", "0.1").Output, StringComparison.Ordinal);

        string mixed = _folder.Write("mixed.extxyz", Water + Salt);
        Assert.Equal((int)ExitCode.InputData, ProgramRun.Of("data", "convert", mixed, to, "--symmetry").Exit);
        Assert.Equal(2, StructureReader.ReadStrict(to).Count);
        var (exit, output, error) = ProgramRun.Of("data", "convert", mixed, to, "--symmetry", "--skip-bad", "--json");
        Assert.Equal(0, exit);
        Assert.Contains("PM2803", error, StringComparison.Ordinal);
        var answer = JsonDocument.Parse(output).RootElement;
        Assert.Equal((1, 1), (answer.GetProperty("structures").GetInt32(), answer.GetProperty("skipped").GetInt32()));
    }

    [Theory]
    [InlineData("xrd", "twoThetaDegrees")]
    [InlineData("rdf", "pairs")]
    [InlineData("coordination", "numbers")]
    [InlineData("bonds", "distributions")]
    [InlineData("angles", "distributions")]
    public void CurvesAreLinesOfJsonAndRowsOfCsv(string kind, string key)
    {
        string file = _folder.Write("a.extxyz", Salt + Iron), csv = _folder.Of("a.csv");
        var (exit, output, _) = ProgramRun.Of("curve", file, "--kind", kind, "--json");
        Assert.Equal(0, exit);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.Equal(["a.extxyz#1", "a.extxyz#2"], lines.Select(l => l.GetProperty("id").GetString()));
        Assert.All(lines, l => Assert.Equal((kind, true), (l.GetProperty("kind").GetString(), l.TryGetProperty(key, out _))));
        Assert.Equal(0, ProgramRun.Of("curve", file, "--kind", kind, "--out", csv).Exit);
        string[] rows = File.ReadAllLines(csv);
        Assert.Equal("id,label,x,y", rows[0]);
        Assert.Contains(rows, r => r.StartsWith("a.extxyz#2,", StringComparison.Ordinal));
        Assert.Equal(rows, ProgramRun.Of("curve", file, "--kind", kind).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("curve FILE", 2, "PM1003")]
    [InlineData("curve FILE --kind spectrum", 2, "PM1003")]
    [InlineData("curve FILE --kind xrd --from 80 --to 20", 2, "PM1003")]
    [InlineData("curve FILE --kind xrd --wavelength 0", 2, "PM1003")]
    [InlineData("curve WATER --kind xrd", 3, "PM3101")]
    [InlineData("curve WATER --kind xrd --out OUT", 3, "PM1005")]
    public void AWrongCurveSaysWhatToDo(string line, int exit, string code)
    {
        string file = _folder.Write("a.extxyz", Salt), water = _folder.Write("b.xyz", Water), output = _folder.Write("c.csv", "precious");
        var result = ProgramRun.Of([.. line.Split(' ').Select(word => word switch { "FILE" => file, "WATER" => water, "OUT" => output, _ => word })]);
        Assert.Equal(exit, result.Exit);
        Assert.Contains(code, result.Error, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(output));
    }
}
