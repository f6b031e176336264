using System.Diagnostics;
using System.Globalization;

namespace Polymorph.Foundation;

/// <summary>Writes a file so that a reader sees either the old content or the whole new one, whatever happens in between.</summary>
public static class AtomicFile
{
    private const string Extension = ".tmp";

    /// <summary>Writes to a temporary name beside <paramref name="path"/>, flushes to the disk, then renames over <paramref name="path"/>.</summary>
    /// <param name="path">The file to create or replace; its folder is created when missing.</param>
    /// <param name="write">Writes the whole content; when it throws, the old file stays as it was and the temporary one is removed.</param>
    /// <exception cref="PolymorphException">PM7001: the disk is full, the folder cannot be written, or the path is a folder.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        string full = Path.GetFullPath(path);
        string temporary = string.Create(CultureInfo.InvariantCulture, $"{full}.{Environment.ProcessId}{Extension}");
        Guard(path, () =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            try
            {
                using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
                {
                    write(stream);
                    stream.Flush(flushToDisk: true);
                }

                File.Move(temporary, full, overwrite: true);
            }
            catch
            {
                File.Delete(temporary);
                throw;
            }
        });
    }

    /// <summary>As <see cref="Write(string, Action{Stream})"/>, for text in UTF-8 without a byte-order mark.</summary>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="text">Its whole content.</param>
    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    /// <summary>Renames a file, over another one if there is one.</summary>
    /// <param name="from">The file.</param>
    /// <param name="to">Its new name, in the same folder.</param>
    /// <exception cref="PolymorphException">PM7001: the file is missing or the folder cannot be written.</exception>
    public static void Rename(string from, string to) => Guard(to, () => File.Move(from, to, overwrite: true));

    /// <summary>Removes a file if it is there.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="PolymorphException">PM7001: the folder cannot be written, or the path is a folder.</exception>
    public static void Remove(string path) => Guard(path, () => File.Delete(path));

    /// <summary>The name of the file for which a temporary one was being written, or null for any other file.</summary>
    /// <param name="name">Name of a file.</param>
    public static string? TargetOf(string name) => Split(name)?.Target;

    /// <summary>Removes what processes that were killed while writing have left in a folder and those below it.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="PolymorphException">PM7001: the folder cannot be written.</exception>
    public static void RemoveAbandoned(string folder) => Guard(folder, () =>
    {
        var below = new EnumerationOptions { RecurseSubdirectories = true };
        foreach (string file in Directory.EnumerateFiles(folder, $"*{Extension}", below).Where(f => Split(f) is var (_, process) && !IsAlive(process)).ToList())
        {
            File.Delete(file);
        }
    });

    private static (string Target, int Process)? Split(string name)
    {
        string stem = Path.ChangeExtension(name, null);
        return name.EndsWith(Extension, StringComparison.Ordinal) && stem.LastIndexOf('.') is var dot and > 0
            && int.TryParse(stem.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int process)
            ? (stem[..dot], process)
            : null;
    }

    private static bool IsAlive(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static void Guard(string path, Action change)
    {
        try
        {
            change();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PolymorphException("PM7001", $"cannot write the file: {e.Message}", path,
                "Free some space or choose a folder you may write; what was there is untouched.", ExitCode.EngineFailed, e);
        }
    }
}
