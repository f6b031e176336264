using System.Text.Json;
using System.Xml.Linq;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Cli.Tests;

public sealed class PourbaixVerbTests : IDisposable
{
    private const string Header = "id,formula,type,formation_energy_eV,charge\n";
    private const string Zinc = Header + "zn,Zn,solid,0,\nzno,ZnO,solid,-3.3,\nion,Zn,ion,-1.5,2\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// The numbers of pymatgen 2022.11.7 through the command line.
    [Fact]
    public void TheGoldenFileGivesItsNumbers()
    {
        var golden = ReferenceData.Json("golden/screening/pourbaix.json").GetProperty("systems").EnumerateArray().Single(s => s.GetProperty("id").GetString() == "pbx-MgMn2");
        string file = _folder.Write("golden.json", golden.GetRawText());
        foreach (var expected in golden.GetProperty("rhe_1p5").GetProperty("results").EnumerateArray())
        {
            var line = ProgramRun.Lines(ProgramRun.Of("pourbaix", file, "--json").Output).Single(l => l.GetProperty("id").GetString() == expected.GetProperty("id").GetString());
            Assert.Equal(expected.GetProperty("dG_pbx_min").GetDouble(), line.GetProperty("decompositionEnergyEVPerAtom").GetDouble(), 1e-9);
        }

        var at = golden.GetProperty("grid").EnumerateArray().First(p => p.GetProperty("pH").GetDouble() is >= 0 and <= 14);
        string pH = at.GetProperty("pH").GetRawText(), potential = at.GetProperty("V_SHE").GetRawText();
        var point = ProgramRun.Lines(ProgramRun.Of("pourbaix", file, "--ph", pH, "--potential", potential, "--scale", "she", "--json", "--composition", "Mg=1,Mn=2").Output)[0];
        Assert.Equal(at.GetProperty("dG_pbx")[0].GetDouble(), point.GetProperty("decompositionEnergyEVPerAtom").GetDouble(), 1e-9);
    }

    [Fact]
    public void ATableOfOneMetalNeedsNoOptions()
    {
        // At 1.5 V against RHE zinc ions win: g(Zn2+) = −1.5 − 0.0591·6 − 2V against g(ZnO) = −3.3 + 2.4583 − 2·0.0591 pH − 2V, so ZnO lies lowest above pH 8.57.
        var lines = ProgramRun.Lines(ProgramRun.Of("pourbaix", _folder.Write("zn.csv", Zinc), "--json").Output);
        Assert.Equal(["zn", "zno"], lines.Select(l => l.GetProperty("id").GetString()));
        Assert.Equal(0, lines[1].GetProperty("decompositionEnergyEVPerAtom").GetDouble(), 1e-9);
        Assert.Equal(9, lines[1].GetProperty("pH").GetDouble());
        var low = ProgramRun.Lines(ProgramRun.Of("pourbaix", _folder.Write("zn.csv", Zinc), "--json", "--ph", "0").Output)[1];
        Assert.Equal((-3.3 + 2.4583 + 1.5 + 0.0591 * 6) / 2, low.GetProperty("decompositionEnergyEVPerAtom").GetDouble(), 1e-9);
        Assert.Contains("Zn[+2]", ProgramRun.Of("pourbaix", _folder.Write("zn.csv", Zinc), "--ph", "0").Output, StringComparison.Ordinal);
        Assert.Equal(5 * 9, ProgramRun.Lines(ProgramRun.Of("pourbaix", _folder.Write("zn.csv", Zinc), "--json", "--grid", "4").Output).Length); // pH −2 to 14 and −4 to 4 V in steps of 1
    }

