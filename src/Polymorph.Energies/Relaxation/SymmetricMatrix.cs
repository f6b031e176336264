using Polymorph.Structures;

namespace Polymorph.Energies.Relaxation;

/// <summary>A symmetric 3 × 3 matrix: a strain (dimensionless) or its exponential.</summary>
/// <param name="XX">Component xx.</param>
/// <param name="YY">Component yy.</param>
/// <param name="ZZ">Component zz.</param>
/// <param name="YZ">Component yz = zy.</param>
/// <param name="XZ">Component xz = zx.</param>
/// <param name="XY">Component xy = yx.</param>
internal readonly record struct SymmetricMatrix(double XX, double YY, double ZZ, double YZ, double XZ, double XY)
{
    private const int SeriesTerms = 14;

    public static SymmetricMatrix Identity => new(1, 1, 1, 0, 0, 0);

    public double Trace => XX + YY + ZZ;

    /// <summary>Largest absolute component.</summary>
    public double Magnitude => Math.Max(Math.Max(Math.Max(Math.Abs(XX), Math.Abs(YY)), Math.Max(Math.Abs(ZZ), Math.Abs(YZ))), Math.Max(Math.Abs(XZ), Math.Abs(XY)));

    public static SymmetricMatrix operator *(double s, SymmetricMatrix a) => new(s * a.XX, s * a.YY, s * a.ZZ, s * a.YZ, s * a.XZ, s * a.XY);

    public static SymmetricMatrix operator +(SymmetricMatrix a, SymmetricMatrix b) =>
        new(a.XX + b.XX, a.YY + b.YY, a.ZZ + b.ZZ, a.YZ + b.YZ, a.XZ + b.XZ, a.XY + b.XY);

    /// <summary>Product with a vector.</summary>
    public static Vector3D operator *(SymmetricMatrix a, Vector3D v) => new(
        a.XX * v.X + a.XY * v.Y + a.XZ * v.Z,
        a.XY * v.X + a.YY * v.Y + a.YZ * v.Z,
        a.XZ * v.X + a.YZ * v.Y + a.ZZ * v.Z);

    /// <summary>The matrix exponential, by its series; determinant exp(trace). Exact to rounding for components below 0.1.</summary>
    public SymmetricMatrix Exponential()
    {
        // Powers of one symmetric matrix commute, so each term is symmetric again.
        var (sum, term) = (Identity, Identity);
        for (int k = 1; k <= SeriesTerms; k++)
        {
            term = 1.0 / k * CommutingProduct(term, this);
            sum += term;
        }

        return sum;
    }

    /// <summary>Product with itself.</summary>
    public SymmetricMatrix Square() => CommutingProduct(this, this);

    private static SymmetricMatrix CommutingProduct(SymmetricMatrix a, SymmetricMatrix b) => new(
        a.XX * b.XX + a.XY * b.XY + a.XZ * b.XZ,
        a.XY * b.XY + a.YY * b.YY + a.YZ * b.YZ,
        a.XZ * b.XZ + a.YZ * b.YZ + a.ZZ * b.ZZ,
        a.XY * b.XZ + a.YY * b.YZ + a.YZ * b.ZZ,
        a.XX * b.XZ + a.XY * b.YZ + a.XZ * b.ZZ,
        a.XX * b.XY + a.XY * b.YY + a.XZ * b.YZ);
}
