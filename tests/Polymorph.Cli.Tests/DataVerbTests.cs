using System.Text.Json;
using Polymorph.Cli.Shell;
using Polymorph.Foundation;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Cli.Tests;

public sealed class DataVerbTests : IDisposable
{
    private const string Water = "3\nwater\nO 0 0 0.1173\nH 0 0.7572 -0.4692\nH 0 -0.7572 -0.4692\n";
    private const string Turned = "3\nthe same, turned and in another order\nH 0.7572 5 -0.4692\nO 0 5 0.1173\nH -0.7572 5 -0.4692\n";
    private const string Broken = "2\nbroken\nO 0 0 0\nXx 0 0 1\n";
    private const string Salt = "2\nLattice=\"0 2.82 2.82 2.82 0 2.82 2.82 2.82 0\" Properties=species:S:1:pos:R:3 energy=-27.5\nNa 0 0 0\nCl 2.82 2.82 2.82\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ImportCollectsStructuresAndSetsBadEntriesAside()
    {
        string a = _folder.Write("a.xyz", Water + Broken + Turned), b = _folder.Write("b.extxyz", Salt), set = _folder.Of("set.extxyz");
        var (exit, output, error) = ProgramRun.Of("data", "import", a, b, "--out", set);
        Assert.Equal((0, true), (exit, output.Contains("3 structures", StringComparison.Ordinal)));
        Assert.Contains("polymorph data inspect", error, StringComparison.Ordinal);
        string[] lines = File.ReadAllLines(set);
        Assert.Equal(3, lines.Count(l => l.Contains("source=", StringComparison.Ordinal)));
        Assert.Contains(lines, l => l.Contains("energy=-27.5", StringComparison.Ordinal) && l.Contains("source=b.extxyz#1", StringComparison.Ordinal));
        var bad = JsonDocument.Parse(Assert.Single(File.ReadAllLines(_folder.Of("set.quarantine.jsonl")))).RootElement;
        Assert.Equal((a, 9, "PM2103"), (bad.GetProperty("file").GetString(), bad.GetProperty("line").GetInt32(), bad.GetProperty("code").GetString()));
    }

    [Fact]
    public void ImportOfNothingUsableKeepsTheOldSetAndSaysWhy()
    {
        string set = _folder.Write("set.extxyz", Salt);
        var (exit, output, error) = ProgramRun.Of("data", "import", _folder.Write("a.xyz", Broken), "--out", set);
        Assert.Equal(((int)ExitCode.InputData, ""), (exit, output));
        Assert.Contains("PM2160", error, StringComparison.Ordinal);
        Assert.Equal(Salt, File.ReadAllText(set));
        Assert.Single(File.ReadAllLines(_folder.Of("set.quarantine.jsonl")));
    }

