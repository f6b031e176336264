using System.Text;
using System.Text.Json;
using Polymorph.Structures.Formats;
using Xunit;

namespace Polymorph.Structures.Tests.Formats;

/// <summary>OPTIMADE entries written by hand from the specification, and what may be wrong with them.</summary>
public sealed class JsonEntryTests
{
    private const string Species = "[{\"name\":\"Na1\",\"chemical_symbols\":[\"Na\"],\"concentration\":[1.0]},{\"name\":\"Cl\",\"chemical_symbols\":[\"Cl\"],\"concentration\":[1.0]}]";
    private const string Salt = "{\"id\":\"db/1\",\"type\":\"structures\",\"attributes\":{\"dimension_types\":[1,1,1],\"lattice_vectors\":[[5.6,0,0],[0,5.6,0],[0,0,5.6]],\"cartesian_site_positions\":[[0,0,0],[2.8,0,0]],\"species_at_sites\":[\"Na1\",\"Cl\"],\"species\":" + Species + ",\"nsites\":2,\"structure_features\":[],\"_exmpl_gap\":1.25,\"last_modified\":\"2020-01-01T00:00:00Z\"}}";
    private const string Header = "{\"x-optimade\":{\"meta\":{\"api_version\":\"1.2.0\"}}}\n{\"type\":\"info\",\"id\":\"structures\",\"properties\":{}}\n";
    private const string Record = "{\"id\":\"7\",\"cell\":[4,4,4,90,90,90],\"z\":[29,7],\"x\":[[0,0,0],[-0.5,1.5,0.5]],\"props\":{\"heat_ref\":2.5,\"dir_gap\":0.0}}";

    [Fact]
    public void AnswersFilesAndLinesHoldTheSame()
    {
        string answer = "{\"links\":{\"next\":null},\"meta\":{\"query\":{\"representation\":\"/structures?data\"},\"data_returned\":2},\"data\":[" + Salt + ",\n" + Salt + "],\"included\":[]}";
        foreach (var (text, count) in new[] { (answer, 2), ("{\"data\":" + Salt + ",\"meta\":{}}", 1), (Header + Salt + "\n" + Salt + "\n", 2), ("[" + Salt + "]", 1), (Salt, 1), ("\uFEFF" + Salt + "\n", 1) })
        {
            var results = InputText.Read(text, "-");
            Assert.All(results, r => Assert.True(r.Structure is not null, r.Rejection?.ToString()));
            Assert.Equal(count, results.Count);
            var salt = results[0].Structure!;
            Assert.Equal(("-#1", "db/1", 1.25), (salt.Id, salt.Properties["id"], salt.Properties["_exmpl_gap"]));
            Assert.Equal([new Element(11), new Element(17)], salt.Species);
            Assert.Equal([default, new Vector3D(2.8, 0, 0)], salt.Positions);
            Assert.Equal(Lattice.Cubic(5.6), salt.Lattice);
            Assert.DoesNotContain(salt.Properties.Keys, k => k is "species" or "nsites" or "lattice_vectors");
        }
    }

    [Fact]
    public void MoleculesAndLayersMayLackVectors()
    {
        string none = Salt.Replace("[[5.6,0,0],[0,5.6,0],[0,0,5.6]]", "[[null,null,null],[null,null,null],[null,null,null]]", StringComparison.Ordinal).Replace("[1,1,1]", "[0,0,0]", StringComparison.Ordinal);
        Assert.Null(InputText.One(none, "a.json").Lattice);
        string layer = Salt.Replace(",[0,0,5.6]]", ",[null,null,null]]", StringComparison.Ordinal).Replace("[1,1,1]", "[1,1,0]", StringComparison.Ordinal);
        var structure = InputText.One(layer, "a.json");
        Assert.Equal((new Periodicity(true, true, false), new Vector3D(0, 0, 1)), (structure.Periodicity, structure.Lattice!.C));
        Assert.Equal("PM2107", InputText.Rejected(layer.Replace("[1,1,0]", "[1,1,1]", StringComparison.Ordinal), "a.json").Code);
    }

