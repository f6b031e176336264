using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Polymorph.Foundation;
using Polymorph.Studies.Relaxations;

namespace Polymorph.Studies.Runs;

/// <summary>Results as they come, one line of JSON each, appended only: what a line says is done, and a process that is killed loses none of them.</summary>
/// <remarks>The first line holds the settings; results of others are never appended. Lines go to the operating system one by one, so that a killed process loses nothing,
/// and to the disk at least every second, so that a power failure loses a second. A torn last line is cut off; a damaged line elsewhere is as if it were not there.
/// The open file is locked against a second process. Not safe for several threads: its owner locks.</remarks>
internal sealed class JsonJournal : IDisposable
{
    private static readonly TimeSpan Sync = TimeSpan.FromSeconds(1);

    private readonly string _path;
    private readonly string _contents;
    private readonly FileStream _file;
    private readonly Stopwatch _sinceSync = Stopwatch.StartNew();

    private JsonJournal(string path, string contents, FileStream file) => (_path, _contents, _file) = (path, contents, file);

    /// <summary>Lines that could not be read, besides a torn last one.</summary>
    public int DamagedLines { get; private set; }

    /// <summary>Opens a journal, or begins one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="format">Name and version of the format.</param>
    /// <param name="contents">What it holds, such as <c>relaxations</c>, for messages.</param>
    /// <param name="settings">Settings of the results.</param>
    /// <param name="remember">Told of every line after the first; false when it is damaged.</param>
    /// <exception cref="PolymorphException">PM7022: it holds results of other settings; PM7023: another process writes it; PM7024: it cannot be read or written.</exception>
    public static JsonJournal Open(string path, string format, string contents, JsonObject settings, Func<JsonObject, bool> remember)
    {
        FileStream file;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when ((e.HResult & 0xFFFF) is 11 or 35 or 32)
        {
            throw new PolymorphException("PM7023", $"another process writes its {contents} into this file", path, "Wait for it, stop it, or choose another file.", ExitCode.Usage, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(path, contents, e);
        }

        try
        {
            var journal = new JsonJournal(path, contents, file);
            journal.Load(format, settings, remember);
            return journal;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Adds a line.</summary>
    /// <param name="line">The line.</param>
    /// <exception cref="PolymorphException">PM7024: the disk is full.</exception>
    public void Append(JsonObject line)
    {
        try
        {
            _file.Write(Encoding.UTF8.GetBytes(line.ToJsonString(RelaxedLine.OneLine) + "\n"));
            bool sync = _sinceSync.Elapsed >= Sync;
            _file.Flush(flushToDisk: sync);
            if (sync)
            {
                _sinceSync.Restart();
            }
        }
        catch (IOException e)
        {
            throw Unwritable(_path, _contents, e);
        }
    }

    /// <summary>Brings everything to the disk and closes the file.</summary>
    public void Dispose()
    {
        try
        {
            _file.Flush(flushToDisk: true);
        }
        catch (IOException)
        {
            // Each line was handed over already; a full disk was reported then.
        }

        _file.Dispose();
    }

    private void Load(string format, JsonObject settings, Func<JsonObject, bool> remember)
    {
        byte[] bytes = new byte[_file.Length];
        _file.ReadExactly(bytes);
        int end = Array.LastIndexOf(bytes, (byte)'\n') + 1;
        if (end < bytes.Length)
        {
            _file.SetLength(end);
        }

        _file.Seek(0, SeekOrigin.End);
        var lines = Encoding.UTF8.GetString(bytes, 0, end).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length == 0)
        {
            Append(new JsonObject { ["format"] = format, ["settings"] = settings.DeepClone() });
            return;
        }

        var head = Parse(lines[0]);
        if ((string?)head?["format"] != format || head["settings"] is not JsonObject held)
        {
            throw new PolymorphException("PM7022", $"this is not a journal of {_contents}", _path, "Move it away, or choose another file.", ExitCode.Usage);
        }

        if (Different(held, settings) is { } key)
        {
            throw new PolymorphException("PM7022", $"the {_contents} here were made with {key} {held[key]?.ToJsonString() ?? "open"}, and now it is {settings[key]?.ToJsonString() ?? "open"}", _path,
                "Results of two settings are never mixed: choose another file, or take the old settings to continue.", ExitCode.Usage);
        }

        foreach (string line in lines.Skip(1))
        {
            DamagedLines += Parse(line) is { } json && remember(json) ? 0 : 1;
        }
    }

    private static JsonObject? Parse(string line)
    {
        try
        {
            return JsonNode.Parse(line) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Different(JsonObject a, JsonObject b) =>
        a.Select(e => e.Key).Union(b.Select(e => e.Key)).FirstOrDefault(key => !JsonNode.DeepEquals(Again(a[key]), Again(b[key])));

    // Numbers compare as they are written.
    private static JsonNode? Again(JsonNode? node) => node is null ? null : JsonNode.Parse(node.ToJsonString());

    private static PolymorphException Unwritable(string path, string contents, Exception e) =>
        new("PM7024", $"results of {contents} cannot be written: {e.Message}", path, "Free some space or choose a folder you may write; what is saved stays, and the same command continues.", ExitCode.EngineFailed, e);
}
