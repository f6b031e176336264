using System.Globalization;
using Polymorph.Structures;

namespace Polymorph.Energies.Relaxation;

/// <summary>Tells a geometry that flies apart or falls into itself from one that relaxes.</summary>
/// <param name="start">The geometry it began with, after close pairs were pushed apart.</param>
internal sealed class Runaway(Structure start)
{
    // Two atoms this near, as a share of r_i + r_j, are in a hole of the potential: below half the shortest bond there is.
    private const double Collapse = 0.33;
    private const double VolumeFactor = 4;
    private const double EscapeFactor = 3;
    private const double EscapeLength = 15;

    private readonly double _radius = Radius(start);

    /// <summary>Why this geometry is a runaway, as a clause; null when it is none.</summary>
    public string? Reason(Structure structure)
    {
        if (structure.Periodicity.Any && start.Lattice!.Volume is var volume && structure.Lattice!.Volume / volume is > VolumeFactor or < 1 / VolumeFactor)
        {
            return string.Create(CultureInfo.InvariantCulture, $"the volume went from {volume:f1} to {structure.Lattice.Volume:f1} Å³");
        }

        if (!structure.Periodicity.Any && Radius(structure) is var radius && radius > EscapeFactor * _radius + EscapeLength)
        {
            return string.Create(CultureInfo.InvariantCulture, $"an atom is {radius:f0} Å away from the others");
        }

        return ClosePairs.Nearest(structure, Collapse) is { } pair ? $"{ClosePairs.Text(structure, pair)}: they fell into each other" : null;
    }

    /// <summary>Distance of the farthest atom from the centre, Å.</summary>
    private static double Radius(Structure structure)
    {
        var centre = Vector3D.Zero;
        foreach (var p in structure.Positions)
        {
            centre += 1.0 / structure.AtomCount * p;
        }

        return structure.Positions.Max(p => (p - centre).Length);
    }
}
