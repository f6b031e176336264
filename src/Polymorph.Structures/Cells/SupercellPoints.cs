namespace Polymorph.Structures.Cells;

/// <summary>The lattice points inside a supercell.</summary>
internal static class SupercellPoints
{
    /// <summary>Lists them.</summary>
    /// <param name="cell">The supercell in vectors of the lattice.</param>
    /// <param name="points">[|determinant|] overwritten: fractional coordinates in the supercell, in [0, 1); the first is the origin.</param>
    public static void List(in IntegerMatrix cell, Span<Vector3D> points)
    {
        long determinant = Math.Abs(cell.Determinant);
        points[0] = default;
        if (determinant == 1)
        {
            return;
        }

        // Whole numbers modulo the determinant, so that no point is lost or doubled by rounding.
        var adjugate = cell.Adjugate;
        long sign = Math.Sign(cell.Determinant);
        int found = 0;
        for (long i = 0; i < determinant && found < points.Length; i++)
        {
            for (long j = 0; j < determinant && found < points.Length; j++)
            {
                for (long k = 0; k < determinant && found < points.Length; k++)
                {
                    long x = Modulo(i * adjugate.A.X + j * adjugate.B.X + k * adjugate.C.X), y = Modulo(i * adjugate.A.Y + j * adjugate.B.Y + k * adjugate.C.Y), z = Modulo(i * adjugate.A.Z + j * adjugate.B.Z + k * adjugate.C.Z);
                    var point = new Vector3D((double)x / determinant, (double)y / determinant, (double)z / determinant);
                    if (points[..found].IndexOf(point) < 0)
                    {
                        points[found++] = point;
                    }
                }
            }
        }

        long Modulo(long value) => ((sign * value % determinant) + determinant) % determinant;
    }
}
