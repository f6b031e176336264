using System.Globalization;
using System.Text;
using System.Text.Json;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Cli.Tests;

public sealed class CgcnnVerbTests : IDisposable
{
    private const string Partial = """
        data_half
        _cell_length_a 4
        _cell_length_b 4
        _cell_length_c 4
        _cell_angle_alpha 90
        _cell_angle_beta 90
        _cell_angle_gamma 90
        _symmetry_space_group_name_H-M 'P 1'
        loop_
        _atom_site_label
        _atom_site_type_symbol
        _atom_site_fract_x
        _atom_site_fract_y
        _atom_site_fract_z
        _atom_site_occupancy
        Fe1 Fe 0 0 0 0.5
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ACrystalIsPredictedByAPublishedModelAndSaysThatItIsAnEstimateOfPbe()
    {
        string file = ReferenceData.PathOf("data/cgcnn/sample/1000041.cif"), model = ReferenceData.PathOf("data/cgcnn/pretrained/band-gap.safetensors");
        var (exit, output, _) = ProgramRun.Of("predict", file, "--model", model, "--json");
        Assert.Equal(0, exit);
        var line = Assert.Single(ProgramRun.Lines(output));

        // NaCl in another program; single precision.
        double expected = ReferenceData.Json("golden/cgcnn/pretrained_predictions.json").GetProperty("models").GetProperty("band-gap").GetProperty("double_arithmetic").GetProperty("1000041").GetDouble();
        Assert.Equal(expected, line.GetProperty("value").GetDouble(), 1e-5);
        Assert.Equal(JsonValueKind.Null, line.GetProperty("uncertainty").ValueKind);
        Assert.Equal("eV", line.GetProperty("unit").GetString());
        Assert.Contains("PBE", line.GetProperty("level").GetString(), StringComparison.Ordinal);
        Assert.Contains("PBE", ProgramRun.Of("predict", file, "--model", model).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void BadInputIsNamed()
    {
        string model = ReferenceData.PathOf("data/cgcnn/pretrained/band-gap.safetensors"), cube = "Lattice=\"4 0 0 0 4 0 0 0 4\" Properties=species:S:1:pos:R:3";
        Expect("PM2403", ExitOf("predict", _folder.Write("half.cif", Partial), "--model", model));
        Expect("PM3111", ExitOf("predict", _folder.Write("heavy.extxyz", $"1\n{cube}\nMd 0 0 0\n"), "--model", model));
        Expect("PM3110", ExitOf("predict", _folder.Write("molecule.xyz", "1\nwater's oxygen\nO 0 0 0\n"), "--model", model));
        Expect("PM4120", ExitOf("predict", _folder.Write("po.extxyz", $"1\n{cube}\nPo 0 0 0\n"), "--model", model, "--property", "formation-energy-per-atom"));
        Expect("PM4121", ExitOf("predict", "po.extxyz", "--model", "no-such-model"));
        Expect("PM4104", ExitOf("predict", "po.extxyz", "--model", _folder.Write("other.safetensors", "\u0015\0\0\0\0\0\0\0{\"__metadata__\":{}}  ")));
        string run = Path.Combine(_folder.Path, "run");
        var (exit, text) = ExitOf("train", "cgcnn", run, "--data", _folder.Write("some.extxyz", $"1\n{cube} gap=1\nPo 0 0 0\n\n1\n{cube} gab=1\nPo 0 0 0\n"), "--property", "gap");
        Expect("PM7340", (exit, text));
        Assert.Contains("some.extxyz:5", text, StringComparison.Ordinal);
        Expect("PM7341", ExitOf("train", "cgcnn", run, "--data", _folder.Write("word.extxyz", $"1\n{cube} gap=wide\nPo 0 0 0\n"), "--property", "gap"));
        Expect("PM7341", ExitOf("train", "cgcnn", run, "--data", _folder.Write("class.extxyz", $"1\n{cube} metal=0.5\nPo 0 0 0\n"), "--property", "metal", "--task", "classification"));
        Expect("PM7342", ExitOf("train", "cgcnn", run, "--data", _folder.Write("few.extxyz", $"1\n{cube} gap=1\nPo 0 0 0\n"), "--property", "gap"));
        Expect("PM7346", ExitOf("train", "cgcnn", run));
        Assert.False(Directory.Exists(run));
        Directory.CreateDirectory(_folder.Of("table"));
        _folder.Write("table/id_prop.csv", "a,1\n");
        Expect("PM7345", ExitOf("train", "cgcnn", run, "--data", Path.Combine(_folder.Path, "table"), "--property", "gap"));
        Expect("PM7343", ExitOf("train", "cgcnn", _folder.Path, "--data", "few.extxyz", "--property", "gap"));
    }

    [Fact]
    public void AnEnsembleIsTrainedContinuedAndUsed()
    {
        string run = Path.Combine(_folder.Path, "run"), data = _folder.Write("cubes.extxyz", Cubes(40));
        string[] begin = ["train", "cgcnn", run, "--data", data, "--property", "volume", "--unit", "A3", "--epochs", "4", "--repeats", "2", "--atom-features", "8", "--hidden-features", "8", "--json"];
        var (exit, output, error) = ProgramRun.Of(begin);
        Assert.True(exit == 0, error);
        var result = JsonDocument.Parse(output).RootElement;
        Assert.Equal((24, 8, 8), (result.GetProperty("crystals").GetProperty("training").GetInt32(), result.GetProperty("crystals").GetProperty("validation").GetInt32(), result.GetProperty("crystals").GetProperty("test").GetInt32()));
        string model = Path.Combine(run, "model.safetensors");
        byte[] first = File.ReadAllBytes(model);

        // The same call finds everything done and says the same; one thread gives the same bits.
        Assert.Equal(output, ProgramRun.Of("train", "cgcnn", run, "--json").Output);
        string other = Path.Combine(_folder.Path, "other");
        begin[2] = other;
        Assert.Equal(0, ProgramRun.Of([.. begin, "--threads", "1"]).Exit);
        Assert.Equal(first, File.ReadAllBytes(Path.Combine(other, "model.safetensors")));
        Expect("PM7344", ExitOf("train", "cgcnn", run, "--epochs", "5"));
        Assert.Equal(41, File.ReadAllLines(Path.Combine(run, "predictions.csv")).Length);
        var line = ProgramRun.Lines(ProgramRun.Of("predict", data, "--model", model, "--property", "volume", "--json").Output)[0];
        Assert.True(line.GetProperty("uncertainty").GetDouble() > 0);
        Assert.Equal("A3", line.GetProperty("unit").GetString());
    }

    [Fact]
    public void ThePublishedLayoutOfAFolderIsReadAsAClassification()
    {
        string folder = Path.Combine(_folder.Path, "samples"), samples = ReferenceData.PathOf("data/cgcnn/sample");
        Directory.CreateDirectory(folder);
        foreach (string file in Directory.EnumerateFiles(samples, "*.cif"))
        {
            File.WriteAllBytes(Path.Combine(folder, Path.GetFileName(file)), File.ReadAllBytes(file));
        }

        File.WriteAllText(Path.Combine(folder, "id_prop.csv"), File.ReadAllText(Path.Combine(samples, "id_prop_classification.csv")));
        var (exit, output, error) = ProgramRun.Of("train", "cgcnn", Path.Combine(_folder.Path, "run"), "--data", folder, "--property", "metal", "--task", "classification", "--epochs", "2", "--test", "0", "--atom-features", "8", "--json");
        Assert.True(exit == 0, error);
        var result = JsonDocument.Parse(output).RootElement;
        Assert.Equal("areaUnderCurve", result.GetProperty("metric").GetString());
        Assert.Equal(JsonValueKind.Null, result.GetProperty("test").ValueKind);
    }

    /// Other verbs know such a run: 'train RUN' continues it, 'status' says where it stands, and stages that it does not have say so.
    [Fact]
    public void OtherVerbsKnowItsRunFolder()
    {
        string run = Path.Combine(_folder.Path, "run"), data = _folder.Write("cubes.extxyz", Cubes(20));
        string[] begin = ["train", "cgcnn", run, "--data", data, "--property", "volume", "--epochs", "3", "--repeats", "2", "--atom-features", "8", "--hidden-features", "8"];
        Assert.Equal(0, ProgramRun.Of(begin).Exit);
        byte[] model = File.ReadAllBytes(Path.Combine(run, "model.safetensors"));
        var (_, output, error) = ProgramRun.Of("status", run);
        Assert.Contains("2 of 2 models are trained", output, StringComparison.Ordinal);
        Assert.Contains($"predict FILE --model {Path.Combine(run, "model.safetensors")}", error, StringComparison.Ordinal);

        // One network is lost with the model: its status says so, and 'train RUN' alone makes the same model again.
        File.Delete(Path.Combine(run, "model.safetensors"));
        File.Delete(Path.Combine(run, "member-1.checkpoint.safetensors"));
        var status = JsonDocument.Parse(ProgramRun.Of("status", run, "--json").Output).RootElement;
        Assert.Equal(["finished", "waiting"], status.GetProperty("models").EnumerateArray().Select(m => m.GetProperty("state").GetString()));
        Assert.Equal(3, status.GetProperty("models")[0].GetProperty("epoch").GetInt32());
        Assert.EndsWith($"train {run}", status.GetProperty("next").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, ProgramRun.Of("train", run).Exit);
        Assert.Equal(model, File.ReadAllBytes(Path.Combine(run, "model.safetensors")));

        Expect("PM1014", ExitOf("train", run, "--seed", "4"));
        foreach (string verb in new[] { "generate", "select", "relax", "compare" })
        {
            Expect("PM7347", ExitOf(verb, run));
        }

        Expect("PM7347", ExitOf("screen", run, "--recipe", _folder.Write("r.yaml", "steps:\n  - {quantity: atoms, maximum: 9}\n"), "--out", Path.Combine(_folder.Path, "out")));
        File.WriteAllText(Path.Combine(run, "cgcnn.json"), "{");
        Expect("PM7343", ExitOf("status", run));
    }

    [Fact]
    public void AFolderWithoutModelsInstallsNothing() => Expect("PM4122", ExitOf("models", "add", _folder.Path));

    [Fact]
    public void ACrystalOfFarTooManyNeighboursIsNamed() =>
        Expect("PM3112", ExitOf("predict", _folder.Write("tiny.extxyz", "1\nLattice=\"0.02 0 0 0 0.02 0 0 0 0.02\" Properties=species:S:1:pos:R:3\nPo 0 0 0\n"), "--model", ReferenceData.PathOf("data/cgcnn/pretrained/band-gap.safetensors"), "--min-distance", "0"));

    private static void Expect(string code, (int Exit, string Text) result)
    {
        Assert.NotEqual(0, result.Exit);
        Assert.Contains(code, result.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Text, StringComparison.Ordinal);
    }

    private static (int Exit, string Text) ExitOf(params string[] arguments)
    {
        var (exit, output, error) = ProgramRun.Of(arguments);
        return (exit, output + error);
    }

    internal static string Cubes(int count)
    {
        var text = new StringBuilder();
        for (int i = 0; i < count; i++)
        {
            double edge = 3 + 0.05 * i;
            text.Append(CultureInfo.InvariantCulture, $"1\nLattice=\"{edge} 0 0 0 {edge} 0 0 0 {edge}\" Properties=species:S:1:pos:R:3 volume={edge * edge * edge}\nPo 0 0 0\n");
        }

        return text.ToString();
    }
}
