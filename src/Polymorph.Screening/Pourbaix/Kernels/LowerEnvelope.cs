using System.Numerics;
using System.Runtime.InteropServices;

namespace Polymorph.Screening.Pourbaix.Kernels;

/// <summary>The lowest of several planes at many points: min over i of constant[i] + perX[i] x + perY[i] y.</summary>
internal static class LowerEnvelope
{
    /// <summary>The definition. The other version is tested against this one.</summary>
    /// <param name="planes">Constant and both slopes of each plane.</param>
    /// <param name="x">[points].</param>
    /// <param name="y">[points].</param>
    /// <param name="result">[points], overwritten.</param>
    public static void Reference(ReadOnlySpan<(double Constant, double PerX, double PerY)> planes, ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> result)
    {
        for (int k = 0; k < result.Length; k++)
        {
            double least = double.PositiveInfinity;
            foreach (var (constant, perX, perY) in planes)
            {
                least = Math.Min(least, constant + perX * x[k] + perY * y[k]);
            }

            result[k] = least;
        }
    }

    /// <summary>As many points at a time as a register holds; products are not rounded before they are added.</summary>
    /// <param name="planes">Constant and both slopes of each plane.</param>
    /// <param name="x">[points].</param>
    /// <param name="y">[points].</param>
    /// <param name="result">[points], overwritten.</param>
    public static void Simd(ReadOnlySpan<(double Constant, double PerX, double PerY)> planes, ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> result)
    {
        var xs = MemoryMarshal.Cast<double, Vector<double>>(x);
        var ys = MemoryMarshal.Cast<double, Vector<double>>(y);
        var results = MemoryMarshal.Cast<double, Vector<double>>(result);
        for (int k = 0; k < results.Length; k++)
        {
            Vector<double> least = new(double.PositiveInfinity), atX = xs[k], atY = ys[k];
            foreach (ref readonly var plane in planes)
            {
                least = Vector.Min(least, Vector.FusedMultiplyAdd(new(plane.PerX), atX, Vector.FusedMultiplyAdd(new(plane.PerY), atY, new(plane.Constant))));
            }

            results[k] = least;
        }

        int done = results.Length * Vector<double>.Count;
        Reference(planes, x[done..], y[done..], result[done..]);
    }
}
