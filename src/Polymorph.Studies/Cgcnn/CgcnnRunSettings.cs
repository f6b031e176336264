using System.Text.Json;
using System.Text.Json.Serialization;
using Polymorph.Models.Cgcnn;

namespace Polymorph.Studies.Cgcnn;

/// <summary>Everything that fixes the training of a crystal graph network in a run folder.</summary>
public sealed record CgcnnRunSettings
{
    /// <summary>File or folder with the crystals.</summary>
    public string Data { get; init; } = "";

    /// <summary>Property to learn.</summary>
    public string Property { get; init; } = "";

    /// <summary>Its unit; may be empty.</summary>
    public string Unit { get; init; } = "";

    /// <summary>How the property was computed or measured, for what outputs say; may be empty.</summary>
    public string Method { get; init; } = "";

    /// <summary>Form of the networks.</summary>
    public CgcnnOptions Options { get; init; } = new();

    /// <summary>Settings of the training.</summary>
    public CgcnnTraining Training { get; init; } = new();

    /// <summary>Seed of split, weights, order and drops.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Networks of the ensemble.</summary>
    public int Repeats { get; init; } = 1;

    /// <summary>Share of the crystals that chooses the epoch to keep.</summary>
    public double Validation { get; init; } = 0.2;

    /// <summary>Share that is only predicted.</summary>
    public double Test { get; init; } = 0.2;

    internal string Write() => JsonSerializer.Serialize(this, CgcnnRunJson.Default.CgcnnRunSettings);

    internal static CgcnnRunSettings Read(string text) => JsonSerializer.Deserialize(text, CgcnnRunJson.Default.CgcnnRunSettings) ?? throw new JsonException("there are no settings");
}

/// <summary>JSON of the settings, made at compile time.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, UseStringEnumConverter = true, IgnoreReadOnlyProperties = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(CgcnnRunSettings))]
internal sealed partial class CgcnnRunJson : JsonSerializerContext;
