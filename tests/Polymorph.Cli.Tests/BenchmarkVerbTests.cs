using System.Text.Json;
using Polymorph.Cli.Shell;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Cli.Tests;

/// <c>compare --benchmark</c> and <c>nearest</c>, as a user calls them.
public sealed class BenchmarkVerbTests : IDisposable
{
    // Rock salt, caesium chloride, zinc blende; the second test structure is a known one in a cell of twice the size.
    private const string Known =
        """
        {"id":"salt","cell":[3.988,3.988,3.988,60,60,60],"z":[11,17],"x":[[0,0,0],[0.5,0.5,0.5]]}
        {"id":"caesium","cell":[4.12,4.12,4.12,90,90,90],"z":[55,17],"x":[[0,0,0],[0.5,0.5,0.5]]}
        {"id":"blende","cell":[3.818,3.818,3.818,60,60,60],"z":[30,16],"x":[[0,0,0],[0.25,0.25,0.25]]}

        """;

    private const string Test =
        """
        {"id":"sylvite","cell":[4.44,4.44,4.44,60,60,60],"z":[19,17],"x":[[0,0,0],[0.5,0.5,0.5]]}
        {"id":"doubled","cell":[3.988,3.988,7.976,60,60,60],"z":[11,11,17,17],"x":[[0,0,0],[0,0,0.5],[0.5,0.5,0.25],[0.5,0.5,0.75]]}

        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void CandidatesAreComparedWithABenchmark()
    {
        string file = _folder.Of("metrics.json");
        var (exit, output, error) = ProgramRun.Of("compare", _folder.Write("candidates.jsonl", Test), "--benchmark", "mp-20", "--data", Data(), "--out", file, "--json");
        Assert.True(exit == 0, error);
        var answer = JsonDocument.Parse(output).RootElement;
        Assert.Equal("polymorph.benchmark/1", answer.GetProperty("schema").GetString());
        var arms = answer.GetProperty("arms").EnumerateArray().ToList();
        Assert.Equal(["candidates", "random training structure", "nearest template"], arms.Select(a => a.GetProperty("name").GetString()));
        Assert.Equal(2, arms[0].GetProperty("matchRate1").GetProperty("all").GetProperty("found").GetProperty("count").GetInt32());
        Assert.Equal(1, arms[0].GetProperty("novel").GetProperty("count").GetInt32());

        // KCl from the template of NaCl is rock salt again.
        Assert.Equal(1, arms[2].GetProperty("matchRate1").GetProperty("all").GetProperty("found").GetProperty("count").GetInt32());
        var rows = JsonDocument.Parse(File.ReadAllText(file)).RootElement.GetProperty("arms")[0].GetProperty("rows");
        Assert.Equal("salt", rows[1].GetProperty("known").GetString());

        var (_, text, _) = ProgramRun.Of("compare", _folder.Of("candidates.jsonl"), "--benchmark", "mp-20", "--data", Data());
        Assert.Contains("METRe", text, StringComparison.Ordinal);
        Assert.Contains("2/2", text, StringComparison.Ordinal);
    }

    [Fact]
    public void MistakesAreNamed()
    {
        string candidates = _folder.Write("candidates.jsonl", Test);
        Named("PM1003", "perov-5", "compare", candidates, "--benchmark", "perov5", "--data", Data());
        Named("PM1003", "--benchmark", "compare", candidates, "--data", Data());
        Named("PM1003", "--data", "compare", candidates, "--benchmark", "mp-20");
        Named("PM1003", "order", "compare", candidates, "--benchmark", "mp-20", "--data", Data(), "--pairing", "ordre");
        Named("PM1003", "one run folder", "compare", "a", "b");
        Named("PM7040", "train", "compare", candidates, "--benchmark", "mp-20", "--data", _folder.Path);
        Named("PM1008", "PM2001", "nearest", candidates, "--among", _folder.Of("nowhere"));

        void Named(string code, string hint, params string[] words)
        {
            var (exit, output, error) = ProgramRun.Of(words);
            Assert.NotEqual(0, exit);
            Assert.Equal("", output);
            Assert.Contains(code, error, StringComparison.Ordinal);
            Assert.Contains(hint, error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void TheNearestKnownStructuresAreNamed()
    {
        Data();
        var (exit, output, error) = ProgramRun.Of("nearest", _folder.Write("new.jsonl", Test), "--among", Path.Combine(_folder.Path, "data", "train.jsonl"), "--count", "2", "--json");
        Assert.True(exit == 0, error);
        var structures = JsonDocument.Parse(output).RootElement.GetProperty("structures").EnumerateArray().ToList();
        var doubled = structures[1].GetProperty("nearest").EnumerateArray().ToList();
        Assert.Equal(("salt", true), (doubled[0].GetProperty("id").GetString(), doubled[0].GetProperty("matched").GetBoolean()));
        Assert.InRange(doubled[0].GetProperty("distance").GetDouble(), 0, 1e-6);
        Assert.Equal(("salt", false), (structures[0].GetProperty("nearest")[0].GetProperty("id").GetString(), structures[0].GetProperty("nearest")[0].GetProperty("matched").GetBoolean()));

        string[] same = ["nearest", _folder.Of("new.jsonl"), "--among", Path.Combine(_folder.Path, "data", "train.jsonl"), "--count", "2", "--json", "--cache", _folder.Of("cache")];
        Assert.Equal(output, ProgramRun.Of(same).Output);
        Assert.Single(Directory.GetFiles(_folder.Of("cache")));
        Assert.Equal(output, ProgramRun.Of(same).Output);
        Assert.Contains("yes, rms 0.0000", ProgramRun.Of("nearest", _folder.Of("new.jsonl"), "--among", Path.Combine(_folder.Path, "data", "train.jsonl")).Output, StringComparison.Ordinal);
    }

    private string Data()
    {
        string folder = Directory.CreateDirectory(_folder.Of("data")).FullName;
        File.WriteAllText(Path.Combine(folder, "train.jsonl"), Known);
        File.WriteAllText(Path.Combine(folder, "test.jsonl"), Test);
        return folder;
    }
}
