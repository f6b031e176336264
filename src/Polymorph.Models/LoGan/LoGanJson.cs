using System.Text.Json.Serialization;

namespace Polymorph.Models.LoGan;

/// <summary>The cell and atoms of a task as they stand in a model file.</summary>
/// <param name="Species">Element symbols of the finished structure.</param>
/// <param name="Frame">Rows of the frame, 9 numbers, Å.</param>
/// <param name="Lattice">Rows of the lattice, 9 numbers, Å; null for a molecule.</param>
/// <param name="Periodicity">Three flags.</param>
/// <param name="GeneratedAtoms">Atoms the generator makes.</param>
internal sealed record AssemblyRecord(string[] Species, double[] Frame, double[]? Lattice, bool[] Periodicity, int GeneratedAtoms);

/// <summary>JSON of the records in a model file, made at compile time.</summary>
[JsonSourceGenerationOptions(UseStringEnumConverter = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(LoGanOptions))]
[JsonSerializable(typeof(AssemblyRecord))]
internal sealed partial class LoGanJson : JsonSerializerContext;
