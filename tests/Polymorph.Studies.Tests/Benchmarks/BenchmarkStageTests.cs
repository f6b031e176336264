using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using Polymorph.Foundation;
using Polymorph.Structures;
using Polymorph.Structures.Formats;
using Polymorph.Studies.Benchmarks;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Studies.Tests.Benchmarks;

/// Candidates against a small part of perov-5.
public sealed class BenchmarkStageTests : IDisposable
{
    private const int References = 24, Training = 60;

    private readonly TemporaryFolder _folder = new();

    public BenchmarkStageTests()
    {
        _folder.Write("test.jsonl", Lines("test", 0, References));
        _folder.Write("train.jsonl", Lines("val", 0, Training));
        _folder.Write("val.jsonl", Lines("val", Training, Training / 2));
    }

    public void Dispose() => _folder.Dispose();

    /// The truth as a prediction finds itself: every match at distance 0, all covered; the set has no two equal structures.
    [Fact]
    public void TheTestSetItselfIsPerfect()
    {
        var arm = Compare(Path("test.jsonl")).Arms[0];
        Assert.Equal(References, arm.Rows.Count);
        Assert.Equal((References, References), ((int)arm.First!.All.Found.Count, (int)arm.Everyone.All.Found.Count));
        Assert.InRange(arm.First.All.Rmse, 0, 1e-5);
        Assert.Equal(arm.Valid.Count, arm.First.ValidOnly.Found.Count);
        Assert.Equal((1.0, 1.0), (arm.Coverage.Recall.Value, arm.Coverage.Precision.Value));
        Assert.Equal(0, arm.Coverage.StructureRecall, 1e-9);
        Assert.Equal(References, arm.Unique.Count);
        Assert.InRange(arm.Properties.SpaceGroups, 0, 1 - arm.Valid.Value + 1e-9);   // leaving out the invalid ones moves no more than their share
        Assert.All(arm.Rows, r => Assert.Equal(r.Id, r.Target));
        Assert.All(arm.Rows, r => Assert.InRange(r.Match!.VolumeRatio, 1 - 1e-9, 1 + 1e-9));
    }

    /// The numbers that spglib 2.0.2 gives for perturbed and unperturbed crystals at the same tolerance.
    [Fact]
    public void SpaceGroupsAreThoseOfSpglib()
    {
        var entries = ReferenceData.Json("golden/matching/spacegroups.json").GetProperty("structures").EnumerateArray().Take(40).ToList();
        int[] numbers = SpaceGroups.Of([.. entries.Select(e => ReferenceCrystal.OfVectors(e.GetProperty("cell")))], 2, cancellation: TestContext.Current.CancellationToken)!;
        Assert.Equal(entries.Select(e => e.GetProperty("symprec_0.1").GetProperty("number").GetInt32()), numbers);
    }

    /// Copies of training structures are no news; that they are copies is said.
    [Fact]
    public void MemorisedStructuresAreNotNovel()
    {
        var comparison = Compare(Path("train.jsonl"), PairingRule.None);
        var arm = comparison.Arms[0];
        Assert.Equal((Training, 0), ((int)arm.Leaked.Count, (int)arm.Novel.Count));
        Assert.Null(arm.First);
        Assert.Equal((References, 0, 0), ((int)comparison.Arms[1].Leaked.Count, (int)comparison.Arms[1].Novel.Count, comparison.Arms[1].Rows.Count(r => r.Crystal is null)));
        Assert.All(comparison.Arms[2].Rows, r => Assert.Equal(5, r.Crystal!.Structure.AtomCount));
    }

