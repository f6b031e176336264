using Polymorph.Cli.Shell;
using Polymorph.Models.LoGan;
using Polymorph.Studies.Runs;
using Xunit;

namespace Polymorph.Cli.Tests;

public sealed class ProgressLineTests
{
    [Theory]
    [InlineData(0.6, "60 %")]
    [InlineData(0.012, "1.2 %")]
    public void SmallSharesAreShownToATenth(double share, string text) => Assert.Equal(text, ModelLine.Share(share));

    [Fact]
    public void AModelsLineHasEverythingOnSchedule()
    {
        var statistics = default(LoGanStatistics) with { Wasserstein = 0.12345, GradientNorm = 1.016 };
        string line = ModelLine.Text(new ModelProgress("m07", ModelState.Training, 120, 600, statistics, 0.6, TimeSpan.FromSeconds(190)));
        Assert.Equal("m07: epoch 120 of 600, Wasserstein 0.123, gradient norm 1.02, valid 60 %, 4 min left", line);
    }

    [Fact]
    public void WhatIsNotKnownYetIsNotInvented()
    {
        Assert.Equal("m1: training from epoch 40 of 600", ModelLine.Text(new ModelProgress("m1", ModelState.Training, 40, 600, default, null, null)));
        var statistics = default(LoGanStatistics) with { Wasserstein = 1, GradientNorm = 1 };
        Assert.Contains("valid -", ModelLine.Text(new ModelProgress("m1", ModelState.Training, 41, 600, statistics, null, TimeSpan.FromSeconds(8))), StringComparison.Ordinal);
    }

    /// Out of the source folder there is no command of that name.
    [Fact]
    public void TheNextCommandIsOneThatWorks()
    {
        string source = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", "..", "src", "Polymorph.Cli"));
        Assert.Equal("dotnet run -c Release --project src/Polymorph.Cli --", ProgramName.Of(Path.Combine(source, "bin", "Release", "net10.0")));
        Assert.Equal("polymorph", ProgramName.Of(Path.GetTempPath()));
    }
}
