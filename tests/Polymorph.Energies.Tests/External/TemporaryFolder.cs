namespace Polymorph.Energies.Tests.External;

/// <summary>A folder that is removed when disposed.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("polymorph-energies-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
