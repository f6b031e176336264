using System.Text.Json.Nodes;
using Polymorph.Foundation;
using Polymorph.Structures;
using Polymorph.Studies.Runs;

namespace Polymorph.Studies.Relaxations;

/// <summary>Results of relaxations as they come, kept as <see cref="JsonJournal"/> does.</summary>
public sealed class RelaxationJournal : IDisposable
{
    private const string Format = "polymorph.relaxations/1";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, JsonObject> _results = new(StringComparer.Ordinal);
    private readonly Dictionary<string, double> _energies = new(StringComparer.Ordinal);
    private readonly JsonJournal _journal;

    private RelaxationJournal(string path, JsonObject settings) => _journal = JsonJournal.Open(path, Format, "relaxations", settings, Remember);

    /// <summary>Lines that could not be read, besides a torn last one.</summary>
    public int DamagedLines => _journal.DamagedLines;

    /// <summary>Number of results.</summary>
    public int Count => _results.Count;

    /// <summary>Opens a journal, or begins one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="settings">Settings of the results.</param>
    /// <exception cref="PolymorphException">PM7022: it holds results of other settings; PM7023: another process writes it; PM7024: it cannot be read or written.</exception>
    public static RelaxationJournal Open(string path, JsonObject settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new RelaxationJournal(path, settings);
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
            _journal.Append(line);
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
            _journal.Append(new JsonObject { ["key"] = candidate.Key, ["id"] = candidate.Id, ["startEnergyEV"] = double.IsFinite(energyEV) ? energyEV : null });
            _energies[candidate.Key] = energyEV;
        }
    }

    /// <summary>Brings everything to the disk and closes the file.</summary>
    public void Dispose() => _journal.Dispose();

    private bool Remember(JsonObject json)
    {
        if ((string?)json["key"] is not { } key)
        {
            return false;
        }

        if (json.ContainsKey("startEnergyEV"))
        {
            _energies[key] = json["startEnergyEV"] is { } energy ? (double)energy : double.NaN;
            return true;
        }

        if (!IsWhole(json))
        {
            return false;
        }

        _results[key] = json;
        return true;
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
}
