using System.Globalization;
using Polymorph.Foundation;

namespace Polymorph.Studies.Runs;

/// <summary>Keeps a second process out of a run folder.</summary>
/// <remarks>The operating system holds the lock and gives it back when the process ends, however it ends; a text beside it says who has it.</remarks>
public sealed class RunLock : IDisposable
{
    private readonly FileStream _file;
    private readonly RunFolder _folder;

    private RunLock(FileStream file, RunFolder folder, bool wasKilled) => (_file, _folder, PreviousWasKilled) = (file, folder, wasKilled);

    /// <summary>True when the last process to work here did not end by itself.</summary>
    public bool PreviousWasKilled { get; }

    /// <summary>Takes the lock.</summary>
    /// <param name="folder">The run folder; created when missing.</param>
    /// <exception cref="PolymorphException">PM7004: another process works here; PM7005: the folder cannot be written.</exception>
    public static RunLock Take(RunFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        FileStream file;
        try
        {
            Directory.CreateDirectory(folder.Root);
            file = new FileStream(folder.LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (IsSharingViolation(e))
        {
            throw new PolymorphException("PM7004", $"another process works in this run folder{Holder(folder)}", folder.Root, "Wait for it, stop it, or choose another folder.", ExitCode.Usage, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PolymorphException("PM7005", $"the run folder cannot be written: {e.Message}", folder.Root, "Choose a folder you may write, on a disk with free space.", ExitCode.EngineFailed, e);
        }

        try
        {
            bool wasKilled = File.Exists(folder.LockHolderFile);
            File.WriteAllText(folder.LockHolderFile, string.Create(CultureInfo.InvariantCulture,
                $"process {Environment.ProcessId} on {Environment.MachineName} since {DateTimeOffset.UtcNow:yyyy-MM-dd HH:mm:ss} UTC"));
            return new RunLock(file, folder, wasKilled);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            file.Dispose();
            throw new PolymorphException("PM7006", $"the run folder cannot be written: {e.Message}", folder.Root, "Free some space.", ExitCode.EngineFailed, e);
        }
    }

    /// <summary>The process that works in a run folder, or null when none does.</summary>
    /// <param name="folder">The run folder.</param>
    public static string? HolderOf(RunFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        if (!File.Exists(folder.LockFile))
        {
            return null;
        }

        try
        {
            using var file = new FileStream(folder.LockFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return null;
        }
        catch (IOException e) when (IsSharingViolation(e))
        {
            return Holder(folder).TrimStart(':', ' ');
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Gives the lock back.</summary>
    public void Dispose()
    {
        try
        {
            File.Delete(_folder.LockHolderFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The text only tells who holds the lock; closing the file gives the lock back in any case.
        }

        _file.Dispose();
    }

    // EAGAIN and EWOULDBLOCK of flock arrive with these numbers on Linux and macOS, ERROR_SHARING_VIOLATION on Windows.
    private static bool IsSharingViolation(IOException e) => (e.HResult & 0xFFFF) is 11 or 35 or 32;

    private static string Holder(RunFolder folder)
    {
        try
        {
            return $": {File.ReadAllText(folder.LockHolderFile)}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
