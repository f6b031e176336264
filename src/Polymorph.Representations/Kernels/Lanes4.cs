using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Polymorph.Representations.Kernels;

/// <summary>Four lanes: portable; SSE or NEON where present.</summary>
internal readonly unsafe struct Lanes4 : ILanes<Lanes4>
{
    private readonly Vector128<float> _v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Lanes4(Vector128<float> v) => _v = v;

    public static int Count => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 operator +(Lanes4 a, Lanes4 b) => new(a._v + b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 operator -(Lanes4 a, Lanes4 b) => new(a._v - b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 operator *(Lanes4 a, Lanes4 b) => new(a._v * b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 operator /(Lanes4 a, Lanes4 b) => new(a._v / b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 Broadcast(float value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 MultiplyAdd(Lanes4 a, Lanes4 b, Lanes4 c) => new(Vector128.MultiplyAddEstimate(a._v, b._v, c._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 NegateMultiplyAdd(Lanes4 a, Lanes4 b, Lanes4 c) =>
        new(Fma.IsSupported ? Fma.MultiplyAddNegated(a._v, b._v, c._v) : c._v - a._v * b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 MultiplySubtract(Lanes4 a, Lanes4 b, Lanes4 c) =>
        new(Fma.IsSupported ? Fma.MultiplySubtract(a._v, b._v, c._v) : a._v * b._v - c._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 Min(Lanes4 a, Lanes4 b) => new(Vector128.MinNative(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 Max(Lanes4 a, Lanes4 b) => new(Vector128.MaxNative(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 Round(Lanes4 a) => new(Vector128.Round(a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 ReciprocalSquareRoot(Lanes4 a) => new(Vector128<float>.One / Vector128.Sqrt(a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 Exp2(Lanes4 a)
    {
        // Adding 1.5·2^23 leaves the nearest integer in the low bits; they become the exponent of the result.
        var magic = Vector128.Create(12582912f);
        var shifted = a._v + magic;
        var f = a._v - (shifted - magic);
        var p = Vector128.MultiplyAddEstimate(f, Vector128.Create(Exp2Polynomial.C6), Vector128.Create(Exp2Polynomial.C5));
        p = Vector128.MultiplyAddEstimate(f, p, Vector128.Create(Exp2Polynomial.C4));
        p = Vector128.MultiplyAddEstimate(f, p, Vector128.Create(Exp2Polynomial.C3));
        p = Vector128.MultiplyAddEstimate(f, p, Vector128.Create(Exp2Polynomial.C2));
        p = Vector128.MultiplyAddEstimate(f, p, Vector128.Create(Exp2Polynomial.C1));
        p = Vector128.MultiplyAddEstimate(f, p, Vector128<float>.One);
        var scaled = Vector128.Add(p.AsInt32(), Vector128.ShiftLeft(shifted.AsInt32(), 23)).AsSingle();
        return new(Vector128.ConditionalSelect(Vector128.Equals(a._v, a._v), scaled, a._v));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 CopySign(Lanes4 a, Lanes4 b) =>
        new(Vector128.ConditionalSelect(Vector128.Create(-0f), b._v, a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 SelectNotLess(Lanes4 a, Lanes4 b, Lanes4 yes, Lanes4 no) =>
        new(Vector128.ConditionalSelect(Vector128.GreaterThanOrEqual(a._v, b._v), yes._v, no._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint LessMask(Lanes4 a, Lanes4 b) => (uint)Vector128.LessThan(a._v, b._v).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint NotANumberMask(Lanes4 a) => (uint)(~Vector128.Equals(a._v, a._v)).ExtractMostSignificantBits();

    public static void Transpose(float* source, nint sourceStride, float* target, nint targetStride) =>
        SquareTranspose.Of4(source, sourceStride, target, targetStride);
}
