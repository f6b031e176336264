using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Polymorph.Energies.Neural.Kernels;

/// <summary>Eight single-precision numbers: one AVX2 register.</summary>
internal readonly struct WideSingle8 : IWide<WideSingle8, float>
{
    private readonly Vector256<float> _v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private WideSingle8(Vector256<float> v) => _v = v;

    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideSingle8 operator +(WideSingle8 a, WideSingle8 b) => new(a._v + b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideSingle8 operator -(WideSingle8 a, WideSingle8 b) => new(a._v - b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideSingle8 operator *(WideSingle8 a, WideSingle8 b) => new(a._v * b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideSingle8 operator /(WideSingle8 a, WideSingle8 b) => new(a._v / b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideSingle8 Broadcast(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideSingle8 MultiplyAdd(WideSingle8 a, WideSingle8 b, WideSingle8 c) => new(Vector256.MultiplyAddEstimate(a._v, b._v, c._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideSingle8 Min(WideSingle8 a, WideSingle8 b) => new(Vector256.MinNative(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideSingle8 Exp(WideSingle8 a) => new(Vector256.Exp(a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(WideSingle8 a) => Vector256.Sum(a._v);
}