    [Fact]
    public void StrictImportStopsAtTheFirstBadEntry()
    {
        string set = _folder.Of("set.extxyz");
        var (exit, _, error) = ProgramRun.Of("data", "import", _folder.Write("a.xyz", Water + Broken), "--out", set, "--strict");
        Assert.Equal((int)ExitCode.InputData, exit);
        Assert.Contains("a.xyz:9", error, StringComparison.Ordinal);
        Assert.Equal(["a.xyz"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void InspectCountsAndMeasures()
    {
        string folder = Directory.CreateDirectory(_folder.Of("in")).FullName;
        File.WriteAllText(Path.Combine(folder, "a.xyz"), Water + Broken + Turned);
        File.WriteAllText(Path.Combine(folder, "b.extxyz"), Salt);
        var (exit, output, _) = ProgramRun.Of("data", "inspect", folder, "--json");
        Assert.Equal(0, exit);
        var answer = JsonDocument.Parse(output).RootElement;
        Assert.Equal("polymorph.data-inspect/1", answer.GetProperty("schema").GetString());
        Assert.Equal((3, 1, 1), (answer.GetProperty("structures").GetInt32(), answer.GetProperty("rejected").GetInt32(), answer.GetProperty("duplicates").GetInt32()));
        Assert.Equal([2, 0, 0, 1], answer.GetProperty("byPeriodicAxes").EnumerateArray().Select(n => n.GetInt32()));
        Assert.Equal((2, 1), (answer.GetProperty("formulas").GetProperty("H2O").GetInt32(), answer.GetProperty("formulas").GetProperty("ClNa").GetInt32()));

        // Rock salt, a = 5.64 Å: 2.163 g/cm³ from the masses and the volume; the handbook's 2.17 at room temperature.
        Assert.Equal(2.163, answer.GetProperty("densityGramsPerCubicCentimetre").GetProperty("mean").GetDouble(), 1e-3);
        var oh = answer.GetProperty("shortestDistances").EnumerateArray().Single(d => d.GetProperty("elements")[0].GetString() == "H" && d.GetProperty("elements")[1].GetString() == "O");
        Assert.Equal(Math.Sqrt(0.7572 * 0.7572 + 0.5865 * 0.5865), oh.GetProperty("angstrom").GetDouble(), 1e-12); // rounding
        Assert.Equal("a.xyz#3", answer.GetProperty("firstDuplicates")[0].GetProperty("id").GetString());

        var (_, text, _) = ProgramRun.Of("data", "inspect", folder);
        Assert.Contains("PM2103", text, StringComparison.Ordinal);
        Assert.Contains("H2O (2)", text, StringComparison.Ordinal);
        Assert.Contains("a.xyz#3 = a.xyz#1", text, StringComparison.Ordinal);
    }

    [Fact]
    public void InspectOfNothingUsableEndsWithCodeThree() => Assert.Equal((int)ExitCode.InputData, ProgramRun.Of("data", "inspect", _folder.Of("none.xyz")).Exit);

    [Fact]
    public void ConvertWritesOtherFormatsAndSaysWhatTheyCannotHold()
    {
        string from = _folder.Write("a.extxyz", Salt), to = _folder.Of("a.cif");
        var (exit, _, error) = ProgramRun.Of("data", "convert", from, to);
        Assert.Equal(0, exit);
        Assert.Contains("energy", error, StringComparison.Ordinal);
        Assert.Contains("_cell_length_a", File.ReadAllText(to), StringComparison.Ordinal);
        var (_, poscar, _) = ProgramRun.Of("data", "convert", to, "-", "--to", "poscar");
        Assert.Contains("Na Cl\n1 1\n", poscar, StringComparison.Ordinal);
    }

    [Fact]
    public void ConvertWritesOptimadeAndTables()
    {
        string from = _folder.Write("a.extxyz", Salt), lines = _folder.Of("a.jsonl"), table = _folder.Of("a.csv");
        var (exit, _, error) = ProgramRun.Of("data", "convert", from, lines);
        Assert.Equal((0, ""), (exit, error));
        Assert.Contains("\"_polymorph_energy\":-27.5", File.ReadAllText(lines), StringComparison.Ordinal);
        var (again, extxyz, _) = ProgramRun.Of("data", "convert", lines, "-");
        Assert.Equal((0, true), (again, extxyz.Contains("energy=-27.5", StringComparison.Ordinal)));

        var (last, _, lost) = ProgramRun.Of("data", "convert", lines, table);
        Assert.Equal((0, true), (last, lost.Contains("positions", StringComparison.Ordinal)));
        Assert.StartsWith("id,formula,atoms,a,b,c,alpha,beta,gamma,volume,energy\na.extxyz#1,ClNa,2,", File.ReadAllText(table), StringComparison.Ordinal);
        Assert.Equal((int)ExitCode.Usage, ProgramRun.Of("data", "convert", lines, _folder.Of("a.traj")).Exit);
        Assert.Equal((int)ExitCode.Usage, ProgramRun.Of("data", "convert", lines, "-", "--to", "db").Exit);
    }

    [Fact]
    public void FoldersAreSearchedForStructuresOnly()
    {
        string folder = Directory.CreateDirectory(_folder.Of("in")).FullName;
        File.WriteAllText(Path.Combine(folder, "a.extxyz"), Salt);
        File.WriteAllText(Path.Combine(folder, "id_prop.csv"), "a,1.5\nb,2.5\n");
        File.WriteAllText(Path.Combine(folder, "settings.json"), "{\"a\": 1}");
        File.WriteAllText(Path.Combine(folder, "set.quarantine.jsonl"), "{\"file\":\"x\",\"line\":1,\"code\":\"PM2103\"}\n");
        File.WriteAllText(Path.Combine(folder, "b.jsonl"), "{\"id\":\"7\",\"cell\":[4,4,4,90,90,90],\"z\":[29],\"x\":[[0,0,0]],\"props\":{}}\n");
        var answer = JsonDocument.Parse(ProgramRun.Of("data", "inspect", folder, "--json").Output).RootElement;
        Assert.Equal((2, 0), (answer.GetProperty("structures").GetInt32(), answer.GetProperty("rejected").GetInt32()));
    }

    [Fact]
    public void ConvertLeavesTheOldFileWhenTheInputIsBad()
    {
        string from = _folder.Write("a.xyz", Water + Broken), to = _folder.Write("b.extxyz", "precious");
        Assert.Equal((int)ExitCode.InputData, ProgramRun.Of("data", "convert", from, to).Exit);
        Assert.Equal("precious", File.ReadAllText(to));
        Assert.Equal(0, ProgramRun.Of("data", "convert", from, to, "--skip-bad").Exit);
        Assert.Contains("comment=water", File.ReadAllText(to), StringComparison.Ordinal);
        Assert.Equal((int)ExitCode.Usage, ProgramRun.Of("data", "convert", from, to, "--to", "extxzy").Exit);
    }
}
