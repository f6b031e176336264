using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Polymorph.Representations.Kernels;

/// <summary>Sixteen lanes: one AVX-512 register.</summary>
internal readonly unsafe struct Lanes16 : ILanes<Lanes16>
{
    private readonly Vector512<float> _v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Lanes16(Vector512<float> v) => _v = v;

    public static int Count => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 operator +(Lanes16 a, Lanes16 b) => new(a._v + b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 operator -(Lanes16 a, Lanes16 b) => new(a._v - b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 operator *(Lanes16 a, Lanes16 b) => new(a._v * b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 operator /(Lanes16 a, Lanes16 b) => new(a._v / b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 Broadcast(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 MultiplyAdd(Lanes16 a, Lanes16 b, Lanes16 c) => new(Vector512.MultiplyAddEstimate(a._v, b._v, c._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 NegateMultiplyAdd(Lanes16 a, Lanes16 b, Lanes16 c) =>
        new(Avx512F.IsSupported ? Avx512F.FusedMultiplyAddNegated(a._v, b._v, c._v) : c._v - a._v * b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 MultiplySubtract(Lanes16 a, Lanes16 b, Lanes16 c) =>
        new(Avx512F.IsSupported ? Avx512F.FusedMultiplySubtract(a._v, b._v, c._v) : a._v * b._v - c._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 Min(Lanes16 a, Lanes16 b) => new(Vector512.MinNative(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 Max(Lanes16 a, Lanes16 b) => new(Vector512.MaxNative(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 Round(Lanes16 a) => new(Vector512.Round(a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 ReciprocalSquareRoot(Lanes16 a) => new(Vector512<float>.One / Vector512.Sqrt(a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 Exp2(Lanes16 a)
    {
        // Adding 1.5·2^23 leaves the nearest integer in the low bits; they become the exponent of the result.
        var magic = Vector512.Create(12582912f);
        var shifted = a._v + magic;
        var f = a._v - (shifted - magic);
        var p = Vector512.MultiplyAddEstimate(f, Vector512.Create(Exp2Polynomial.C6), Vector512.Create(Exp2Polynomial.C5));
        p = Vector512.MultiplyAddEstimate(f, p, Vector512.Create(Exp2Polynomial.C4));
        p = Vector512.MultiplyAddEstimate(f, p, Vector512.Create(Exp2Polynomial.C3));
        p = Vector512.MultiplyAddEstimate(f, p, Vector512.Create(Exp2Polynomial.C2));
        p = Vector512.MultiplyAddEstimate(f, p, Vector512.Create(Exp2Polynomial.C1));
        p = Vector512.MultiplyAddEstimate(f, p, Vector512<float>.One);
        var scaled = Vector512.Add(p.AsInt32(), Vector512.ShiftLeft(shifted.AsInt32(), 23)).AsSingle();
        return new(Vector512.ConditionalSelect(Vector512.Equals(a._v, a._v), scaled, a._v));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 CopySign(Lanes16 a, Lanes16 b) =>
        new(Vector512.ConditionalSelect(Vector512.Create(-0f), b._v, a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 SelectNotLess(Lanes16 a, Lanes16 b, Lanes16 yes, Lanes16 no) =>
        new(Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(a._v, b._v), yes._v, no._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint LessMask(Lanes16 a, Lanes16 b) => (uint)Vector512.LessThan(a._v, b._v).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint NotANumberMask(Lanes16 a) => (uint)(~Vector512.Equals(a._v, a._v)).ExtractMostSignificantBits();

    public static void Transpose(float* source, nint sourceStride, float* target, nint targetStride) =>
        SquareTranspose.Of16(source, sourceStride, target, targetStride);
}
