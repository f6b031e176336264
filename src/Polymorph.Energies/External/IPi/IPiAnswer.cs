namespace Polymorph.Energies.External.IPi;

/// <summary>What a client computed, in atomic units and in its own axes.</summary>
/// <param name="Energy">Energy, hartree.</param>
/// <param name="Forces">[3·atoms], hartree/bohr; valid until the next answer.</param>
/// <param name="Virial">[9], −∂E/∂ε, row-major, hartree; valid until the next answer.</param>
/// <param name="Extra">Whatever text the client adds.</param>
internal readonly record struct IPiAnswer(double Energy, double[] Forces, double[] Virial, string Extra);
