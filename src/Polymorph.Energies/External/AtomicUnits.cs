using Polymorph.Structures;

namespace Polymorph.Energies.External;

/// <summary>Atomic units in which quantum chemistry programs write, CODATA 2018.</summary>
internal static class AtomicUnits
{
    /// <summary>1 bohr in Å.</summary>
    public const double Bohr = 0.529177210903;

    /// <summary>1 hartree in eV.</summary>
    public const double Hartree = 27.211386245988;

    /// <summary>1 hartree/bohr in eV/Å.</summary>
    public const double HartreePerBohr = Hartree / Bohr;

    /// <summary>A length in bohr.</summary>
    /// <param name="angstrom">The length, Å.</param>
    public static Vector3D ToBohr(Vector3D angstrom) => new(angstrom.X / Bohr, angstrom.Y / Bohr, angstrom.Z / Bohr);
}
