using System.Collections.Immutable;
using Polymorph.Structures;

namespace Polymorph.Energies.External.IPi;

/// <summary>The axes and the cell in which a client sees a structure: those of the structure, turned into a restricted triclinic cell, or a box around a molecule.</summary>
internal sealed class IPiFrame
{
    // Unit vectors of the client's axes in ours, Å.
    private readonly Vector3D _x;
    private readonly Vector3D _y;
    private readonly Vector3D _z;
    private readonly Vector3D _shift;

    private IPiFrame(Lattice cell, Vector3D x, Vector3D y, Vector3D z, Vector3D shift) => (Cell, _x, _y, _z, _shift) = (cell, x, y, z, shift);

    /// <summary>The cell in the client's axes, Å.</summary>
    public Lattice Cell { get; }

    /// <summary>The frame of a structure with a cell.</summary>
    /// <param name="lattice">The cell.</param>
    /// <param name="restricted">Turn it so that a lies along x and b in the xy plane.</param>
    public static IPiFrame OfCell(Lattice lattice, bool restricted)
    {
        if (!restricted)
        {
            return new(lattice, new(1, 0, 0), new(0, 1, 0), new(0, 0, 1), default);
        }

        var x = lattice.A * (1 / lattice.A.Length);
        var normal = lattice.A.Cross(lattice.B);
        var z = normal * (1 / normal.Length);
        var y = z.Cross(x);
        // The components that vanish do so exactly.
        var turned = new Lattice(
            new(lattice.A.Length, 0, 0),
            new(lattice.B.Dot(x), lattice.B.Dot(y), 0),
            new(lattice.C.Dot(x), lattice.C.Dot(y), lattice.C.Dot(z)));
        return new(turned, x, y, z, default);
    }

    /// <summary>A box around a molecule.</summary>
    /// <param name="positions">Its atoms, Å.</param>
    /// <param name="vacuum">Distance from the outermost atoms to the faces, Å.</param>
    public static IPiFrame OfMolecule(ImmutableArray<Vector3D> positions, double vacuum)
    {
        var lowest = new Vector3D(positions.Min(r => r.X), positions.Min(r => r.Y), positions.Min(r => r.Z));
        var size = new Vector3D(positions.Max(r => r.X), positions.Max(r => r.Y), positions.Max(r => r.Z)) - lowest;
        double gap = 2 * vacuum;
        var box = new Lattice(new(size.X + gap, 0, 0), new(0, size.Y + gap, 0), new(0, 0, size.Z + gap));
        return new(box, new(1, 0, 0), new(0, 1, 0), new(0, 0, 1), new Vector3D(vacuum, vacuum, vacuum) - lowest);
    }

    /// <summary>A position in the client's axes.</summary>
    /// <param name="r">The position, Å.</param>
    public Vector3D ToClient(Vector3D r)
    {
        var moved = r + _shift;
        return new(moved.Dot(_x), moved.Dot(_y), moved.Dot(_z));
    }

    /// <summary>A force in our axes.</summary>
    /// <param name="f">The force in the client's.</param>
    public Vector3D FromClient(Vector3D f) => f.X * _x + f.Y * _y + f.Z * _z;

    /// <summary>Stress in our axes, σ = −W/V.</summary>
    /// <param name="virial">W = −∂E/∂ε, [9], row-major, eV, in the client's axes.</param>
    public StressTensor Stress(ReadOnlySpan<double> virial)
    {
        // Columns of the turned tensor: W e for the three axes, then its components.
        var rows = new Vector3D[3];
        for (int i = 0; i < 3; i++)
        {
            rows[i] = FromClient(new(virial[3 * i], virial[3 * i + 1], virial[3 * i + 2]));
        }

        double Component(int i, int j) => _x[i] * rows[0][j] + _y[i] * rows[1][j] + _z[i] * rows[2][j];
        return -1 / Cell.Volume * new StressTensor(
            Component(0, 0), Component(1, 1), Component(2, 2),
            (Component(1, 2) + Component(2, 1)) / 2, (Component(0, 2) + Component(2, 0)) / 2, (Component(0, 1) + Component(1, 0)) / 2);
    }

    /// <summary>True when every atom keeps a distance from the faces of the box.</summary>
    /// <param name="positions">Atoms, Å.</param>
    /// <param name="margin">The distance, Å.</param>
    public bool Holds(ImmutableArray<Vector3D> positions, double margin) => positions.Select(ToClient).All(r =>
        Math.Min(r.X, Math.Min(r.Y, r.Z)) >= margin && r.X <= Cell.A.X - margin && r.Y <= Cell.B.Y - margin && r.Z <= Cell.C.Z - margin);

    /// <summary>The structure as the client sees it.</summary>
    /// <param name="structure">The structure.</param>
    public Structure Of(Structure structure) =>
        new(structure.Species, [.. structure.Positions.Select(ToClient)], Cell, structure.Periodicity, structure.Id);
}
