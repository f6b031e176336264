using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Polymorph.Energies.Neural.Kernels;

/// <summary>Sixteen single-precision numbers: one AVX-512 register.</summary>
internal readonly struct WideSingle16 : IWide<WideSingle16, float>
{
    private readonly Vector512<float> _v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private WideSingle16(Vector512<float> v) => _v = v;

    public static int Count => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideSingle16 operator +(WideSingle16 a, WideSingle16 b) => new(a._v + b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideSingle16 operator -(WideSingle16 a, WideSingle16 b) => new(a._v - b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideSingle16 operator *(WideSingle16 a, WideSingle16 b) => new(a._v * b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideSingle16 operator /(WideSingle16 a, WideSingle16 b) => new(a._v / b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideSingle16 Broadcast(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideSingle16 MultiplyAdd(WideSingle16 a, WideSingle16 b, WideSingle16 c) => new(Vector512.MultiplyAddEstimate(a._v, b._v, c._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideSingle16 Min(WideSingle16 a, WideSingle16 b) => new(Vector512.MinNative(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideSingle16 Exp(WideSingle16 a) => new(Vector512.Exp(a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(WideSingle16 a) => Vector512.Sum(a._v);
}
