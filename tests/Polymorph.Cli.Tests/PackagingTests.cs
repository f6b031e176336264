using Polymorph.Testing;
using Xunit;

namespace Polymorph.Cli.Tests;

/// The three ways to get the program onto a machine: as a .NET tool, and as one file for Linux and for Windows.
public sealed class PackagingTests
{
    private static readonly string Root = Checkout.Root;

    // One folder for all three, apart from the checkout's own outputs, so that the libraries are compiled once and the next run is incremental.
    private static readonly string Artifacts = Path.Combine(Root, "artifacts", "packaging");

    [Fact]
    public void TheToolInstallsFromALocalFolderAndSaysItsVersion()
    {
        string packages = Fresh("packages");
        Dotnet("pack", "src/Polymorph.Cli", "-c", "Release", "--artifacts-path", Artifacts, "-o", packages);
        Assert.Single(Directory.GetFiles(packages, "Polymorph.Cli.*.nupkg"));

        // The folder is the only source: installing must not need the network.
        string config = Path.Combine(packages, "nuget.config");
        File.WriteAllText(config, $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{Path.Combine(packages, "cache")}" /></config>
              <packageSources><clear /><add key="local" value="{packages}" /></packageSources>
            </configuration>
            """);
        string tools = Fresh("tools");
        Dotnet("tool", "install", "Polymorph.Cli", "--tool-path", tools, "--configfile", config);
        AssertSaysVersion(Path.Combine(tools, OperatingSystem.IsWindows() ? "polymorph.exe" : "polymorph"));
    }

    [Theory]
    [InlineData("linux-x64", "polymorph")]
    [InlineData("win-x64", "polymorph.exe")]
    public void OneFileHoldsTheWholeProgram(string platform, string file)
    {
        string folder = Fresh(platform);
        Dotnet("publish", "src/Polymorph.Cli", "-c", "Release", "-r", platform, "--artifacts-path", Artifacts, "-o", folder);
        Assert.Equal([file], Directory.GetFiles(folder).Select(Path.GetFileName));
        if (platform == "linux-x64" && OperatingSystem.IsLinux())
        {
            AssertSaysVersion(Path.Combine(folder, file));
        }
    }

    private static void AssertSaysVersion(string program) => Assert.Matches(@"^\d+\.\d+\.\d+", DotnetCommand.Run(program, Path.GetTempPath(), "--version"));

    private static void Dotnet(params string[] arguments) => DotnetCommand.Run("dotnet", Root, arguments);

    private static string Fresh(string name)
    {
        string folder = Path.Combine(Artifacts, "out", name);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        return Directory.CreateDirectory(folder).FullName;
    }
}
