using Polymorph.Structures;

namespace Polymorph.Energies.External.IPi;

/// <summary>Cells and positions as the protocol has them: atomic units, lattice vectors as columns.</summary>
internal static class IPiMessages
{
    /// <summary>The cell and its inverse.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="values">[18], overwritten: the matrix with the lattice vectors as columns, row-major, bohr; its inverse, 1/bohr.</param>
    public static void Cell(Lattice cell, Span<double> values)
    {
        var (ra, rb, rc) = cell.Reciprocal;
        for (int i = 0; i < 3; i++)
        {
            values[3 * i] = cell.A[i] / AtomicUnits.Bohr;
            values[3 * i + 1] = cell.B[i] / AtomicUnits.Bohr;
            values[3 * i + 2] = cell.C[i] / AtomicUnits.Bohr;
            // Reciprocal vectors have the scalar product 1 with their own lattice vector: they are the rows of the inverse.
            values[9 + i] = ra[i] * AtomicUnits.Bohr;
            values[12 + i] = rb[i] * AtomicUnits.Bohr;
            values[15 + i] = rc[i] * AtomicUnits.Bohr;
        }
    }

    /// <summary>The lattice of nine numbers.</summary>
    /// <param name="values">[9]: the matrix with the lattice vectors as columns, row-major, bohr.</param>
    /// <exception cref="ArgumentException">It is no cell.</exception>
    public static Lattice Lattice(ReadOnlySpan<double> values) => new(
        AtomicUnits.Bohr * new Vector3D(values[0], values[3], values[6]),
        AtomicUnits.Bohr * new Vector3D(values[1], values[4], values[7]),
        AtomicUnits.Bohr * new Vector3D(values[2], values[5], values[8]));
}
