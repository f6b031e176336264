using System.Globalization;
using System.Text;
using System.Text.Json;
using Polymorph.Cli.Commands;
using Polymorph.Cli.Shell;
using Polymorph.Foundation;
using Xunit;

namespace Polymorph.Cli.Tests;

public sealed class MatchVerbTests : IDisposable
{
    private const string SaltLattice = "Lattice=\"0 2.8 2.8 2.8 0 2.8 2.8 2.8 0\" pbc=\"T T T\"";
    private const string Salt = "2\n" + SaltLattice + "\nNa 0 0 0\nCl 2.8 2.8 2.8\n";

    // The same crystal: conventional cell, moved, 10 % longer, chlorine first.
    private const string Conventional = """
        8
        Lattice="6.16 0 0 0 6.16 0 0 0 6.16" pbc="T T T"
        Cl 1 1 1
        Cl 1 4.08 4.08
        Cl 4.08 1 4.08
        Cl 4.08 4.08 1
        Na 4.08 1 1
        Na 1 4.08 1
        Na 1 1 4.08
        Na 4.08 4.08 4.08

        """;

    private const string Caesium = "2\nLattice=\"4.1 0 0 0 4.1 0 0 0 4.1\" pbc=\"T T T\"\nNa 0 0 0\nCl 2.05 2.05 2.05\n";
    private const string Other = "2\n" + SaltLattice + "\nK 0 0 0\nF 2.8 2.8 2.8\n";
    private const string Molecule = "2\n\nNa 0 0 0\nCl 2.4 0 0\n";
    private const string TwoOnOneSite = "2\n" + SaltLattice + "\nNa 0 0 0\nCl 0 0 0.1\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("polymorph-match-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void EveryPairIsOneLineOfJson()
    {
        var (exit, output, _) = ProgramRun.OfLine($"match {Write("a", Salt + Salt + Salt)} {Write("b", Conventional + Caesium + Other)} --json");
        Assert.Equal(0, exit);
        var lines = Lines(output);
        string[] keys = ["a", "b", "matched", "rms", "mapping"];
        Assert.All(lines, line => Assert.Equal(keys, line.EnumerateObject().Select(p => p.Name)));
        Assert.Equal(["a.extxyz#1", "a.extxyz#2", "a.extxyz#3"], lines.Select(l => l.GetProperty("a").GetString()));
        Assert.Equal([true, false, false], lines.Select(l => l.GetProperty("matched").GetBoolean()));
        Assert.InRange(lines[0].GetProperty("rms").GetDouble(), 0, 1e-8); // the positions are exact
        var mapping = lines[0].GetProperty("mapping").EnumerateArray().Select(m => m.GetInt32()).ToList();
        Assert.True(mapping is [>= 4 and < 8, >= 0 and < 4], string.Join(' ', mapping));
        Assert.Equal(JsonValueKind.Null, lines[1].GetProperty("rms").ValueKind);
        Assert.Equal(JsonValueKind.Null, lines[1].GetProperty("mapping").ValueKind);
    }

    [Fact]
    public void AllAgainstAllTakesEveryPair()
    {
        var lines = Lines(ProgramRun.OfLine($"match {Write("a", Salt + Other)} {Write("b", Conventional + Caesium + Salt)} --all --anonymous --json").Output);
        Assert.Equal(["1 1", "1 2", "1 3", "2 1", "2 2", "2 3"], lines.Select(l => l.GetProperty("a").GetString()![^1] + " " + l.GetProperty("b").GetString()![^1]));
        Assert.Equal([true, false, true, true, false, true], lines.Select(l => l.GetProperty("matched").GetBoolean()));
    }

    [Fact]
    public void SupercellsAreMultipliedWhenAskedFor()
    {
        string a = Write("a", Salt), b = Write("b", Conventional);
        var line = Assert.Single(Lines(ProgramRun.OfLine($"match {b} {a} --supercell --json").Output));
        Assert.True(line.GetProperty("matched").GetBoolean());
        Assert.Equal([1, 1, 1, 1, 0, 0, 0, 0], line.GetProperty("mapping").EnumerateArray().Select(m => m.GetInt32()));
    }

