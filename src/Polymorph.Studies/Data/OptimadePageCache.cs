using System.Globalization;
using Polymorph.Foundation;

namespace Polymorph.Studies.Data;

/// <summary>The pages of one query on disk, as they came. Each is written at once and whole, so that a killed process loses at most the page it was at.</summary>
internal sealed class OptimadePageCache : IDisposable
{
    private readonly string _folder;
    private readonly FileStream _lock;

    private OptimadePageCache(string folder, FileStream held) => (_folder, _lock) = (folder, held);

    /// <summary>Opens the folder of a query.</summary>
    /// <param name="folder">Folder for the pages of several queries; created when missing.</param>
    /// <param name="query">The query.</param>
    /// <exception cref="PolymorphException">PM7204: another process fetches the same; PM7205: the folder cannot be written.</exception>
    public static OptimadePageCache Open(string folder, OptimadeQuery query)
    {
        string own = Path.Combine(folder, query.CacheName);
        try
        {
            Directory.CreateDirectory(own);
            return new OptimadePageCache(own, new FileStream(Path.Combine(own, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e) when ((e.HResult & 0xFFFF) is 11 or 35 or 32)
        {
            throw new PolymorphException("PM7204", "another process fetches the same", own, "Wait for it, stop it, or name another --cache.", ExitCode.Usage, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PolymorphException("PM7205", $"the fetched pages cannot be kept: {e.Message}", own, "Name a folder you may write with --cache.", ExitCode.EngineFailed, e);
        }
    }

    /// <summary>File of a page.</summary>
    /// <param name="index">From 0.</param>
    public string FileOf(int index) => Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"page-{index + 1:000000}.json"));

    /// <summary>A page that was fetched before; null when it was not, or its file has been damaged.</summary>
    /// <param name="index">From 0.</param>
    /// <param name="largest">Most bytes it may have.</param>
    public OptimadePage? Find(int index, int largest)
    {
        try
        {
            return OptimadePage.Parse(BoundedFile.Read(FileOf(index), largest, reason => new PolymorphException("PM7205", reason, FileOf(index), "Remove this file.")));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or WrongPageException or PolymorphException)
        {
            return null;
        }
    }

    /// <summary>Keeps a page.</summary>
    /// <param name="index">From 0.</param>
    /// <param name="bytes">The whole answer.</param>
    public void Keep(int index, byte[] bytes) => AtomicFile.Write(FileOf(index), stream => stream.Write(bytes));

    /// <summary>Forgets all pages, so that they are fetched again.</summary>
    public void Clear()
    {
        for (int index = 0; File.Exists(FileOf(index)); index++)
        {
            AtomicFile.Remove(FileOf(index));
        }
    }

    /// <summary>Gives the folder back.</summary>
    public void Dispose() => _lock.Dispose();
}
