using System.Diagnostics;
using System.Text.Json;
using Polymorph.Cli.Shell;
using Polymorph.Foundation;
using Polymorph.Structures.Formats;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Cli.Tests;

/// `polymorph data fetch` against a provider on the loopback interface.
public sealed class DataFetchVerbTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("polymorph-fetch-");
    private readonly OptimadeServer _server = new(40);

    private string Output => Path.Combine(_folder.FullName, "set.extxyz");

    public void Dispose()
    {
        _server.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void FetchesADataSet()
    {
        var (exit, output, _) = ProgramRun.Of("data", "fetch", "--provider", _server.Url, "--filter", "elements HAS \"Cs\"", "--out", Output, "--page-size", "15", "--json");
        Assert.Equal(0, exit);
        var answer = JsonDocument.Parse(output).RootElement;
        Assert.Equal(("polymorph.data-fetch/1", 40, true), (answer.GetProperty("schema").GetString(), answer.GetProperty("structures").GetInt32(), answer.GetProperty("complete").GetBoolean()));
        Assert.Equal(3, answer.GetProperty("providers")[0].GetProperty("pagesFetched").GetInt32());
        Assert.Equal(40, StructureReader.ReadStrict(Output).Count);
        Assert.Contains("filter=elements%20HAS%20%22Cs%22", _server.Requests[0], StringComparison.Ordinal);
    }

    [Fact]
    public void APartialResultIsASuccessWithANote()
    {
        _server.Fault = (number, _) => number > 2 ? new OptimadeReply(403, "{\"errors\":[{\"detail\":\"enough for today\"}]}") : null;
        var (exit, output, error) = ProgramRun.Of("data", "fetch", "--provider", _server.Url, "--out", Output, "--page-size", "10");
        Assert.Equal(0, exit);
        Assert.Contains("20 structures in", output, StringComparison.Ordinal);
        Assert.Contains("enough for today", error, StringComparison.Ordinal);
        Assert.Equal(20, StructureReader.ReadStrict(Output).Count);
    }

    [Fact]
    public void MistakesAreNamed()
    {
        Assert.Equal((int)ExitCode.Usage, ProgramRun.Of("data", "fetch", "--provider", _server.Url, "--out", "set.cif").Exit);
        Assert.Contains("PM7201", ProgramRun.Of("data", "fetch", "--provider", "example.org", "--out", Output).Error, StringComparison.Ordinal);
        Assert.Equal((int)ExitCode.Usage, ProgramRun.Of("data", "fetch", "--provider", _server.Url, "--out", Output, "--timeout", "-1").Exit);
        File.WriteAllText(Output, "precious");
        _server.Fault = (_, _) => new OptimadeReply(404, "");
        var (exit, _, error) = ProgramRun.Of("data", "fetch", "--provider", _server.Url, "--out", Output);
        Assert.Equal((int)ExitCode.EngineFailed, exit);
        Assert.Contains("PM7202", error, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(Output));
    }

    [Fact]
    public void AKilledFetchGoesOnAndFetchesNothingTwice()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs signals");
        using var reached = new ManualResetEventSlim();
        _server.Fault = (number, _) =>
        {
            if (number == 3)
            {
                reached.Set();
                return new OptimadeReply(200, "", Delay: TimeSpan.FromMinutes(5));
            }

            return null;
        };
        string[] words = ["data", "fetch", "--provider", _server.Url, "--out", Output, "--page-size", "10"];
        using (var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "polymorph.dll"), .. words]) { RedirectStandardOutput = true, RedirectStandardError = true })!)
        {
            Assert.True(reached.Wait(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken), "the third page was never asked for");
            process.Kill();
            process.WaitForExit();
        }

        Assert.False(File.Exists(Output));
        _server.Fault = (_, _) => null;
        Assert.Equal(0, ProgramRun.Of(words).Exit);
        Assert.Equal(40, StructureReader.ReadStrict(Output).Count);

        // Only the page that was on its way is asked for again.
        Assert.Equal([1, 1, 1, 2], _server.Requests.GroupBy(r => r).Select(g => g.Count()).Order());
    }
}
