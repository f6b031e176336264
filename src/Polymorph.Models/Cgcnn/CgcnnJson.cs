using System.Text.Json.Serialization;

namespace Polymorph.Models.Cgcnn;

/// <summary>JSON of the records in a model file, made at compile time.</summary>
[JsonSourceGenerationOptions(UseStringEnumConverter = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(CgcnnOptions))]
[JsonSerializable(typeof(CgcnnTraining))]
internal sealed partial class CgcnnJson : JsonSerializerContext;
