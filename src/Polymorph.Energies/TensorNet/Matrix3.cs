using Polymorph.Structures;

namespace Polymorph.Energies.TensorNet;

/// <summary>A 3 × 3 matrix, and its parts I + A + S: isotropic, antisymmetric, symmetric traceless.</summary>
internal readonly record struct Matrix3(double XX, double XY, double XZ, double YX, double YY, double YZ, double ZX, double ZY, double ZZ)
{
    /// <summary>The unit matrix.</summary>
    public static Matrix3 Identity => new(1, 0, 0, 0, 1, 0, 0, 0, 1);

    /// <summary>I = (tr/3) Id.</summary>
    public Matrix3 Isotropic => (XX + YY + ZZ) / 3 * Identity;

    /// <summary>A = (M − Mᵀ)/2.</summary>
    public Matrix3 Antisymmetric => 0.5 * (this - Transpose);

    /// <summary>S = (M + Mᵀ)/2 − I.</summary>
    public Matrix3 Symmetric => 0.5 * (this + Transpose) - Isotropic;

    /// <summary>Mᵀ.</summary>
    public Matrix3 Transpose => new(XX, YX, ZX, XY, YY, ZY, XZ, YZ, ZZ);

    /// <summary>n(M): the sum of the squares of all elements.</summary>
    public double NormSquared => Dot(this);

    /// <summary>The antisymmetric matrix [u]× with [u]× w = u × w.</summary>
    public static Matrix3 CrossProduct(Vector3D u) => new(0, -u.Z, u.Y, u.Z, 0, -u.X, -u.Y, u.X, 0);

    /// <summary>u uᵀ.</summary>
    public static Matrix3 Dyad(Vector3D u) => new(u.X * u.X, u.X * u.Y, u.X * u.Z, u.Y * u.X, u.Y * u.Y, u.Y * u.Z, u.Z * u.X, u.Z * u.Y, u.Z * u.Z);

    /// <summary>Sum.</summary>
    public static Matrix3 operator +(Matrix3 a, Matrix3 b) => new(
        a.XX + b.XX, a.XY + b.XY, a.XZ + b.XZ, a.YX + b.YX, a.YY + b.YY, a.YZ + b.YZ, a.ZX + b.ZX, a.ZY + b.ZY, a.ZZ + b.ZZ);

    /// <summary>Difference.</summary>
    public static Matrix3 operator -(Matrix3 a, Matrix3 b) => a + -1 * b;

    /// <summary>Multiple.</summary>
    public static Matrix3 operator *(double s, Matrix3 a) => new(s * a.XX, s * a.XY, s * a.XZ, s * a.YX, s * a.YY, s * a.YZ, s * a.ZX, s * a.ZY, s * a.ZZ);

    /// <summary>Matrix product.</summary>
    public static Matrix3 operator *(Matrix3 a, Matrix3 b) => new(
        a.XX * b.XX + a.XY * b.YX + a.XZ * b.ZX, a.XX * b.XY + a.XY * b.YY + a.XZ * b.ZY, a.XX * b.XZ + a.XY * b.YZ + a.XZ * b.ZZ,
        a.YX * b.XX + a.YY * b.YX + a.YZ * b.ZX, a.YX * b.XY + a.YY * b.YY + a.YZ * b.ZY, a.YX * b.XZ + a.YY * b.YZ + a.YZ * b.ZZ,
        a.ZX * b.XX + a.ZY * b.YX + a.ZZ * b.ZX, a.ZX * b.XY + a.ZY * b.YY + a.ZZ * b.ZY, a.ZX * b.XZ + a.ZY * b.YZ + a.ZZ * b.ZZ);

    /// <summary>Matrix times column.</summary>
    public static Vector3D operator *(Matrix3 a, Vector3D u) => new(
        a.XX * u.X + a.XY * u.Y + a.XZ * u.Z, a.YX * u.X + a.YY * u.Y + a.YZ * u.Z, a.ZX * u.X + a.ZY * u.Y + a.ZZ * u.Z);

    /// <summary>Σ a_ij b_ij.</summary>
    public double Dot(Matrix3 b) =>
        XX * b.XX + XY * b.XY + XZ * b.XZ + YX * b.YX + YY * b.YY + YZ * b.YZ + ZX * b.ZX + ZY * b.ZY + ZZ * b.ZZ;
}
