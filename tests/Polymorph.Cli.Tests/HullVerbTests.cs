using System.Text.Json;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Cli.Tests;

public sealed class HullVerbTests : IDisposable
{
    // Energies chosen so that hull and distances follow by hand: MgO lies 3 eV/atom below its elements, Mg3O halfway between Mg and MgO plus 0.1 eV/atom.
    private const string Entries = "id,formula,energy_eV\nmg,Mg2,-3\no,O2,-10\noxide,MgO,-12.5\nsuboxide,Mg3O,-15.1\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void EveryEntryIsOneLineOfJson()
    {
        var (exit, output, error) = ProgramRun.Of("hull", _folder.Write("e.csv", Entries), "--json");
        Assert.Equal((0, ""), (exit, error));
        var lines = ProgramRun.Lines(output);
        Assert.Equal(["mg", "o", "oxide", "suboxide"], lines.Select(l => l.GetProperty("id").GetString()));
        Assert.Equal(["Mg2", "O2", "MgO", "Mg3O"], lines.Select(l => l.GetProperty("formula").GetString()));
        // (−12.5 + 1.5 + 5)/2 = −3; (−15.1 + 4.5 + 5)/4 = −1.4; the hull at a quarter of O is −1.5. Rounding of sums of a few eV.
        double[] formation = [0, 0, -3, -1.4], above = [0, 0, 0, 0.1];
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(formation[i], lines[i].GetProperty("formationEnergyEVPerAtom").GetDouble(), 1e-12);
            Assert.Equal(above[i], lines[i].GetProperty("energyAboveHullEVPerAtom").GetDouble(), 1e-12);
        }

