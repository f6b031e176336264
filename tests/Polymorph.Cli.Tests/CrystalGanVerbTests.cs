using System.Text.Json;
using Polymorph.Structures.Formats;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Cli.Tests;

public sealed class CrystalGanVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void PrepareMakesATrainingSetAndSaysSo()
    {
        string prepared = _folder.Of("prepared");
        var (exit, output, error) = ProgramRun.Of("data", "prepare", "crystal-gan", Some(), "--out", prepared, "--elements", "mg-mn-o", "--hold-out", "0.3", "--per-composition", "50", "--json");
        Assert.True(exit == 0, error);
        var json = JsonDocument.Parse(output).RootElement;
        Assert.Equal("polymorph.data-prepare-crystal-gan/1", json.GetProperty("schema").GetString());
        Assert.Equal(["compositions.csv", "held-out.extxyz", "parents.extxyz", "prepared.json"], Directory.GetFiles(prepared).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
        var counts = json.GetProperty("counts");
        Assert.Equal(50 * counts.GetProperty("compositions").GetInt64(), counts.GetProperty("images").GetInt64());
        Assert.Contains("Next:", error, StringComparison.Ordinal);
        Assert.Contains("they were there already", ProgramRun.Of("data", "prepare", "crystal-gan", Some(), "--out", prepared, "--elements", "mg-mn-o", "--hold-out", "0.3", "--per-composition", "50").Output, StringComparison.Ordinal);

        var listed = JsonDocument.Parse(ProgramRun.Of("compositions", prepared, "--oxidation-state", "Mn=2..4", "--json").Output).RootElement;
        Assert.Equal((172, 139), (listed.GetProperty("cells").GetInt32(), listed.GetProperty("formulas").GetInt32()));
        Assert.Contains(listed.GetProperty("compositions").EnumerateArray(), c => c.GetProperty("known").GetBoolean());
    }

    // Counted independently: specs/crystal-gan.md, section 8.
    [Theory]
    [InlineData("--max-atoms 20", 111)]
    [InlineData("--max-atoms 20 --cells", 135)]
    [InlineData("", 139)]
    public void CompositionsAreListed(string more, int lines)
    {
        var (exit, output, _) = ProgramRun.Of([.. "compositions --elements mg-mn-o --oxidation-state Mn=2..4".Split(' '), .. more.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        Assert.Equal((0, lines + 1), (exit, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length));
    }

    [Theory]
    [InlineData("data prepare crystal-gan FILE", 2, "PM1003")]
    [InlineData("data prepare crystal-gan", 2, "PM1003")]
    [InlineData("data prepare", 2, "PM1002")]
    [InlineData("data prepare logan", 2, "PM1002")]
    [InlineData("data prepare crystal-gan nowhere.cif --out X --strict", 3, "PM2001")]
    [InlineData("data prepare crystal-gan nowhere.cif --out X", 3, "PM7304")]
    [InlineData("data prepare crystal-gan FILE --out X --elements Mg=8,Mn", 2, "PM2901")]
    [InlineData("data prepare crystal-gan FILE --out X --elements Fe=8,O=12", 3, "PM7304")]
    [InlineData("data prepare crystal-gan FILE --out X --elements Fe=8,O=12 --strict", 3, "PM2903")]
    [InlineData("data prepare crystal-gan FILE --out X --elements Mg=1,Mn=1,O=1 --strict", 3, "PM2904")]
    [InlineData("data prepare crystal-gan FILE --out X --length-scale 3 --strict", 3, "PM2905")]
    [InlineData("data prepare crystal-gan FILE --out X --hold-out 1", 2, "PM1003")]
    [InlineData("data prepare crystal-gan FILE --out X --supercells both", 2, "PM1003")]
    [InlineData("data prepare crystal-gan FILE --out X --per-composition 0", 2, "PM1003")]
    [InlineData("data prepare crystal-gan WATER --out X", 3, "PM7304")]
    [InlineData("data prepare crystal-gan WATER --out X --strict", 3, "PM7306")]
    [InlineData("data prepare crystal-gan NAN --out X --strict", 3, "PM2105")]
    [InlineData("data prepare crystal-gan PARTLY --out X --strict", 3, "PM2403")]
    [InlineData("data prepare crystal-gan ONE --out X", 3, "PM7305")]
    [InlineData("data prepare crystal-gan FILE --out FULL", 2, "PM7303")]
    [InlineData("compositions", 2, "PM1010")]
    [InlineData("compositions nowhere", 2, "PM7302")]
    [InlineData("compositions --elements mg-mn-o", 2, "PM5064")]
    [InlineData("compositions --elements mg-mn-o --oxidation-state Mn=two", 2, "PM5063")]
    [InlineData("compositions --elements mg-mn-o --oxidation-state Fe=2", 2, "PM5066")]
    [InlineData("compositions --elements Li=200,Na=200,K=200,O=200", 2, "PM5065")]
    [InlineData("train crystal-gan", 2, "PM1003")]
    [InlineData("train crystal-gan RUN", 2, "PM7308")]
    [InlineData("train crystal-gan RUN --data nowhere", 2, "PM7302")]
    [InlineData("train crystal-gan RUN --preset best", 2, "PM7105")]
    [InlineData("train crystal-gan RUN --epochs 0", 2, "PM7105")]
    [InlineData("train crystal-gan RUN --recipe nowhere.yaml", 2, "PM7101")]
    [InlineData("train crystal-gan RUN --widths 3", 2, "PM1001")]
    [InlineData("train crystal-gan FULL --data PREPARED", 2, "PM7003")]
    [InlineData("generate nowhere --composition MgMnO3", 2, "PM7002")]
    public void AMistakeSaysWhatToDo(string line, int exit, string code)
    {
        string full = _folder.Of("full");
        Directory.CreateDirectory(full);
        File.WriteAllText(Path.Combine(full, "thesis.tex"), "precious");
        var words = new Dictionary<string, Func<string>>(StringComparer.Ordinal)
        {
            ["FILE"] = Some,
            ["X"] = () => _folder.Of("x"),
            ["RUN"] = () => _folder.Of("run"),
            ["FULL"] = () => full,
            ["PREPARED"] = Prepared,
            ["WATER"] = () => _folder.Write("w.xyz", "3\nwater\nO 0 0 0.1173\nH 0 0.7572 -0.4692\nH 0 -0.7572 -0.4692\n"),
            ["NAN"] = () => _folder.Write("n.extxyz", "2\nLattice=\"4 0 0 0 4 0 0 0 4\" Properties=species:S:1:pos:R:3\nMg 0 0 0\nO nan 2 2\n"),
            ["ONE"] = () => _folder.Write("o.extxyz", "2\nLattice=\"4.2 0 0 0 4.2 0 0 0 4.2\" Properties=species:S:1:pos:R:3\nMg 0 0 0\nO 2.1 2.1 2.1\n"),
            ["PARTLY"] = () => _folder.Write("p.cif", "data_p\n_cell_length_a 4\n_cell_length_b 4\n_cell_length_c 4\n_cell_angle_alpha 90\n_cell_angle_beta 90\n_cell_angle_gamma 90\nloop_\n_atom_site_label\n_atom_site_type_symbol\n_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\n_atom_site_occupancy\nMg1 Mg 0 0 0 0.5\nO1 O 0.5 0.5 0.5 1\n"),
        };
        var (actual, output, error) = ProgramRun.Of([.. line.Split(' ').Select(word => words.TryGetValue(word, out var make) ? make() : word)]);
        Assert.True(exit == actual, $"{actual}: {output}{error}");
        Assert.Contains(code, output + error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(Path.Combine(full, "thesis.tex")));
        Assert.False(Directory.Exists(_folder.Of("run")));
    }

    [Theory]
    [InlineData("data prepare crystal-gan --help", "--out prepared")]
    [InlineData("compositions --help", "--oxidation-state Mn=2..4")]
    [InlineData("train crystal-gan --help", "train crystal-gan my-run --data prepared")]
    [InlineData("train --help", "crystal-gan")]
    [InlineData("generate --help", "--composition Mg2MnO4 -n 300 --unique")]
    public void HelpHasAnExample(string line, string example)
    {
        var (exit, output, _) = ProgramRun.Of(line.Split(' '));
        Assert.Equal(0, exit);
        Assert.Contains(example, output, StringComparison.Ordinal);
    }

    private string Some()
    {
        string path = _folder.Of("some.extxyz");
        if (!File.Exists(path))
        {
            StructureWriter.Write(path, StructureReader.ReadStrict(ReferenceData.PathOf("data/mgmno/mgmno_unique.extxyz")).Where((_, i) => i % 40 == 0));
        }

        return path;
    }

    private string Prepared()
    {
        string prepared = _folder.Of("prepared-" + Path.GetRandomFileName());
        Assert.Equal(0, ProgramRun.Of("data", "prepare", "crystal-gan", Some(), "--out", prepared, "--elements", "mg-mn-o", "--per-composition", "4", "--supercells", "none").Exit);
        return prepared;
    }
}
