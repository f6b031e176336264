using Polymorph.Structures;

namespace Polymorph.Selection.Metrics;

/// <summary>Properties of crystals whose distributions are compared.</summary>
public static class CrystalProperties
{
    // Atomic mass constant (CODATA 2018, 1.66053906660e-24 g) per cubic angstrom (1e-24 cm³).
    private const double GramsPerCubicCentimetre = 1.66053906660;

    /// <summary>Density, g/cm³.</summary>
    /// <param name="structure">A structure with a cell.</param>
    /// <exception cref="ArgumentException">There is no cell.</exception>
    public static double Density(Structure structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        var lattice = structure.Lattice ?? throw new ArgumentException("only crystals have a density", nameof(structure));
        return GramsPerCubicCentimetre * structure.Species.Sum(e => e.Mass) / lattice.Volume;
    }

    /// <summary>Number of distinct elements.</summary>
    /// <param name="structure">Any structure.</param>
    public static double ElementCount(Structure structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        return structure.Species.Distinct().Count();
    }
}
