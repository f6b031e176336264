using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Polymorph.Representations.Kernels;

/// <summary>Eight lanes: one AVX2 register.</summary>
internal readonly unsafe struct Lanes8 : ILanes<Lanes8>
{
    private readonly Vector256<float> _v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Lanes8(Vector256<float> v) => _v = v;

    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 operator +(Lanes8 a, Lanes8 b) => new(a._v + b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 operator -(Lanes8 a, Lanes8 b) => new(a._v - b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 operator *(Lanes8 a, Lanes8 b) => new(a._v * b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 operator /(Lanes8 a, Lanes8 b) => new(a._v / b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 Broadcast(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 MultiplyAdd(Lanes8 a, Lanes8 b, Lanes8 c) => new(Vector256.MultiplyAddEstimate(a._v, b._v, c._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 NegateMultiplyAdd(Lanes8 a, Lanes8 b, Lanes8 c) =>
        new(Fma.IsSupported ? Fma.MultiplyAddNegated(a._v, b._v, c._v) : c._v - a._v * b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 MultiplySubtract(Lanes8 a, Lanes8 b, Lanes8 c) =>
        new(Fma.IsSupported ? Fma.MultiplySubtract(a._v, b._v, c._v) : a._v * b._v - c._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 Min(Lanes8 a, Lanes8 b) => new(Vector256.MinNative(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 Max(Lanes8 a, Lanes8 b) => new(Vector256.MaxNative(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 Round(Lanes8 a) => new(Vector256.Round(a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 ReciprocalSquareRoot(Lanes8 a) => new(Vector256<float>.One / Vector256.Sqrt(a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 Exp2(Lanes8 a)
    {
        // Adding 1.5·2^23 leaves the nearest integer in the low bits; they become the exponent of the result.
        var magic = Vector256.Create(12582912f);
        var shifted = a._v + magic;
        var f = a._v - (shifted - magic);
        var p = Vector256.MultiplyAddEstimate(f, Vector256.Create(Exp2Polynomial.C6), Vector256.Create(Exp2Polynomial.C5));
        p = Vector256.MultiplyAddEstimate(f, p, Vector256.Create(Exp2Polynomial.C4));
        p = Vector256.MultiplyAddEstimate(f, p, Vector256.Create(Exp2Polynomial.C3));
        p = Vector256.MultiplyAddEstimate(f, p, Vector256.Create(Exp2Polynomial.C2));
        p = Vector256.MultiplyAddEstimate(f, p, Vector256.Create(Exp2Polynomial.C1));
        p = Vector256.MultiplyAddEstimate(f, p, Vector256<float>.One);
        var scaled = Vector256.Add(p.AsInt32(), Vector256.ShiftLeft(shifted.AsInt32(), 23)).AsSingle();
        return new(Vector256.ConditionalSelect(Vector256.Equals(a._v, a._v), scaled, a._v));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 CopySign(Lanes8 a, Lanes8 b) =>
        new(Vector256.ConditionalSelect(Vector256.Create(-0f), b._v, a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 SelectNotLess(Lanes8 a, Lanes8 b, Lanes8 yes, Lanes8 no) =>
        new(Vector256.ConditionalSelect(Vector256.GreaterThanOrEqual(a._v, b._v), yes._v, no._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint LessMask(Lanes8 a, Lanes8 b) => (uint)Vector256.LessThan(a._v, b._v).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint NotANumberMask(Lanes8 a) => (uint)(~Vector256.Equals(a._v, a._v)).ExtractMostSignificantBits();

    public static void Transpose(float* source, nint sourceStride, float* target, nint targetStride) =>
        SquareTranspose.Of8(source, sourceStride, target, targetStride);
}
