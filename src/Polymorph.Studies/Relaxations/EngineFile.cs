using Polymorph.Foundation;
using Polymorph.Studies.Runs;

namespace Polymorph.Studies.Relaxations;

/// <summary>An engine that is named by a file: a trained potential, or the template of a client. Its content belongs to the settings of results, because the file may change under its name.</summary>
/// <param name="Prefix">What stands before the path.</param>
/// <param name="Path">The file.</param>
internal sealed record EngineFile(string Prefix, string Path)
{
    private const string Client = "ipi:";

    /// <summary>The file of an engine's name; null when it names none.</summary>
    /// <param name="engine">The name.</param>
    public static EngineFile? Of(string engine) =>
        engine.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase) ? new EngineFile("", engine)
        : engine.StartsWith(Client, StringComparison.Ordinal) && engine.EndsWith(".template", StringComparison.Ordinal) ? new EngineFile(Client, engine[Client.Length..].Trim())
        : null;

    /// <summary>The name with a full path.</summary>
    /// <param name="folder">What a relative path is relative to.</param>
    public string Anchored(string folder) => Prefix + System.IO.Path.GetFullPath(Path, folder);

    /// <summary>SHA-256 of the content.</summary>
    /// <exception cref="PolymorphException">PM7030: it cannot be read.</exception>
    public string Sha256()
    {
        try
        {
            return FileHash.Whole(Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PolymorphException("PM7030", $"the engine's file cannot be read: {e.Message}", Path, "Check the path.", inner: e);
        }
    }
}