    [Theory]
    [InlineData("\"chemical_symbols\":[\"Na\"]", "\"chemical_symbols\":[\"Na\",\"vacancy\"]", "PM2604")]
    [InlineData("\"concentration\":[1.0]},{", "\"concentration\":[0.5]},{", "PM2604")]
    [InlineData("\"chemical_symbols\":[\"Na\"]", "\"chemical_symbols\":[\"vacancy\"]", "PM2604")]
    [InlineData("\"chemical_symbols\":[\"Na\"]", "\"chemical_symbols\":[\"X\"]", "PM2605")]
    [InlineData("\"concentration\":[1.0]},{", "\"concentration\":[1.0],\"attached\":[\"H\"],\"nattached\":[3]},{", "PM2605")]
    [InlineData("\"structure_features\":[]", "\"structure_features\":[\"assemblies\"]", "PM2605")]
    [InlineData("\"structure_features\":[]", "\"structure_features\":[\"implicit_atoms\"]", "PM2605")]
    [InlineData("\"chemical_symbols\":[\"Na\"]", "\"chemical_symbols\":[\"Nx\"]", "PM2103")]
    [InlineData("[\"Na1\",\"Cl\"]", "[\"Na1\",\"Q\"]", "PM2103")]
    [InlineData("[\"Na1\",\"Cl\"]", "[\"Na1\",3]", "PM2603")]
    [InlineData("[\"Na1\",\"Cl\"]", "[\"Na1\"]", "PM2606")]
    [InlineData("[2.8,0,0]]", "[2.8,0]]", "PM2603")]
    [InlineData("[2.8,0,0]]", "[2.8,0,\"0\"]]", "PM2603")]
    [InlineData("[2.8,0,0]]", "[2.8,0,null]]", "PM2603")]
    [InlineData("[2.8,0,0]]", "[2.8,0,NaN]]", "PM2105")]
    [InlineData("[2.8,0,0]]", "[2.8,0,-Infinity]]", "PM2105")]
    [InlineData("[2.8,0,0]]", "[2.8,0,1e999]]", "PM2105")]
    [InlineData("[2.8,0,0]]", "[2.8,0,1e7]]", "PM2106")]
    [InlineData("[2.8,0,0]]", "[0,0,0]]", "PM2109")] // one atom on two sites
    [InlineData("[2.8,0,0]]", "[5.6,5.6,0]]", "PM2109")]
    [InlineData("\"cartesian_site_positions\":[[0,0,0],[2.8,0,0]],", "", "PM2603")]
    [InlineData("\"dimension_types\":[1,1,1],\"lattice_vectors\":[[5.6,0,0],[0,5.6,0],[0,0,5.6]],", "", "PM2603")]
    [InlineData("\"dimension_types\":[1,1,1]", "\"dimension_types\":[1,1,2]", "PM2603")]
    [InlineData("[0,5.6,0]", "[5.6,0,0]", "PM2107")]
    [InlineData("[0,5.6,0]", "[0,-5.6,0]", "PM2108")]
    [InlineData("[0,5.6,0],[0,0,5.6]]", "[0,1e-2,0],[0,0,1e-2]]", "PM2109")] // a volume of 6e-4 Å3
    [InlineData("\"id\":\"db/1\"", "\"id\":\"\\ud800\"", "PM2601")]
    [InlineData("\"nsites\":2", "\"nsites\":2x", "PM2601")]
    [InlineData("\"type\":\"structures\",\"attributes\":", "\"attributes\":{},\"other\":", "PM2602")]
    public void MistakesAreNamedAndTheNextEntryIsRead(string right, string wrong, string code)
    {
        Assert.Contains(right, Salt, StringComparison.Ordinal);
        string bad = Salt.Replace(right, wrong, StringComparison.Ordinal);
        foreach (string text in new[] { Salt + "\n" + bad + "\n" + Salt + "\n", "{\"data\":[\n" + Salt + ",\n" + bad + ",\n" + Salt + "\n],\"meta\":{}}" })
        {
            var results = InputText.Read(text, "a.json");
            Assert.Equal([null, code, null], results.Select(r => r.Rejection?.Code));
            Assert.Equal(text[0] == '{' && text.StartsWith("{\"data\"", StringComparison.Ordinal) ? 3 : 2, results[1].Rejection!.Line);
        }
    }

    [Theory]
    [InlineData("a.jsonl", "\"lattice_vectors\":[[5.6,0,0],", "\"lattice_vectors\":[[5.6,0,0,")] // a bracket is lost: only the line's end tells where the entry ends
    [InlineData("a.jsonl", "\"lattice_vectors\"", "\"lattice_vectors")]
    [InlineData("a.jsonl", "}}", "}")]
    [InlineData("a.json", "\"Na1\",\"Cl\"", "\"Na1\",\"Cl")] // no text goes on in the next line
    public void ALineThatBreaksOffTakesNoOtherWithIt(string name, string right, string wrong)
    {
        int at = Salt.IndexOf(right, StringComparison.Ordinal);
        string bad = Salt[..at] + wrong + Salt[(at + right.Length)..];
        var results = InputText.Read(Salt + "\n" + bad + "\n" + Salt + "\n", name);
        Assert.Equal([null, "PM2601", null], results.Select(r => r.Rejection?.Code));
        Assert.Equal(2, results[1].Rejection!.Line);
    }

