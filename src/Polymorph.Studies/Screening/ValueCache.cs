using System.Text.Json.Nodes;
using Polymorph.Foundation;
using Polymorph.Studies.Relaxations;
using Polymorph.Studies.Runs;

namespace Polymorph.Studies.Screening;

/// <summary>Dear values of candidates by the hash of their geometry, kept in one file per method and settings.</summary>
/// <remarks>Bounds do not belong to the settings: another bound uses the same values.</remarks>
internal sealed class ValueCache : IDisposable
{
    private const string Format = "polymorph.screening-values/1";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, JsonObject> _values = new(StringComparer.Ordinal);
    private readonly JsonJournal _journal;

    private ValueCache(string path, JsonObject settings) => _journal = JsonJournal.Open(path, Format, "values", settings, line =>
    {
        if (line["key"] is JsonValue key && key.TryGetValue(out string? name))
        {
            _values[name] = line;
            return true;
        }

        return false;
    });

    /// <summary>Opens the cache of a method.</summary>
    /// <param name="folder">Where caches lie.</param>
    /// <param name="quantity">Name of the quantity.</param>
    /// <param name="method">Its method.</param>
    /// <param name="settings">Everything that values depend on besides the geometry.</param>
    /// <exception cref="PolymorphException">PM7022 to PM7024.</exception>
    public static ValueCache Open(string folder, string quantity, string method, JsonObject settings) => new(Path.Combine(folder, $"{quantity}-{SettingsKey.Of(method, settings)}.jsonl"), settings);

    /// <summary>The value of a geometry; null when it is not kept.</summary>
    /// <param name="key">Name of the geometry.</param>
    public JsonObject? Find(string key)
    {
        lock (_gate)
        {
            return _values.GetValueOrDefault(key);
        }
    }

    /// <summary>Keeps a value.</summary>
    /// <param name="key">Name of the geometry.</param>
    /// <param name="value">The value, without its key.</param>
    /// <exception cref="PolymorphException">PM7024: the disk is full.</exception>
    public void Add(string key, JsonObject value)
    {
        value["key"] = key;
        lock (_gate)
        {
            _journal.Append(value);
            _values[key] = value;
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _journal.Dispose();
}
