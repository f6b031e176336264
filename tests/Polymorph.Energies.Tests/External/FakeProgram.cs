using Xunit;

namespace Polymorph.Energies.Tests.External;

/// <summary>A shell script in a folder of its own that stands for an external program; removed when disposed.</summary>
internal sealed class FakeProgram : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("polymorph-fake-");

    /// <param name="script">Lines of the Bourne shell.</param>
    public FakeProgram(string script)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a Unix shell");
        Location = Path.Combine(_folder.FullName, "program");
        File.WriteAllText(Location, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Location, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    public string Location { get; }

    public string Folder => _folder.FullName;

    public void Dispose() => _folder.Delete(recursive: true);
}
