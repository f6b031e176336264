using System.Collections.Immutable;
using Polymorph.Structures;

namespace Polymorph.Energies.Neural.Training;

/// <summary>A structure with the energy and forces of some method.</summary>
/// <param name="Structure">The structure.</param>
/// <param name="EnergyEV">Its total energy, eV.</param>
/// <param name="Forces">Forces, [atoms], eV/Å.</param>
/// <param name="Kind">What it is, for tables of errors; may be empty.</param>
public sealed record LabelledStructure(Structure Structure, double EnergyEV, ImmutableArray<Vector3D> Forces, string Kind = "");
