using System.Diagnostics;
using Polymorph.Studies.Stages;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Cli.Tests;

/// A relaxation that is killed at random moments and continued by the same command ends with the file of an unbroken one, and no structure is relaxed twice.
public sealed class RelaxKillTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AKilledRelaxationEndsWithTheSameFile()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs signals");
        string input = KilledRelaxations.Prepare(_folder.Path), whole = _folder.Of("whole.extxyz"), broken = _folder.Of("broken.extxyz"), journal = FileRelaxation.JournalOf(broken);
        Assert.Equal(0, PolymorphProcess.Finish(Start(input, whole)));
        KilledRelaxations.KillOften(() => Start(input, broken), () => journal);
        Assert.Equal(0, PolymorphProcess.Finish(Start(input, broken)));
        Assert.Equal(File.ReadAllText(whole), File.ReadAllText(broken));
        Assert.False(File.Exists(journal));
    }

    private Process Start(string input, string output) => KilledRelaxations.Start(_folder.Path, "relax", input, "--out", output, "--engine", "ani-1ccx");
}