        var products = lines[3].GetProperty("decomposition").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetDouble());
        Assert.Equal(["mg", "oxide"], products.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(0.5, products["mg"], 1e-12);
        Assert.Equal(0.5, products["oxide"], 1e-12);
        Assert.Contains("Mg3O -> 2 Mg + MgO", ProgramRun.Of("hull", _folder.Write("e.csv", Entries)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void ACandidateBelowTheKnownHullHasANegativeNumber()
    {
        string candidates = _folder.Write("c.csv", "id,formula,energy_eV\nnew,Mg3O,-15.9\n");
        var (exit, output, _) = ProgramRun.Of("hull", candidates, "--reference", _folder.Write("e.csv", Entries), "--json");
        Assert.Equal(0, exit);
        Assert.Equal(-0.1, ProgramRun.Lines(output)[0].GetProperty("energyAboveHullEVPerAtom").GetDouble(), 1e-12);
    }

    /// The unit of the references is known: one candidate per atom beside them lies far above its elements, however large the cells of these are.
    [Fact]
    public void CandidatesPerAtomBesideTotalsAreRefused()
    {
        string known = _folder.Write("k.csv", "id,formula,energy_eV\nmn,Mn29,-261\no,O2,-10\noxide,MnO,-17\n");
        var (exit, _, error) = ProgramRun.Of("hull", _folder.Write("c.csv", "id,formula,energy_eV\nnew,Mn2O4,-7.5\n"), "--reference", known);
        Assert.Equal(3, exit);
        Assert.Contains("PM5208", error, StringComparison.Ordinal);
        Assert.Equal(0, ProgramRun.Of("hull", _folder.Write("c.csv", "id,formula,energy_eV\nnew,Mn2O4,-45\n"), "--reference", known).Exit);
    }

    [Fact]
    public void APictureNeverReplacesATable()
    {
        string file = _folder.Write("e.csv", Entries), picture = _folder.Of("p.svg");
        foreach (string[] outputs in new[] { new[] { "--svg", file }, ["--histogram", file], ["--svg", picture, "--histogram", picture] })
        {
            var (exit, _, error) = ProgramRun.Of(["hull", file, .. outputs]);
            Assert.True(exit == 2 && error.Contains("PM1003", StringComparison.Ordinal), error);
        }

        Assert.Equal(Entries, File.ReadAllText(file));
        Assert.False(File.Exists(picture));
    }

    [Fact]
    public void OtherFormsOfTheSameEntriesGiveTheSame()
    {
        string expected = ProgramRun.Of("hull", _folder.Write("e.csv", Entries), "--json").Output;
        string json = """{"entries":[{"id":"mg","composition":{"Mg":2},"energy":-3},{"id":"o","composition":{"O":2.0},"energy":-10},{"id":"oxide","formula":"MgO","energy_eV":-12.5},{"id":"suboxide","formula":"Mg3O","energy":-15.1}]}""";
        Assert.Equal(expected, ProgramRun.Of("hull", _folder.Write("e.json", json), "--json").Output);
        string quoted = Entries.Replace("mg,Mg2,-3", "\"mg\",Mg2,\"-3\"", StringComparison.Ordinal).ReplaceLineEndings("\r\n");
        Assert.Equal(expected, ProgramRun.Of("hull", _folder.Write("q.csv", quoted), "--json").Output);
        const string cell = "Lattice=\"9 0 0 0 9 0 0 0 9\" Properties=species:S:1:pos:R:3";
        string structures = $"2\n{cell} id=mg energy=-3\nMg 0 0 0\nMg 3 0 0\n2\n{cell} id=o energy=-10\nO 0 0 0\nO 3 0 0\n2\n{cell} id=oxide energy=-12.5\nMg 0 0 0\nO 2 0 0\n4\n{cell} id=suboxide energy=-15.1\nMg 0 0 0\nMg 3 0 0\nMg 6 0 0\nO 0 3 0\n";
        Assert.Equal(expected, ProgramRun.Of("hull", _folder.Write("s.extxyz", structures), "--json").Output);
        string perAtom = "id,formula,energy_eV\nmg,Mg2,-1.5\no,O2,-5\noxide,MgO,-6.25\nsuboxide,Mg3O,-3.775\n";
        Assert.Equal(expected, ProgramRun.Of("hull", _folder.Write("a.csv", perAtom), "--json", "--energies", "per-atom").Output);
    }

    [Theory]
    [InlineData("id,formula,energy_eV\nmg,Mg,-1.5\noxide,MgO,-12\n", "PM5206", "element O")]
    [InlineData("id,formula,energy_eV,method\nmg,Mg,-1.5,pbe\no,O2,-10,scan\n", "PM5207", "'pbe' and 'scan'")]
    [InlineData("id,formula,energy_eV\na,Mg,-1.5\na,Mg,-1.4\n", "PM5205", "e.csv:3")]
    [InlineData("id,formula,energy_eV\na,Mg,nan\n", "PM5203", "e.csv:2")]
    [InlineData("id,formula,energy_eV\na,Mg,\n", "PM5202", "e.csv:2")]
    [InlineData("id,formula,energy_eV\na,Mgg,-1\n", "PM5204", "e.csv:2")]
    [InlineData("id,formula,energy_eV\na,Mg,-1,5\n", "PM5209", "e.csv:2")]
    [InlineData("id,formula,energy\n", "PM5201", "no entries")]
    [InlineData("", "PM5201", "no entries")]
    [InlineData("id,formula\na,Mg\n", "PM5202", "energy_eV")]
    [InlineData("id,formula,energy_eV\na,Mg2,-1.5\nb,Mg4,-1.5\nc,Mg6,-1.51\nd,O2,-5\n", "PM5208", "per atom")]
    [InlineData("id,formula,energy_eV\nmg,Mg,-1.5\no,O,-5\na,Mg2O2,-6.2\nb,Mg4O4,-6.1\nc,Mg2O6,-5\n", "PM5208", "per atom")]
    [InlineData("id,formula,energy_eV\nmg,Mg,-1.5\no,O,-5\na,Mg2O2,-6.2\n", "PM5208", "a compound would lie")]
    [InlineData("id,formula,energy_eV\na,Mg2,-1.5\nb,Mg4,-1.51\n", "PM5208", "per atom")]
    public void AMistakeSaysWhatToDo(string content, string code, string words)
    {
        var (exit, output, error) = ProgramRun.Of("hull", _folder.Write("e.csv", content));
        Assert.Equal(3, exit);
        Assert.Contains(code, error, StringComparison.Ordinal);
        Assert.Contains(words, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output + error, StringComparison.Ordinal);
    }

    [Fact]
    public void AMissingFileAndABadOptionSaySo()
    {
        Assert.Contains("PM5200", ProgramRun.Of("hull", _folder.Of("no.csv")).Error, StringComparison.Ordinal);
        Assert.Contains("PM5209", ProgramRun.Of("hull", _folder.Write("e.json", "{\"entries\": [")).Error, StringComparison.Ordinal);
        Assert.Contains("PM1003", ProgramRun.Of("hull", _folder.Write("e.csv", Entries), "--energies", "kcal").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void CandidatesOfAnotherMethodAreRefused()
    {
        string known = _folder.Write("k.csv", "id,formula,energy_eV,method\nmg,Mg,-1.5,pbe\no,O2,-10,pbe\n");
        var (exit, _, error) = ProgramRun.Of("hull", _folder.Write("c.csv", "id,formula,energy_eV,method\nx,MgO,-12.5,tensornet\n"), "--reference", known);
        Assert.Equal(3, exit);
        Assert.Contains("'pbe' and 'tensornet'", error, StringComparison.Ordinal);
        var silent = ProgramRun.Of("hull", _folder.Write("c.csv", "id,formula,energy_eV\nx,MgO,-12.5\n"), "--reference", known);
        Assert.Equal(0, silent.Exit);
        Assert.Contains("not named", silent.Error, StringComparison.Ordinal);
    }

    /// Of a few entries nobody can tell which unit they have: that is said, and a word of the user ends it.
    [Fact]
    public void EnergiesOfUnknownUnitAreSaidToBeSo()
    {
        string file = _folder.Write("e.csv", "id,formula,energy_eV\nmg,Mg2,-1.5\no,O2,-5\noxide,MgO,-6.25\n");
        var (exit, _, error) = ProgramRun.Of("hull", file);
        Assert.Equal(0, exit);
        Assert.Contains("cannot be told", error, StringComparison.Ordinal);
        Assert.Equal("", ProgramRun.Of("hull", file, "--energies", "total").Error);
        // One candidate against a reference whose elements tell.
        string known = _folder.Write("k.csv", "id,formula,energy_eV\nmg,Mg,-1.5\no,O,-5\n");
        Assert.Contains("PM5208", ProgramRun.Of("hull", _folder.Write("c.csv", "id,formula,energy_eV\nx,Mg2O2,-6.25\n"), "--reference", known).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void ACandidateMustNotHaveTheIdOfAnotherReference()
    {
        string known = _folder.Write("k.csv", Entries);
        var (exit, output, error) = ProgramRun.Of("hull", _folder.Write("c.csv", "id,formula,energy_eV\noxide,Mg3O,-15.9\n"), "--reference", known);
        Assert.Equal((3, ""), (exit, output));
        Assert.Contains("PM5205", error, StringComparison.Ordinal);
        Assert.Contains("'oxide'", error, StringComparison.Ordinal);
        Assert.Equal(0, ProgramRun.Of("hull", known, "--reference", known).Exit);
    }

    [Theory]
    [InlineData("--system Mg-O", 2, "--svg")]
    [InlineData("--system Mg-Mm --svg h.svg", 2, "Mm")]
    [InlineData("--system Mg --svg h.svg", 2, "PM5210")]
    [InlineData("--system Mg-Mn --svg h.svg", 3, "Mn")]
    public void NothingIsPrintedBeforeAMistakeIsFound(string options, int exit, string words)
    {
        var result = ProgramRun.Of(["hull", _folder.Write("e.csv", Entries), .. options.Split(' ').Select(w => w == "h.svg" ? _folder.Of(w) : w)]);
        Assert.Equal("", result.Output);
        Assert.Equal(exit, result.Exit);
        Assert.Contains(words, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void FormulasBeginWithTheLeastElectronegativeElement()
    {
        string entries = _folder.Write("z.csv", "id,formula,energy_eV\nzn,Zn,-1\no,O2,-10\na,OZn,-10\nb,Zn2O2,-19.9\n");
        string output = ProgramRun.Of("hull", entries).Output;
        Assert.Contains("ZnO -> ZnO", output, StringComparison.Ordinal);
        Assert.Contains("ZnO(s)", ProgramRun.Of("pourbaix", _folder.Write("p.csv", "id,formula,type,formation_energy_eV,charge\nzn,Zn,solid,0,\nzno,OZn,solid,-3.3,\nion,Zn,ion,-1.5,2\n")).Output, StringComparison.Ordinal);
    }
}
