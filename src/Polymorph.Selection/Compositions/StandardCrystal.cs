using System.Collections.Immutable;
using Polymorph.Structures;
using Polymorph.Structures.Cells;

namespace Polymorph.Selection.Compositions;

/// <summary>A crystal in its Niggli cell, a along x and b in the xy plane, every atom inside.</summary>
public static class StandardCrystal
{
    /// <summary>The same crystal in standard form.</summary>
    /// <param name="crystal">A crystal.</param>
    public static Structure Of(Structure crystal)
    {
        ArgumentNullException.ThrowIfNull(crystal);
        var niggli = CellReduction.Niggli(crystal.Lattice!);
        var cell = Lattice.FromParameters(niggli.Lengths, niggli.Angles);
        ImmutableArray<Vector3D> positions = [.. crystal.Positions.Select(p => cell.ToCartesian(Wrapped(niggli.ToFractional(p))))];
        return new Structure(crystal.Species, positions, cell, Periodicity.Full, crystal.Id, crystal.Properties);
    }

    private static Vector3D Wrapped(Vector3D f) => new(Wrapped(f.X), Wrapped(f.Y), Wrapped(f.Z));

    // A tiny negative number gives exactly 1.
    private static double Wrapped(double f) => f - Math.Floor(f) is var wrapped && wrapped < 1 ? wrapped : 0;
}