    [Fact]
    public void MissingIonsAreSaid()
    {
        string file = _folder.Write("solids.csv", Header + "zn,Zn,solid,0,\nzno,ZnO,solid,-3.3,\n");
        Assert.Contains("no dissolved species of Zn", ProgramRun.Of("pourbaix", file).Error, StringComparison.Ordinal);
        Assert.DoesNotContain("dissolved", ProgramRun.Of("pourbaix", _folder.Write("zn.csv", Zinc)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void APictureNeverReplacesATableAndIsNotDrawnInVain()
    {
        string file = _folder.Write("zn.csv", Zinc), picture = _folder.Of("p.svg");
        Assert.Equal(2, ProgramRun.Of("pourbaix", file, "--svg", file).Exit);
        Assert.Equal(Zinc, File.ReadAllText(file));
        Assert.Contains("PM1018", ProgramRun.Of("pourbaix", _folder.Write("ion.csv", Header + "ion,Zn,ion,-1.5,2\n"), "--svg", picture).Error, StringComparison.Ordinal);
        Assert.False(File.Exists(picture));
    }

    [Fact]
    public void ThePicturesAreWritten()
    {
        string svg = _folder.Of("map.svg"), heat = _folder.Of("heat.svg");
        Assert.Equal(0, ProgramRun.Of("pourbaix", _folder.Write("zn.csv", Zinc), "--svg", svg).Exit);
        Assert.Equal(0, ProgramRun.Of("pourbaix", _folder.Write("zn.csv", Zinc), "--svg", heat, "--heat", "zno").Exit);
        Assert.Equal("svg", XDocument.Load(svg).Root!.Name.LocalName);
        Assert.Equal("svg", XDocument.Load(heat).Root!.Name.LocalName);

        // Names of domains, besides the title and the scale.
        Assert.True(XDocument.Load(heat).Descendants().Count(e => e.Name.LocalName == "text" && e.Value.StartsWith("Zn", StringComparison.Ordinal)) >= 3);
    }

    [Theory]
    [InlineData(Header + "zn,Zn,solid,0,\nion,Zn,ion,-1.5,\n", "", 3, "PM5220", "charge of the ion ion")]
    [InlineData(Header + "zn,Zn,solid,0,2\n", "", 3, "PM5220", "e.csv:2")]
    [InlineData(Header + "zn,Zn,gas,0,2\n", "", 3, "PM5202", "solid or ion")]
    [InlineData(Header + "zn,Zn,solid,inf,\n", "", 3, "PM5203", "e.csv:2")]
    [InlineData(Header + "zn,Zn,solid,0,\nzn,ZnO,solid,-3,\n", "", 3, "PM5205", "e.csv:3")]
    [InlineData(Header + "zno,ZnO,solid,-3.3,\n", "", 3, "PM5206", "Zn")]
    [InlineData(Zinc, "--ph 15", 2, "PM5221", "15")]
    [InlineData(Zinc, "--composition Mn=1", 3, "PM5222", "Mn")]
    [InlineData(Zinc, "--composition O=1", 2, "PM5222", "oxygen")]
    [InlineData(Zinc, "--composition Zn", 2, "PM1003", "--composition")]
    [InlineData(Zinc, "--scale she", 2, "PM1003", "--ph")]
    [InlineData(Zinc, "--heat zno", 2, "PM1003", "--svg")]
    [InlineData(Zinc, "--grid 1 --ph 7", 2, "PM1003", "--ph has no effect")]
    [InlineData(Zinc, "--grid 1 --potential 1", 2, "PM1003", "--potential has no effect")]
    [InlineData(Zinc, "--scale nhe", 2, "PM1003", "rhe or she")]
    [InlineData(Zinc, "--concentration 0", 2, "PM1003", "--concentration")]
    [InlineData(Zinc, "--svg a.svg --heat zmo", 2, "PM1003", "zno")]
    [InlineData(Header + "zn,Zn,ion,0,2\n", "", 3, "PM1018", "no solid")]
    [InlineData(Header, "", 3, "PM5201", "no entries")]
    public void AMistakeSaysWhatToDo(string content, string options, int exit, string code, string words)
    {
        var result = ProgramRun.Of(["pourbaix", _folder.Write("e.csv", content), .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        Assert.Equal(exit, result.Exit);
        Assert.Contains(code, result.Error, StringComparison.Ordinal);
        Assert.Contains(words, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Output + result.Error, StringComparison.Ordinal);
    }
}
