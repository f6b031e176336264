using Polymorph.Foundation;
using Polymorph.Representations.Curves;
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

    /// <summary>Volume fraction: the volume of spheres of the atoms' covalent radii (Cordero et al. 2008) over that of the cell; overlaps count twice, so that it may exceed 1.</summary>
    /// <param name="structure">A structure with a cell.</param>
    /// <exception cref="ArgumentException">There is no cell.</exception>
    public static double VolumeFraction(Structure structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        var lattice = structure.Lattice ?? throw new ArgumentException("only crystals have a volume fraction", nameof(structure));
        return structure.Species.Sum(e => 4 * Math.PI / 3 * e.CovalentRadius * e.CovalentRadius * e.CovalentRadius) / lattice.Volume;
    }

    /// <summary>Mean number of neighbours of an atom nearer than 1.3 times the sum of both covalent radii, all images counted.</summary>
    /// <param name="structure">Any structure.</param>
    /// <returns>NaN where the atoms are far too dense to be counted.</returns>
    public static double MeanCoordination(Structure structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        try
        {
            return BondGeometry.Of(structure).Coordination.Average();
        }
        catch (PolymorphException)
        {
            return double.NaN;
        }
    }

    /// <summary>Number of distinct elements.</summary>
    /// <param name="structure">Any structure.</param>
    public static double ElementCount(Structure structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        return structure.Species.Distinct().Count();
    }
}
