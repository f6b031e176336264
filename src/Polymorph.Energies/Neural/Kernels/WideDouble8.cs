using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Polymorph.Energies.Neural.Kernels;

/// <summary>Eight double-precision numbers: one AVX-512 register.</summary>
internal readonly struct WideDouble8 : IWide<WideDouble8, double>
{
    private readonly Vector512<double> _v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private WideDouble8(Vector512<double> v) => _v = v;

    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideDouble8 operator +(WideDouble8 a, WideDouble8 b) => new(a._v + b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideDouble8 operator -(WideDouble8 a, WideDouble8 b) => new(a._v - b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideDouble8 operator *(WideDouble8 a, WideDouble8 b) => new(a._v * b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideDouble8 operator /(WideDouble8 a, WideDouble8 b) => new(a._v / b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideDouble8 Broadcast(double value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideDouble8 MultiplyAdd(WideDouble8 a, WideDouble8 b, WideDouble8 c) => new(Vector512.MultiplyAddEstimate(a._v, b._v, c._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideDouble8 Min(WideDouble8 a, WideDouble8 b) => new(Vector512.MinNative(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideDouble8 Exp(WideDouble8 a) => new(Vector512.Exp(a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(WideDouble8 a) => Vector512.Sum(a._v);
}
