using System.Diagnostics;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Cli.Tests;

/// A screening that is killed at random moments and continued by the same command gives the bytes of an unbroken one; another bound relaxes nothing again.
public sealed class ScreenKillTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AKilledScreeningEndsWithTheSameResults()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs signals");
        string input = KilledRelaxations.Prepare(_folder.Path), recipe = Recipe(maximum: 17);
        Assert.Equal(0, PolymorphProcess.Finish(Start(input, recipe, "whole")));
        KilledRelaxations.KillOften(() => Start(input, recipe, "broken"), () => Journal("broken"));
        Assert.Equal(0, PolymorphProcess.Finish(Start(input, recipe, "broken")));
        string[] names = ["candidates.csv", "candidates.jsonl", "funnel.csv", "funnel.json", "funnel.svg", "survivors.extxyz"];
        Assert.All(names, name => Assert.Equal(File.ReadAllText(_folder.Of($"whole/{name}")), File.ReadAllText(_folder.Of($"broken/{name}"))));

        string[] kept = KilledRelaxations.Lines(Journal("broken"));
        Assert.Equal(kept.Length, kept.Distinct().Count());
        // The demonstration's molecules have 18 atoms: none survives the other bound.
        Assert.Equal(4, PolymorphProcess.Finish(Start(input, Recipe(maximum: 5), "broken")));
        Assert.Equal(kept, KilledRelaxations.Lines(Journal("broken")));
    }

    private string Recipe(int maximum) => _folder.Write($"r{maximum}.yaml", $"steps:\n  - {{quantity: relaxation, method: ani-1ccx}}\n  - {{quantity: energy, method: ani-1ccx}}\n  - {{quantity: atoms, minimum: 1, maximum: {maximum + 1}}}\n");

    private string Journal(string name) => Directory.Exists(_folder.Of($"{name}/cache")) ? Directory.GetFiles(_folder.Of($"{name}/cache"), "relaxation-*.jsonl").FirstOrDefault() ?? "none" : "none";

    private Process Start(string input, string recipe, string name) => KilledRelaxations.Start(_folder.Path, "screen", input, "--recipe", recipe, "--out", _folder.Of(name), "--threads", "2");
}
