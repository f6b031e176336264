using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Polymorph.Foundation;
using Polymorph.Structures;

namespace Polymorph.Studies.Relaxations;

/// <summary>Results of relaxations as they come, one line each, appended only: what a line says is done, and a process that is killed loses none of them.</summary>
/// <remarks>The first line holds the settings; results of others are never appended. Lines go to the operating system one by one, so that a killed process loses nothing,
/// and to the disk at least every second, so that a power failure loses a second. A torn last line is cut off; a damaged line elsewhere is as if it were not there.
/// The open file is locked against a second process.</remarks>
public sealed class RelaxationJournal : IDisposable
{
    private const string Format = "polymorph.relaxations/1";

    private static readonly TimeSpan Sync = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly FileStream _file;
    private readonly Dictionary<string, JsonObject> _results = new(StringComparer.Ordinal);
    private readonly Dictionary<string, double> _energies = new(StringComparer.Ordinal);
    private readonly Stopwatch _sinceSync = Stopwatch.StartNew();

    private RelaxationJournal(string path, FileStream file) => (_path, _file) = (path, file);

    /// <summary>Lines that could not be read, besides a torn last one.</summary>
    public int DamagedLines { get; private set; }

    /// <summary>Number of results.</summary>
    public int Count => _results.Count;

    /// <summary>Opens a journal, or begins one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="settings">Settings of the results.</param>
    /// <exception cref="PolymorphException">PM7022: it holds results of other settings; PM7023: another process writes it; PM7024: it cannot be read or written.</exception>
    public static RelaxationJournal Open(string path, JsonObject settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        FileStream file;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when ((e.HResult & 0xFFFF) is 11 or 35 or 32)
        {
            throw new PolymorphException("PM7023", "another process relaxes into this file", path, "Wait for it, stop it, or choose another file.", ExitCode.Usage, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(path, e);
        }

        try
        {
            var journal = new RelaxationJournal(path, file);
            journal.Load(settings);
            return journal;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The result of a start, or null when it is not done.</summary>
    /// <param name="candidate">The start.</param>
    public Relaxed? Find(RelaxationCandidate candidate)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        lock (_gate)
        {
            return _results.TryGetValue(candidate.Key, out var line) ? RelaxedLine.Read(line, candidate.Start) with { Id = candidate.Id, Repeats = candidate.Repeats } : null;
        }
    }

    /// <summary>The energy of a start before its relaxation, eV; null when it was not computed.</summary>
    /// <param name="candidate">The start.</param>
    public double? FindEnergy(RelaxationCandidate candidate)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        lock (_gate)
        {
            return _energies.TryGetValue(candidate.Key, out double energy) ? energy : null;
        }
    }

    /// <summary>Adds a result.</summary>
    /// <param name="relaxed">The result.</param>
    /// <exception cref="PolymorphException">PM7024: the disk is full.</exception>
    public void Append(Relaxed relaxed)
    {
        ArgumentNullException.ThrowIfNull(relaxed);
        var line = RelaxedLine.ToJson(relaxed);
        lock (_gate)
        {
            Write(line);
            _results[relaxed.Key] = line;
        }
    }

    /// <summary>Adds the energy of a start before its relaxation.</summary>
    /// <param name="candidate">The start.</param>
    /// <param name="energyEV">Its energy, eV; NaN when the engine failed.</param>
    /// <exception cref="PolymorphException">PM7024: the disk is full.</exception>
    public void AppendEnergy(RelaxationCandidate candidate, double energyEV)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        lock (_gate)
        {
            Write(new JsonObject { ["key"] = candidate.Key, ["id"] = candidate.Id, ["startEnergyEV"] = double.IsFinite(energyEV) ? energyEV : null });
            _energies[candidate.Key] = energyEV;
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

    private void Load(JsonObject settings)
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
            Write(new JsonObject { ["format"] = Format, ["settings"] = settings.DeepClone() });
            return;
        }

        var head = Parse(lines[0]);
        if ((string?)head?["format"] != Format || head["settings"] is not JsonObject held)
        {
            throw new PolymorphException("PM7022", "this is not a journal of relaxations", _path, "Move it away, or choose another file.", ExitCode.Usage);
        }

        if (Different(held, settings) is { } key)
        {
            throw new PolymorphException("PM7022", $"the relaxations here were made with {key} {held[key]?.ToJsonString() ?? "open"}, and now it is {settings[key]?.ToJsonString() ?? "open"}", _path,
                "Results of two settings are never mixed: choose another file, or take the old settings to continue.", ExitCode.Usage);
        }

        foreach (string line in lines.Skip(1))
        {
            Remember(line);
        }
    }

    private void Remember(string line)
    {
        var json = Parse(line);
        if ((string?)json?["key"] is not { } key)
        {
            DamagedLines++;
        }
        else if (json.ContainsKey("startEnergyEV"))
        {
            _energies[key] = json["startEnergyEV"] is { } energy ? (double)energy : double.NaN;
        }
        else if (IsWhole(json))
        {
            _results[key] = json;
        }
        else
        {
            DamagedLines++;
        }
    }

    // What is read lazily must not fail later.
    private static bool IsWhole(JsonObject json)
    {
        try
        {
            var positions = (JsonArray)json["positions"]!;
            Structure stand = new([.. Enumerable.Repeat(new Element(1), positions.Count)], [.. Enumerable.Repeat(Vector3D.Zero, positions.Count)]);
            RelaxedLine.Read(json, stand);
            return true;
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException or NullReferenceException or InvalidCastException or ArgumentException or IndexOutOfRangeException)
        {
            return false;
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

    private void Write(JsonObject line)
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
            throw Unwritable(_path, e);
        }
    }

    private static PolymorphException Unwritable(string path, Exception e) =>
        new("PM7024", $"results of relaxations cannot be written: {e.Message}", path, "Free some space or choose a folder you may write; what is saved stays, and the same command continues.", ExitCode.EngineFailed, e);
}
