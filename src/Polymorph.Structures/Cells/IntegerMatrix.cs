namespace Polymorph.Structures.Cells;

/// <summary>A 3 × 3 matrix of whole numbers by which one cell is made of another: row i holds the new vector i as multiples of the old ones.</summary>
/// <param name="A">First row.</param>
/// <param name="B">Second row.</param>
/// <param name="C">Third row.</param>
public readonly record struct IntegerMatrix((int X, int Y, int Z) A, (int X, int Y, int Z) B, (int X, int Y, int Z) C)
{
    /// <summary>The matrix that changes nothing.</summary>
    public static IntegerMatrix Identity => Diagonal(1, 1, 1);

    /// <summary>By how many times the volume grows; negative when the handedness changes.</summary>
    public long Determinant => Dot(A, Cross(B, C));

    /// <summary>A diagonal matrix.</summary>
    /// <param name="i">First element.</param>
    /// <param name="j">Second element.</param>
    /// <param name="k">Third element.</param>
    public static IntegerMatrix Diagonal(int i, int j, int k) => new((i, 0, 0), (0, j, 0), (0, 0, k));

    /// <summary>The new lattice vectors.</summary>
    /// <param name="a">Old first vector, Å.</param>
    /// <param name="b">Old second vector, Å.</param>
    /// <param name="c">Old third vector, Å.</param>
    public (Vector3D A, Vector3D B, Vector3D C) Apply(Vector3D a, Vector3D b, Vector3D c) => (Combine(A, a, b, c), Combine(B, a, b, c), Combine(C, a, b, c));

    /// <summary>Rows of the inverse, times the determinant: new fractional coordinates are old ones times this matrix, divided by the determinant.</summary>
    public IntegerMatrix Adjugate
    {
        get
        {
            var (p, q, r) = (Cross(B, C), Cross(C, A), Cross(A, B));
            return new(((int)p.X, (int)q.X, (int)r.X), ((int)p.Y, (int)q.Y, (int)r.Y), ((int)p.Z, (int)q.Z, (int)r.Z));
        }
    }

    /// <summary>A row vector times this matrix.</summary>
    /// <param name="f">The row vector.</param>
    public Vector3D LeftMultiply(Vector3D f) => new(
        f.X * A.X + f.Y * B.X + f.Z * C.X,
        f.X * A.Y + f.Y * B.Y + f.Z * C.Y,
        f.X * A.Z + f.Y * B.Z + f.Z * C.Z);

    /// <summary>The rows, as in Python.</summary>
    public override string ToString() => $"[[{A.X}, {A.Y}, {A.Z}], [{B.X}, {B.Y}, {B.Z}], [{C.X}, {C.Y}, {C.Z}]]";

    internal static Vector3D Combine((int X, int Y, int Z) n, Vector3D a, Vector3D b, Vector3D c) => (double)n.X * a + (double)n.Y * b + (double)n.Z * c;

    internal static (long X, long Y, long Z) Cross((int X, int Y, int Z) u, (int X, int Y, int Z) v) =>
        ((long)u.Y * v.Z - (long)u.Z * v.Y, (long)u.Z * v.X - (long)u.X * v.Z, (long)u.X * v.Y - (long)u.Y * v.X);

    internal static long Dot((int X, int Y, int Z) u, (long X, long Y, long Z) v) => u.X * v.X + u.Y * v.Y + u.Z * v.Z;
}
