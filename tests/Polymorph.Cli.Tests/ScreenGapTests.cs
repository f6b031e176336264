using System.Text.Json;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Cli.Tests;

/// Gaps by the published network in the funnel.
public sealed class ScreenGapTests : IDisposable
{
    private const double PublishedError = 0.39; // eV, the paper's

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void GapsAreThoseOfTheNetworkAndJudgedWithTwiceItsError()
    {
        File.Copy(ReferenceData.PathOf("data/cgcnn/pretrained/band-gap.safetensors"), _folder.Of("gaps.safetensors"));
        var golden = ReferenceData.Json("golden/cgcnn/pretrained_predictions.json").GetProperty("models").GetProperty("band-gap").GetProperty("double_arithmetic");
        string[] ids = [.. golden.EnumerateObject().Select(p => p.Name)];
        string[] files = [.. ids.Select(id => ReferenceData.PathOf($"data/cgcnn/sample/{id}.cif"))];
        var (exit, output, error) = Screen(files, "cgcnn:gaps.safetensors", "level: ml, shift: 0, minimum: 1.6, maximum: 3");
        Assert.True(exit is 0 or 4, error);
        Assert.Contains("PBE", error, StringComparison.Ordinal);
        Assert.Contains("PBE", File.ReadAllText(_folder.Of("out/funnel.csv")), StringComparison.Ordinal);
        Assert.Contains("band-gap: 10 in", output, StringComparison.Ordinal);
        var lines = ProgramRun.Lines(File.ReadAllText(_folder.Of("out/candidates.jsonl")));
        Assert.Equal(ids.Length, lines.Length);
        foreach (var line in lines)
        {
            // Single precision.
            double expected = golden.GetProperty(ids.Single(id => line.GetProperty("source").GetString() == id + ".cif")).GetDouble();
            var gap = line.GetProperty("bandGap");
            Assert.Equal(expected, gap.GetProperty("valueEV").GetDouble(), 1e-5);
            Assert.Equal(2 * PublishedError, gap.GetProperty("uncertaintyEV").GetDouble(), 1e-12);
            Assert.Contains("PBE", gap.GetProperty("source").GetString(), StringComparison.Ordinal);

            // The window of 1.4 eV is narrower than twice the reach: nothing can pass for certain.
            string verdict = expected < 1.6 - 0.78 || expected > 3 + 0.78 ? "fail" : "borderline";
            Assert.Equal(verdict, line.GetProperty("steps")[0].GetProperty("verdict").GetString());
        }

        // Kept values give the same bytes, and one that was changed shows that they are used.
        string first = File.ReadAllText(_folder.Of("out/candidates.jsonl")), cache = Assert.Single(Directory.GetFiles(_folder.Of("out/cache"), "band-gap-*.jsonl"));
        Screen(files, "cgcnn:gaps.safetensors", "level: ml, shift: 0, minimum: 1.6, maximum: 3");
        Assert.Equal(first, File.ReadAllText(_folder.Of("out/candidates.jsonl")));
        string[] kept = File.ReadAllLines(cache);
        Assert.Equal(ids.Length + 1, kept.Length);
        double one = JsonDocument.Parse(kept[1]).RootElement.GetProperty("gapEV").GetDouble();
        File.WriteAllLines(cache, [kept[0], kept[1].Replace("\"gapEV\":" + JsonDocument.Parse(kept[1]).RootElement.GetProperty("gapEV").GetRawText(), "\"gapEV\":77", StringComparison.Ordinal), .. kept[2..]]);
        Screen(files, "cgcnn:gaps.safetensors", "level: ml, shift: 0, minimum: 1.6, maximum: 3");
        Assert.Contains("\"valueEV\":77", File.ReadAllText(_folder.Of("out/candidates.jsonl")), StringComparison.Ordinal);
        Assert.True(one is > -1 and < 12);
    }

    [Fact]
    public void WhatHasNoGraphIsUnknown()
    {
        var (exit, output, _) = Screen([_folder.Write("water.xyz", "3\nwater\nO 0 0 0\nH 0.96 0 0\nH -0.24 0.93 0\n")], "cgcnn:" + ReferenceData.PathOf("data/cgcnn/pretrained/band-gap.safetensors"), "level: ml, shift: 0, minimum: 1");
        Assert.Equal(4, exit);
        Assert.Contains("1 unknown:no-graph", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("efermi", "level: ml, shift: 0", "PM4120", "efermi")]
    [InlineData("band-gap", "level: hse", "PM7412", "PBE")]
    [InlineData("band-gap", "level: ml, minimum: 1", "PM7409", "shift")]
    [InlineData("absent", "level: ml, shift: 0", "PM4121", "absent.safetensors")]
    public void AModelThatGivesNoSuchGapsIsRefused(string model, string keys, string code, string words)
    {
        var (exit, _, error) = Screen([ReferenceData.PathOf("data/cgcnn/sample/1000041.cif")], $"cgcnn:{Path.GetDirectoryName(ReferenceData.PathOf("data/cgcnn/pretrained/band-gap.safetensors"))}/{model}.safetensors", keys);
        Assert.Equal(2, exit);
        Assert.Contains(code, error, StringComparison.Ordinal);
        Assert.Contains(words, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    private (int Exit, string Output, string Error) Screen(string[] files, string method, string keys) =>
        ProgramRun.Of(["screen", .. files, "--recipe", _folder.Write("r.yaml", $"steps:\n  - {{quantity: band-gap, method: '{method}', {keys}}}\n"), "--out", _folder.Of("out")]);
}
