using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Polymorph.Energies.Neural.Kernels;

/// <summary>Four double-precision numbers: one AVX2 register.</summary>
internal readonly struct WideDouble4 : IWide<WideDouble4, double>
{
    private readonly Vector256<double> _v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private WideDouble4(Vector256<double> v) => _v = v;

    public static int Count => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideDouble4 operator +(WideDouble4 a, WideDouble4 b) => new(a._v + b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideDouble4 operator -(WideDouble4 a, WideDouble4 b) => new(a._v - b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideDouble4 operator *(WideDouble4 a, WideDouble4 b) => new(a._v * b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideDouble4 operator /(WideDouble4 a, WideDouble4 b) => new(a._v / b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideDouble4 Broadcast(double value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideDouble4 MultiplyAdd(WideDouble4 a, WideDouble4 b, WideDouble4 c) => new(Vector256.MultiplyAddEstimate(a._v, b._v, c._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideDouble4 Min(WideDouble4 a, WideDouble4 b) => new(Vector256.MinNative(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideDouble4 Exp(WideDouble4 a) => new(Vector256.Exp(a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(WideDouble4 a) => Vector256.Sum(a._v);
}
