using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Polymorph.Representations.Kernels;

namespace Polymorph.Energies.Kernels;

/// <summary>u^Zeta and its derivative for u in (0, 1].</summary>
internal interface IAngularPower
{
    /// <summary>u^Zeta.</summary>
    Vector512<float> Value(Vector512<float> u);

    /// <summary>u^Zeta and Zeta·u^(Zeta − 1).</summary>
    (Vector512<float> Value, Vector512<float> Slope) ValueAndSlope(Vector512<float> u);
}

/// <summary>Zeta = 32 by squaring.</summary>
internal readonly struct PowerOf32 : IAngularPower
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Value(Vector512<float> u)
    {
        u *= u;
        u *= u;
        u *= u;
        u *= u;
        return u * u;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (Vector512<float> Value, Vector512<float> Slope) ValueAndSlope(Vector512<float> u)
    {
        var u2 = u * u;
        var u4 = u2 * u2;
        var u8 = u4 * u4;
        var u16 = u8 * u8;
        return (u16 * u16, Vector512.Create(32f) * u * u2 * (u4 * u8) * u16);
    }
}

/// <summary>Any Zeta by a logarithm.</summary>
internal readonly struct RealPower(float zeta) : IAngularPower
{
    // The 14.1st power of smaller numbers is below 1e-28.
    private const float Smallest = 0.01f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Value(Vector512<float> u)
    {
        var exponent = Vector512.Create(zeta) * VectorFunctions.Log2(Vector512.MaxNative(u, Vector512.Create(Smallest)));
        return VectorFunctions.Exp2(Vector512.MaxNative(exponent, Vector512.Create(-120f)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (Vector512<float> Value, Vector512<float> Slope) ValueAndSlope(Vector512<float> u)
    {
        var value = Value(u);
        return (value, Vector512.Create(zeta) * value / Vector512.MaxNative(u, Vector512.Create(Smallest)));
    }
}
