using Polymorph.Structures;

namespace Polymorph.Energies.Relaxation;

/// <summary>A geometry with what the engine says about it, in the variables of a <see cref="RelaxationSpace"/>.</summary>
/// <param name="Structure">The geometry.</param>
/// <param name="Evaluation">A successful evaluation.</param>
/// <param name="Objective">What is minimised: energy plus pressure times volume, eV.</param>
/// <param name="Gradient">Its derivative by the variables, [variables], eV/Å.</param>
/// <param name="MaximumForce">Longest force on a free atom, eV/Å.</param>
/// <param name="MaximumStressGPa">Largest free component of stress plus pressure, GPa; 0 with a fixed cell.</param>
internal sealed record RelaxationPoint(
    Structure Structure, Evaluation Evaluation, double Objective, double[] Gradient, double MaximumForce, double MaximumStressGPa);