    /// Every rate can be computed again from the rows of the file.
    [Fact]
    public void TheFileHasARowForEveryStructure()
    {
        var comparison = Compare(Path("test.jsonl"));
        string path = System.IO.Path.Combine(_folder.Path, "metrics.json");
        BenchmarkJson.Write(comparison, "1.2.3", path);
        var document = JsonNode.Parse(File.ReadAllText(path))!;
        Assert.Equal(("polymorph.benchmark/1", "1.2.3"), (document["schema"]!.GetValue<string>(), document["version"]!.GetValue<string>()));
        Assert.Equal(64, document["test"]!["sha256"]!.GetValue<string>().Length);
        foreach (var arm in document["arms"]!.AsArray())
        {
            var rows = arm!["rows"]!.AsArray();
            Assert.Equal(arm["valid"]!["count"]!.GetValue<int>(), rows.Count(r => True(r, "structurallyValid") && True(r, "compositionallyValid") && True(r, "fingerprint")));
            Assert.Equal(arm["strictlyValid"]!["count"]!.GetValue<int>(), rows.Count(r => True(r, "strictlyValid")));
            Assert.Equal(arm["leaked"]!["count"]!.GetValue<int>(), rows.Count(r => r!["known"] is not null));
            Assert.Equal(arm["unique"]!["count"]!.GetValue<int>(), rows.Select(r => r!["groupNumber"]?.GetValue<int>()).Distinct().Count(g => g is not null));
            Assert.Equal(arm["matchRate1"]!["all"]!["found"]!["count"]!.GetValue<int>(), rows.Where(r => r!["matched"] is not null).DistinctBy(r => r!["target"]!.GetValue<string>()).Count());
        }

        static bool True(JsonNode? row, string name) => row![name]!.GetValue<bool>();
    }

    [Fact]
    public void TheResultDoesNotDependOnTheNumberOfThreads() =>
        Assert.Equal(BenchmarkJson.Of(Compare(Path("test.jsonl"), threads: 1), rows: true).ToJsonString(), BenchmarkJson.Of(Compare(Path("test.jsonl"), threads: 3), rows: true).ToJsonString());

    /// What cannot be read or is no crystal stays in the denominator, with its reason.
    [Fact]
    public void BadCandidatesCount()
    {
        string file = _folder.Write("candidates.extxyz",
            "2\nLattice=\"4 0 0 0 4 0 0 0 4\" Properties=species:S:1:pos:R:3\nNa 0 0 0\nCl 0.3 0 0\n"
            + "1\nLattice=\"4 0 0 0 4 0 0 0 4\" Properties=species:S:1:pos:R:3\nQq 0 0 0\n"
            + "1\nProperties=species:S:1:pos:R:3\nNa 0 0 0\n"
            + "2\nLattice=\"0 2.8 2.8 2.8 0 2.8 2.8 2.8 0\" Properties=species:S:1:pos:R:3 e_above_hull=0.0 method=\"some relaxer 1.0\"\nNa 0 0 0\nCl 2.8 0 0\n");
        var comparison = Compare(file, PairingRule.None);
        Assert.Equal(("some relaxer 1.0", null), (comparison.Relaxer, comparison.Hull));
        var arm = comparison.Arms[0];
        Assert.Equal((4, 2, 1, 1), (arm.Rows.Count, (int)arm.Constructible.Count, (int)arm.StructurallyValid.Count, (int)arm.Valid.Count));
        Assert.Contains("PM2103", arm.Rows[1].Reason, StringComparison.Ordinal);
        Assert.Contains("periodic", arm.Rows[2].Reason, StringComparison.Ordinal);
        Assert.Equal((1, 4), ((int)arm.Stability[0].StableUniqueNovel.Count, (int)arm.Stability[0].StableUniqueNovel.Total));
    }

    /// Two starts with two structures each: the better one of the first lies below the 5 % percentile of the training (0.4392), that of the other between those of 10 and 15 % (0.6120 and 0.7365).
    [Fact]
    public void OptimisedAndRelaxedCandidatesAreCounted()
    {
        string Frame(string start, string energy, string rmsd) => "2\nLattice=\"0 2.8 2.8 2.8 0 2.8 2.8 2.8 0\" Properties=species:S:1:pos:R:3 start=" + start + " heat_ref=" + energy + rmsd + "\nNa 0 0 0\nCl 2.8 0 0\n";
        var arms = Compare(_folder.Write("optimised.extxyz", Frame("a", "2.5", " relaxation_rmsd=0.1") + Frame("b", "0.7", "") + Frame("a", "0.4", " relaxation_rmsd=0.3") + Frame("b", "0.9", "")), PairingRule.None).Arms;
        var success = arms[0].Optimisation!;
        Assert.Equal((1, 1, 2, 2), ((int)success.Five.Count, (int)success.Ten.Count, (int)success.Fifteen.Count, (int)success.Fifteen.Total));
        Assert.Equal(0.2, arms[0].RelaxationRmsd!.Value, 1e-12);
        Assert.Equal((2, 4), ((int)arms[0].Relaxed.Count, (int)arms[0].Relaxed.Total));
        Assert.Null(arms[1].Optimisation);
        Assert.Null(arms[1].RelaxationRmsd);
    }