    [Fact]
    public void TheTableShowsWhatTheDistancesHide()
    {
        var (_, output, _) = ProgramRun.OfLine($"match {Write("a", Salt)} {Write("b", Conventional)}");
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.Contains("yes", lines[1], StringComparison.Ordinal);
        Assert.Contains("1.3310", lines[1], StringComparison.Ordinal); // 1.1³
    }

    /// A molecule and a frame with two atoms on one site: the pairs are open, the others are decided.
    [Fact]
    public void APairThatCannotBeComparedIsOpen()
    {
        var (exit, output, error) = ProgramRun.OfLine($"match {Write("a", Molecule + Salt + Salt)} {Write("b", Salt + TwoOnOneSite + Salt)} --json");
        Assert.Equal((int)ExitCode.PartlyConverged, exit);
        Assert.Equal([JsonValueKind.Null, JsonValueKind.Null, JsonValueKind.True], Lines(output).Select(l => l.GetProperty("matched").ValueKind));
        Assert.Contains("PM2310", error, StringComparison.Ordinal);
        Assert.Contains("PM2109", error, StringComparison.Ordinal);
        Assert.Equal((int)ExitCode.InputData, ProgramRun.OfLine($"match {Write("a", Molecule)} {Write("b", Salt)} --json").Exit);
    }

    [Theory]
    [InlineData("match A nowhere.cif", 3, "PM2001", "")]
    [InlineData("match A", 2, "PM1003", "")]
    [InlineData("match A B", 2, "PM1007", "--all")]
    [InlineData("match A A --stol none", 2, "PM1003", "from 0 to 10")]
    [InlineData("match A A --ltol -1", 2, "PM1003", "from 0 to 10")]
    [InlineData("match A A --angle-tol 200", 2, "PM1003", "from 0 to 180")]
    public void AMistakeSaysWhatToDo(string line, int exit, string code, string hint)
    {
        string text = line.Replace(" A", " " + Write("a", Salt), StringComparison.Ordinal).Replace(" B", " " + Write("b", Salt + Salt), StringComparison.Ordinal);
        var result = ProgramRun.OfLine(text);
        Assert.Equal(exit, result.Exit);
        Assert.Contains(code, result.Error, StringComparison.Ordinal);
        Assert.Contains(hint, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    /// Tiny and huge cells, extreme angles, wide tolerances: an answer each, in bounded time.
    [Fact]
    public void ExtremeCellsAreAnswered()
    {
        string tiny = Cell("0.01 0 0 0 0.01 0 0 0 0.01"), huge = Cell("100 0 0 0 100 0 0 0 100"), flat = Cell("5 0 0 -4.999 0.01 0 0 0 5"), straight = Cell("5 0 0 5 0 0 0 0 5");
        string a = Write("a", tiny + huge + flat + straight), b = Write("b", huge + huge + tiny + huge);
        var (exit, output, error) = ProgramRun.OfLine($"match {a} {b} --min-distance 0 --ltol 10 --stol 10 --angle-tol 180 --json");
        Assert.Equal((int)ExitCode.PartlyConverged, exit);
        Assert.Equal(4, Lines(output).Count);
        Assert.Contains("PM2107", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);

        static string Cell(string lattice) => $"1\nLattice=\"{lattice}\" pbc=\"T T T\"\nC 0 0 0\n";
    }

    /// Ten thousand atoms in one cell: an answer or "undecided", within the limit of steps.
    [Fact]
    public void TenThousandAtomsEnd()
    {
        var text = new StringBuilder("10000\nLattice=\"60 0 0 0 60 0 0 0 75\" pbc=\"T T T\"\n");
        for (int i = 0; i < 10_000; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"Fe {3 * (i % 20)} {3 * (i / 20 % 20)} {3 * (i / 400)}\n");
        }

        string file = Write("big", text.ToString());
        var (exit, output, error) = ProgramRun.OfLine($"match {file} {file} --json");
        var line = Assert.Single(Lines(output));
        Assert.True(exit == 0 ? line.GetProperty("matched").GetBoolean() : error.Contains("limit of steps", StringComparison.Ordinal), error);
    }

    private static List<JsonElement> Lines(string output) => [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)];

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder.FullName, name + ".extxyz");
        File.WriteAllText(path, text);
        return path;
    }
}
