using System.Text.Json;
using Polymorph.Cli.Shell;
using Xunit;

namespace Polymorph.Cli.Tests;

/// <summary>A temporary folder with input files, and verbs run in this process.</summary>
public abstract class VerbFolder : IDisposable
{
    /// <summary>The folder; it goes with the test.</summary>
    protected string Folder { get; } = Directory.CreateTempSubdirectory("polymorph-").FullName;

    public void Dispose()
    {
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Runs a command line.</summary>
    protected static (int Exit, string Output, string Error) Run(params string[] words)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int exit = new CommandLine(new Terminal(output, error, IsInteractive: false)).Run(words, TestContext.Current.CancellationToken);
        return (exit, output.ToString(), error.ToString());
    }

    /// <summary>One JSON object per line.</summary>
    protected static JsonElement[] Lines(string output) => [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)];

    /// <summary>Writes a file into the folder.</summary>
    protected string FileOf(string name, string content)
    {
        string path = Path.Combine(Folder, name);
        File.WriteAllText(path, content);
        return path;
    }
}
