using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Polymorph.Representations.Kernels;

namespace Polymorph.Models.Cgcnn.Kernels;

/// <summary>Softplus and sigmoid of sixteen numbers; on narrower machines the runtime splits the vectors.</summary>
internal static class GraphActivations
{
    private const float Half = 0.5f;

    /// <summary>exp(−|x|), at least 2⁻¹²⁰: nothing built on it overflows or cancels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> DecayOf(Vector512<float> x) =>
        VectorFunctions.Exp2(Vector512.MaxNative(Vector512.Abs(x) * Vector512.Create(-VectorFunctions.Log2E), Vector512.Create(-120f)));

    /// <summary>1 / (1 + exp(−x)) with e = <see cref="DecayOf"/> x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sigmoid(Vector512<float> x, Vector512<float> e) =>
        Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(x, Vector512<float>.Zero), Vector512<float>.One, e) / (Vector512<float>.One + e);

    /// <summary>log(1 + exp x) with e = <see cref="DecayOf"/> x; relative error below 5e-7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Softplus(Vector512<float> x, Vector512<float> e)
    {
        // log(1 + e) = 2 artanh s with s = e/(2 + e) ≤ 1/3; artanh(s)/s interpolated in s² at five Chebyshev nodes, relative error 4e-9.
        var s = e / (Vector512.Create(2f) + e);
        var q = s * s;
        var p = Vector512.MultiplyAddEstimate(q, Vector512.Create(0.28157778346417994f), Vector512.Create(0.27965157748937675f));
        p = Vector512.MultiplyAddEstimate(q, p, Vector512.Create(0.4002459523038128f));
        p = Vector512.MultiplyAddEstimate(q, p, Vector512.Create(0.6666632164138633f));
        p = Vector512.MultiplyAddEstimate(q, p, Vector512.Create(2.0000000076817592f));
        return Vector512.MultiplyAddEstimate(s, p, Vector512.MaxNative(x, Vector512<float>.Zero));
    }

    /// <summary>σ(x) from h = softplus(x) ≥ 0: 1 − exp(−h), which for small h is 2 tanh(h/2) / (1 + tanh(h/2)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> SlopeOf(Vector512<float> h)
    {
        // Below 1/16 the difference would cancel; the series to h⁴ is exact to 1e-8 there.
        var plain = Vector512<float>.One - DecayOf(h);
        var p = Vector512.MultiplyAddEstimate(h, Vector512.Create(-1f / 24), Vector512.Create(1f / 6));
        p = Vector512.MultiplyAddEstimate(h, p, Vector512.Create(-Half));
        p = h * Vector512.MultiplyAddEstimate(h, p, Vector512<float>.One);
        return Vector512.ConditionalSelect(Vector512.LessThan(h, Vector512.Create(1f / 16)), p, plain);
    }
}
