using System.Globalization;

namespace Polymorph.Energies.External;

/// <summary>A folder for the files of one external program, removed when disposed. What a killed process left behind is removed by the next one.</summary>
/// <remarks>An open lock file tells a folder in use from an abandoned one; process numbers would not do where containers share a folder.</remarks>
internal sealed class ScratchFolder : IDisposable
{
    private const string LockName = ".lock";
    private static int Started;
    private readonly FileStream _lock;

    private ScratchFolder(string path, FileStream held) => (Location, _lock) = (path, held);

    /// <summary>Full path.</summary>
    public string Location { get; }

    /// <summary>Makes a new folder that only this user may read.</summary>
    /// <param name="purpose">Part of its name: letters and hyphens.</param>
    /// <param name="inMemory">On the file system in memory where there is one: for many short runs with small files.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static ScratchFolder Create(string purpose, bool inMemory)
    {
        string parent = inMemory && Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
        string prefix = $"polymorph-{purpose}-";
        RemoveAbandoned(parent, prefix);
        while (true)
        {
            int number = Interlocked.Increment(ref Started);
            string path = Path.Combine(parent, string.Create(CultureInfo.InvariantCulture, $"{prefix}{Environment.ProcessId}-{number}"));
            if (Directory.Exists(path))
            {
                continue;
            }

            CreateOwn(path);
            try
            {
                return new(path, new FileStream(Path.Combine(path, LockName), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException) when (File.Exists(Path.Combine(path, LockName)))
            {
                // Another process with the same number, in another container, was faster.
            }
        }
    }

    /// <summary>Path of a file in the folder.</summary>
    /// <param name="name">Name of the file.</param>
    public string PathOf(string name) => Path.Combine(Location, name);

    /// <summary>Removes the folder with all it contains.</summary>
    public void Dispose()
    {
        _lock.Dispose();
        Remove(Location);
    }

    private static void CreateOwn(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static void RemoveAbandoned(string parent, string prefix)
    {
        foreach (string folder in Directory.EnumerateDirectories(parent, $"{prefix}*"))
        {
            string held = Path.Combine(folder, LockName);
            try
            {
                if (File.Exists(held))
                {
                    using var opened = new FileStream(held, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
                    Remove(folder);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // In use, or another user's.
            }
        }
    }

    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A program that was just killed may still hold a file; the next process removes the rest.
        }
    }
}
