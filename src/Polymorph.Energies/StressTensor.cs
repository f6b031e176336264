using Polymorph.Structures;

namespace Polymorph.Energies;

/// <summary>The symmetric stress σ = (1/V) ∂E/∂ε of a cell under the strain r → r(1 + ε); positive = tensile: the cell wants to shrink. Unit eV/Å³.</summary>
/// <param name="XX">Component xx.</param>
/// <param name="YY">Component yy.</param>
/// <param name="ZZ">Component zz.</param>
/// <param name="YZ">Component yz = zy.</param>
/// <param name="XZ">Component xz = zx.</param>
/// <param name="XY">Component xy = yx.</param>
public readonly record struct StressTensor(double XX, double YY, double ZZ, double YZ, double XZ, double XY)
{
    /// <summary>1 eV/Å³ in GPa (CODATA 2018: the elementary charge in units of 10⁻²¹ C).</summary>
    public const double GPaPerEVPerCubicAngstrom = 160.21766208;

    /// <summary>Minus a third of the trace: positive when the cell wants to expand, eV/Å³.</summary>
    public double Pressure => -(XX + YY + ZZ) / 3;

    /// <summary>True when no component is NaN or infinite.</summary>
    public bool IsFinite => double.IsFinite(XX + YY + ZZ) && double.IsFinite(YZ + XZ + XY);

    /// <summary>The components xx, yy, zz, yz, xz, xy in GPa.</summary>
    public double[] ToGPa() => [.. new[] { XX, YY, ZZ, YZ, XZ, XY }.Select(s => s * GPaPerEVPerCubicAngstrom)];

    /// <summary>Multiple.</summary>
    public static StressTensor operator *(double s, StressTensor t) => new(s * t.XX, s * t.YY, s * t.ZZ, s * t.YZ, s * t.XZ, s * t.XY);

    /// <summary>Sum.</summary>
    public static StressTensor operator +(StressTensor a, StressTensor b) => new(a.XX + b.XX, a.YY + b.YY, a.ZZ + b.ZZ, a.YZ + b.YZ, a.XZ + b.XZ, a.XY + b.XY);

    /// <summary>Symmetric outer product of an offset and the derivative of the energy by it, the pair's share of ∂E/∂ε, eV.</summary>
    /// <param name="offset">v, Å.</param>
    /// <param name="gradient">∂E/∂v, eV/Å.</param>
    public static StressTensor Virial(Vector3D offset, Vector3D gradient) => new(
        offset.X * gradient.X, offset.Y * gradient.Y, offset.Z * gradient.Z,
        0.5 * (offset.Y * gradient.Z + offset.Z * gradient.Y),
        0.5 * (offset.X * gradient.Z + offset.Z * gradient.X),
        0.5 * (offset.X * gradient.Y + offset.Y * gradient.X));
}