    [Fact]
    public void SeveralCandidatesOfAReferenceArePairedByOrder()
    {
        var test = StructureReader.ReadStrict(Path("test.jsonl"));
        string file = System.IO.Path.Combine(_folder.Path, "twice.cif");
        StructureWriter.Write(file, test.SelectMany((s, i) => new[] { test[(i + 1) % test.Count], s }));
        var comparison = Compare(file);
        Assert.Equal((PairingRule.ByOrder, 2), (comparison.Pairing, comparison.PerReference));

        // The first candidate of each reference is the next one, of other elements; the second is the truth.
        Assert.Equal((0, References), ((int)comparison.Arms[0].First!.All.Found.Count, (int)comparison.Arms[0].Best!.All.Found.Count));
        Assert.Equal(References, comparison.Arms[0].Everyone.All.Found.Count);
    }

    [Fact]
    public void ThePublishedTablesAreRead()
    {
        var data = BenchmarkData.Read(_folder.Path, cancellation: TestContext.Current.CancellationToken);
        string folder = Directory.CreateDirectory(System.IO.Path.Combine(_folder.Path, "csv")).FullName;
        foreach (var (name, structures) in new[] { ("test", data.Test), ("train", data.Known) })
        {
            using var table = new StreamWriter(System.IO.Path.Combine(folder, $"{name}.csv"));
            table.WriteLine(",material_id,heat_ref,cif");
            int row = 0;
            foreach (var s in structures)
            {
                string cif = System.IO.Path.Combine(_folder.Path, "one.cif");
                StructureWriter.Write(cif, [s]);
                table.WriteLine($"{row++},{BenchmarkData.IdOf(s)},0.5,\"{File.ReadAllText(cif).Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
            }
        }

        var read = BenchmarkData.Read(folder, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal((References, data.Known.Length), (read.Test.Length, read.Known.Length));
        Assert.Equal(data.Test.Select(BenchmarkData.IdOf), read.Test.Select(BenchmarkData.IdOf));
        Assert.Equal(data.Test[3].Lattice!.Volume, read.Test[3].Lattice!.Volume, 1e-3);   // digits of the CIF
    }

    [Fact]
    public void WhatIsMissingIsNamed()
    {
        Assert.Equal("PM7040", Code(() => BenchmarkData.Read(System.IO.Path.Combine(_folder.Path, "nowhere"), cancellation: TestContext.Current.CancellationToken)));
        Assert.Equal("PM7040", Code(() => BenchmarkData.Read(_folder.Path, "unique_", cancellation: TestContext.Current.CancellationToken)));
        Assert.Equal("PM7041", Code(() => Compare(_folder.Write("bad.extxyz", "1\nnothing\nQq 0 0 0\n"))));
        Assert.Equal("PM7042", Code(() => Compare(Path("train.jsonl"), PairingRule.ById)));
        Assert.Equal("PM7042", Code(() => Compare(_folder.Write("one.extxyz", "1\nLattice=\"4 0 0 0 4 0 0 0 4\" Properties=species:S:1:pos:R:3\nNa 0 0 0\n"), PairingRule.ByOrder)));

        static string Code(Action action) => Assert.Throws<PolymorphException>(action).Code;
    }

    [Fact]
    public void StoppingStops() =>
        Assert.ThrowsAny<OperationCanceledException>(() => new BenchmarkStage(Request(Path("test.jsonl"), PairingRule.Automatic, 2), new Notes(), new CancellationToken(true)).Run());

    private BenchmarkComparison Compare(string candidates, PairingRule pairing = PairingRule.Automatic, int threads = 2) =>
        new BenchmarkStage(Request(candidates, pairing, threads), new Notes(), TestContext.Current.CancellationToken).Run();

    private BenchmarkRequest Request(string candidates, PairingRule pairing, int threads) =>
        new() { Candidates = [candidates], Benchmark = BenchmarkDefinition.Named("perov-5")!, DataFolder = _folder.Path, Pairing = pairing, Threads = threads };

    private string Path(string name) => System.IO.Path.Combine(_folder.Path, name);

    private static string Lines(string split, int skip, int count)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(ReferenceData.PathOf($"data/perov_5/{split}.jsonl.gz")), CompressionMode.Decompress));
        var lines = new List<string>();
        while (lines.Count < skip + count && reader.ReadLine() is { } line)
        {
            lines.Add(line);
        }

        return string.Join('\n', lines.Skip(skip)) + "\n";
    }
}