    [Theory]
    [InlineData("{\"data\":[", "PM2601")]
    [InlineData("[{\"a\":", "PM2601")]
    [InlineData("{\"data\":[],\"meta\":{}}", "PM2602")]
    [InlineData("[]", "PM2602")]
    [InlineData("{\"x-optimade\":{}}", "PM2602")]
    [InlineData("[1,2,3]", "PM2601")]
    [InlineData("{\"errors\":[{\"status\":\"400\",\"detail\":\"bad filter\"}]}", "PM2602")]
    [InlineData("{\"cell\":[4,4,4,90,90],\"z\":[6],\"x\":[[0,0,0]]}", "PM2603")]
    [InlineData("{\"cell\":[4,4,4,90,90,180],\"z\":[6],\"x\":[[0,0,0]]}", "PM2412")]
    [InlineData("{\"cell\":[4,4,4,90,90,0],\"z\":[6],\"x\":[[0,0,0]]}", "PM2412")]
    [InlineData("{\"cell\":[4,4,4,0,0,0],\"z\":[6],\"x\":[[0,0,0]]}", "PM2412")]
    [InlineData("{\"cell\":[4,4,4,180,180,180],\"z\":[6],\"x\":[[0,0,0]]}", "PM2412")]
    [InlineData("{\"cell\":[4,4,-4,90,90,90],\"z\":[6],\"x\":[[0,0,0]]}", "PM2412")]
    [InlineData("{\"cell\":[0.01,0.01,0.01,90,90,90],\"z\":[6],\"x\":[[0,0,0]]}", "PM2109")]
    [InlineData("{\"cell\":[4,4,4,90,90,90],\"z\":[0],\"x\":[[0,0,0]]}", "PM2605")]
    [InlineData("{\"cell\":[4,4,4,90,90,90],\"z\":[119],\"x\":[[0,0,0]]}", "PM2103")]
    [InlineData("{\"cell\":[4,4,4,90,90,90],\"z\":[6,6],\"x\":[[0,0,0]]}", "PM2606")]
    [InlineData("{\"cell\":[4,4,4,90,90,90],\"z\":[],\"x\":[]}", "PM2102")]
    public void FilesWithoutStructuresSayWhy(string text, string code) => Assert.Equal(code, InputText.Rejected(text, "a.json").Code);

    [Fact]
    public void RecordsOfBenchmarksAreRead()
    {
        var record = InputText.One(Record, "a.jsonl");
        Assert.Equal(("7", 2.5, 0.0), (record.Properties["id"], record.Properties["heat_ref"], record.Properties["dir_gap"]));
        Assert.Equal(new Vector3D(-2, 6, 2), record.Positions[1]);
    }

    [Theory]
    [InlineData("perov_5/val.jsonl.gz", 3787)]
    [InlineData("carbon_24/unique_val.jsonl.gz", 850)]
    [InlineData("mp_20/train_partial.jsonl.gz", 2573)]
    public void BenchmarkSetsAreReadWhole(string file, int count)
    {
        var results = StructureReader.Read(Testing.ReferenceData.PathOf($"data/{file}")).ToList();
        Assert.Equal(count, results.Count);
        Assert.All(results, r => Assert.True(r.Structure is not null, r.Rejection?.ToString()));
    }

    [Fact]
    public void LongEntriesAreRefusedAndTheNextIsRead()
    {
        var options = new ReadOptions { MaxEntryBytes = 1000 };
        string bad = Salt.Replace("\"structure_features\":[]", $"\"structure_features\":[],\"_exmpl_text\":\"{new string('x', 2000)}\"", StringComparison.Ordinal);
        Assert.Equal([null, "PM2113", null], InputText.Read($"{Salt}\n{bad}\n{Salt}\n", "a.json", options).Select(r => r.Rejection?.Code));
        Assert.Equal("PM2113", InputText.Rejected(Salt, "a.json", new ReadOptions { MaxAtoms = 1 }).Code);
    }

    [Fact]
    public void TenThousandAtomsInOneCell()
    {
        var text = new StringBuilder("{\"id\":\"big\",\"cell\":[60,60,60,90,90,90],\"z\":[");
        text.AppendJoin(',', Enumerable.Repeat("29", 10_000)).Append("],\"x\":[");
        text.AppendJoin(',', Enumerable.Range(0, 10_000).Select(i => FormattableString.Invariant($"[{i % 22 / 22.0},{i / 22 % 22 / 22.0},{i / 484 / 22.0}]"))).Append("]}");
        Assert.Equal(10_000, InputText.One(text.ToString(), "a.json").AtomCount);
    }

    [Fact]
    public void LargeCellsAreKept()
    {
        var crystal = InputText.One(Record.Replace("[4,4,4,", "[100,100,100,", StringComparison.Ordinal), "a.json");
        Assert.Equal(1e6, crystal.Lattice!.Volume, 1e-6);
    }
}
