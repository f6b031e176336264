using System.Text.Json.Serialization;

namespace Polymorph.Models.CrystalGan;

/// <summary>JSON of the records in a model file, made at compile time.</summary>
[JsonSourceGenerationOptions(UseStringEnumConverter = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(CrystalGanOptions))]
[JsonSerializable(typeof(CrystalGanStatistics))]
internal sealed partial class CrystalGanJson : JsonSerializerContext;
