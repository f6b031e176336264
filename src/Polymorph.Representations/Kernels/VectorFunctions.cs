using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Polymorph.Representations.Kernels;

/// <summary>Elementary functions of sixteen numbers; on narrower machines the runtime splits the vectors.</summary>
internal static class VectorFunctions
{
    /// <summary>1 / ln 2.</summary>
    public const float Log2E = 1.44269504f;

    /// <summary>2^a for a in [−126, 127]; relative error below 2e-7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp2(Vector512<float> a)
    {
        // Adding 1.5·2^23 leaves the nearest integer in the low bits; they become the exponent of the result.
        var magic = Vector512.Create(12582912f);
        var shifted = a + magic;
        var f = a - (shifted - magic);
        var p = Vector512.MultiplyAddEstimate(f, Vector512.Create(Exp2Polynomial.C6), Vector512.Create(Exp2Polynomial.C5));
        p = Vector512.MultiplyAddEstimate(f, p, Vector512.Create(Exp2Polynomial.C4));
        p = Vector512.MultiplyAddEstimate(f, p, Vector512.Create(Exp2Polynomial.C3));
        p = Vector512.MultiplyAddEstimate(f, p, Vector512.Create(Exp2Polynomial.C2));
        p = Vector512.MultiplyAddEstimate(f, p, Vector512.Create(Exp2Polynomial.C1));
        p = Vector512.MultiplyAddEstimate(f, p, Vector512<float>.One);
        return (p.AsInt32() + Vector512.ShiftLeft(shifted.AsInt32(), 23)).AsSingle();
    }

    /// <summary>Logarithm to base 2 of positive normal numbers; absolute error below 2e-7·max(1, |result|).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Log2(Vector512<float> a)
    {
        // a = 2^e m with m between √½ and √2; log m = 2 artanh s with s = (m − 1)/(m + 1), |s| < 0.172: five terms leave 2e-9.
        var bits = a.AsInt32();
        var e = Vector512.ShiftRightArithmetic(bits - Vector512.Create(0x3F3504F3), 23);
        var m = (bits - Vector512.ShiftLeft(e, 23)).AsSingle();
        var s = (m - Vector512<float>.One) / (m + Vector512<float>.One);
        var square = s * s;
        const float factor = 2.88539008f; // 2 / ln 2
        var p = Vector512.MultiplyAddEstimate(square, Vector512.Create(factor / 9), Vector512.Create(factor / 7));
        p = Vector512.MultiplyAddEstimate(square, p, Vector512.Create(factor / 5));
        p = Vector512.MultiplyAddEstimate(square, p, Vector512.Create(factor / 3));
        p = Vector512.MultiplyAddEstimate(square, p, Vector512.Create(factor));
        return Vector512.MultiplyAddEstimate(s, p, Vector512.ConvertToSingle(e));
    }

    /// <summary>exp(−η d²), at least 2⁻¹²⁰.</summary>
    /// <param name="d">d.</param>
    /// <param name="exponent">−η log2(e).</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Gaussian(Vector512<float> d, Vector512<float> exponent) =>
        Exp2(Vector512.MaxNative(exponent * d * d, Vector512.Create(-120f)));

    /// <summary>The sums of the lanes of four vectors; together they take a third of the steps of one after the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Sums(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d)
    {
        if (!Avx.IsSupported)
        {
            return Vector128.Create(Vector512.Sum(a), Vector512.Sum(b), Vector512.Sum(c), Vector512.Sum(d));
        }

        var ab = Avx.HorizontalAdd(a.GetLower() + a.GetUpper(), b.GetLower() + b.GetUpper());
        var cd = Avx.HorizontalAdd(c.GetLower() + c.GetUpper(), d.GetLower() + d.GetUpper());
        var pairs = Avx.HorizontalAdd(ab, cd);
        return pairs.GetLower() + pairs.GetUpper();
    }
}
