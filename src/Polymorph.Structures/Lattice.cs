namespace Polymorph.Structures;

/// <summary>Three lattice vectors, the rows of a right-handed matrix; Å.</summary>
public sealed class Lattice : IEquatable<Lattice>
{
    /// <summary>A cell whose volume is a smaller share of the product of its lengths is taken for flat.</summary>
    internal const double SmallestRelativeVolume = 1e-9;

    private readonly Vector3D _reciprocalA;
    private readonly Vector3D _reciprocalB;
    private readonly Vector3D _reciprocalC;

    /// <summary>The lattice with these rows.</summary>
    /// <param name="a">First lattice vector, Å.</param>
    /// <param name="b">Second lattice vector, Å.</param>
    /// <param name="c">Third lattice vector, Å.</param>
    /// <exception cref="ArgumentException">A component is not finite, the vectors are linearly dependent, or they are left-handed.</exception>
    public Lattice(Vector3D a, Vector3D b, Vector3D c)
    {
        (A, B, C) = (a, b, c);
        if (!a.IsFinite || !b.IsFinite || !c.IsFinite)
        {
            throw new ArgumentException("a lattice vector has a component that is not a finite number");
        }

        Volume = a.Dot(b.Cross(c));
        double scale = a.Length * b.Length * c.Length;
        if (!(Math.Abs(Volume) > SmallestRelativeVolume * scale))
        {
            throw new ArgumentException("the lattice vectors are linearly dependent: the cell has no volume");
        }

        if (Volume < 0)
        {
            throw new ArgumentException("the lattice vectors are left-handed (negative determinant): exchange two of them");
        }

        _reciprocalA = b.Cross(c) * (1 / Volume);
        _reciprocalB = c.Cross(a) * (1 / Volume);
        _reciprocalC = a.Cross(b) * (1 / Volume);
    }

    /// <summary>First lattice vector, Å.</summary>
    public Vector3D A { get; }

    /// <summary>Second lattice vector, Å.</summary>
    public Vector3D B { get; }

    /// <summary>Third lattice vector, Å.</summary>
    public Vector3D C { get; }

    /// <summary>Lengths of the three vectors, Å.</summary>
    public Vector3D Lengths => new(A.Length, B.Length, C.Length);

    /// <summary>Angles alpha (b, c), beta (a, c), gamma (a, b); radian.</summary>
    public Vector3D Angles => new(Angle(B, C), Angle(A, C), Angle(A, B));

    /// <summary>Volume, Å³; positive.</summary>
    public double Volume { get; }

    /// <summary>Distances between opposite faces, Å: the spacing of the lattice planes along each axis.</summary>
    public Vector3D FaceDistances => new(1 / _reciprocalA.Length, 1 / _reciprocalB.Length, 1 / _reciprocalC.Length);

    /// <summary>Reciprocal lattice vectors without the factor 2π, Å⁻¹: row i has scalar product 1 with lattice vector i and 0 with the others.</summary>
    public (Vector3D A, Vector3D B, Vector3D C) Reciprocal => (_reciprocalA, _reciprocalB, _reciprocalC);

    /// <summary>Lattice vector 0, 1 or 2, Å.</summary>
    /// <param name="row">0, 1 or 2.</param>
    public Vector3D this[int row] => row switch { 0 => A, 1 => B, 2 => C, _ => throw new ArgumentOutOfRangeException(nameof(row)) };

    /// <summary>The lattice with given lengths and angles; a along x, b in the xy plane.</summary>
    /// <param name="lengths">Lengths of a, b, c; Å, positive.</param>
    /// <param name="angles">Angles alpha, beta, gamma; radian.</param>
    /// <exception cref="ArgumentException">No cell has these lengths and angles.</exception>
    public static Lattice FromParameters(Vector3D lengths, Vector3D angles)
    {
        double cosAlpha = Cosine(angles.X), cosBeta = Cosine(angles.Y), cosGamma = Cosine(angles.Z), sinGamma = Math.Sin(angles.Z);
        double cy = (cosAlpha - cosBeta * cosGamma) / sinGamma;
        double cz2 = 1 - cosBeta * cosBeta - cy * cy;
        if (!(lengths.X > 0 && lengths.Y > 0 && lengths.Z > 0) || !(cz2 > 0))
        {
            throw new ArgumentException("no cell has these lengths and angles");
        }

        return new Lattice(
            new Vector3D(lengths.X, 0, 0),
            lengths.Y * new Vector3D(cosGamma, sinGamma, 0),
            lengths.Z * new Vector3D(cosBeta, cy, Math.Sqrt(cz2)));
    }

    /// <summary>The cubic lattice.</summary>
    /// <param name="length">Edge, Å.</param>
    public static Lattice Cubic(double length) => new(new(length, 0, 0), new(0, length, 0), new(0, 0, length));

    /// <summary>Cartesian position of a fractional one, Å.</summary>
    /// <param name="f">Fractional coordinates.</param>
    public Vector3D ToCartesian(Vector3D f) => f.X * A + f.Y * B + f.Z * C;

    /// <summary>Fractional coordinates of a Cartesian position.</summary>
    /// <param name="r">Cartesian position, Å.</param>
    public Vector3D ToFractional(Vector3D r) => new(r.Dot(_reciprocalA), r.Dot(_reciprocalB), r.Dot(_reciprocalC));

    /// <summary>The lattice of a supercell.</summary>
    /// <param name="i">Repetitions along a.</param>
    /// <param name="j">Repetitions along b.</param>
    /// <param name="k">Repetitions along c.</param>
    public Lattice Repeat(int i, int j, int k) => new(i * A, j * B, k * C);

    /// <inheritdoc/>
    public bool Equals(Lattice? other) => other is not null && A == other.A && B == other.B && C == other.C;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Lattice);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(A, B, C);

    // Right angles are written as 90 in files; their cosine must be exactly 0, not 6e-17.
    private static double Cosine(double angle) => angle == Math.PI / 2 ? 0 : Math.Cos(angle);

    private static double Angle(Vector3D u, Vector3D v) => Math.Atan2(u.Cross(v).Length, u.Dot(v));
}
