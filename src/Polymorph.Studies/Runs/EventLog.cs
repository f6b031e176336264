using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Polymorph.Foundation;

namespace Polymorph.Studies.Runs;

/// <summary>The log of a run, one JSON object per line; safe for use by several threads.</summary>
public sealed class EventLog : IDisposable
{
    private static readonly JsonSerializerOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly FileStream _file;

    /// <summary>Opens the log of a run folder for appending; a line that a killed process left half written is closed first.</summary>
    /// <param name="folder">The run folder.</param>
    /// <exception cref="PolymorphException">PM7007: it cannot be written.</exception>
    public EventLog(RunFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        _path = folder.EventsFile;
        try
        {
            _file = new FileStream(_path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
            if (_file.Length > 0)
            {
                _file.Seek(-1, SeekOrigin.End);
                if (_file.ReadByte() != '\n')
                {
                    _file.WriteByte((byte)'\n');
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(e);
        }
    }

    /// <summary>Appends one event.</summary>
    /// <param name="name">For example <c>checkpoint</c>.</param>
    /// <param name="values">Its values.</param>
    /// <exception cref="PolymorphException">PM7007: the disk is full.</exception>
    public void Write(string name, params IReadOnlyList<(string Key, JsonNode? Value)> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var line = new JsonObject { ["time"] = DateTimeOffset.UtcNow.ToString("O", CultureInfo.InvariantCulture), ["event"] = name };
        foreach (var (key, value) in values)
        {
            line[key] = value;
        }

        byte[] bytes = Encoding.UTF8.GetBytes(line.ToJsonString(OneLine) + "\n");
        lock (_gate)
        {
            try
            {
                _file.Write(bytes);
                _file.Flush();
            }
            catch (IOException e)
            {
                throw Unwritable(e);
            }
        }
    }

    /// <summary>Closes the log.</summary>
    public void Dispose() => _file.Dispose();

    private PolymorphException Unwritable(Exception e) =>
        new("PM7007", $"the log cannot be written: {e.Message}", _path, "Free some space; what was saved before is untouched, and the same command continues.", ExitCode.EngineFailed, e);
}
