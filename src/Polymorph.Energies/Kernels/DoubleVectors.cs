using System.Numerics;
using System.Runtime.InteropServices;

namespace Polymorph.Energies.Kernels;

/// <summary>Double-precision loops over whole arrays.</summary>
internal static class DoubleVectors
{
    /// <summary>Scalar product.</summary>
    /// <param name="a">[n].</param>
    /// <param name="b">[n].</param>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(a.Length, b.Length);
        var wideA = MemoryMarshal.Cast<double, Vector<double>>(a);
        var wideB = MemoryMarshal.Cast<double, Vector<double>>(b);
        // Two chains hide half of the latency.
        Vector<double> even = Vector<double>.Zero, odd = Vector<double>.Zero;
        int v = 0;
        for (; v + 1 < wideA.Length; v += 2)
        {
            even = Vector.MultiplyAddEstimate(wideA[v], wideB[v], even);
            odd = Vector.MultiplyAddEstimate(wideA[v + 1], wideB[v + 1], odd);
        }

        if (v < wideA.Length)
        {
            even = Vector.MultiplyAddEstimate(wideA[v], wideB[v], even);
        }

        double sum = Vector.Sum(even + odd);
        for (int i = wideA.Length * Vector<double>.Count; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    /// <summary>target += factor · source.</summary>
    /// <param name="factor">Factor.</param>
    /// <param name="source">[n].</param>
    /// <param name="target">[n].</param>
    public static void AddMultiple(double factor, ReadOnlySpan<double> source, Span<double> target)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(source.Length, target.Length);
        var wideSource = MemoryMarshal.Cast<double, Vector<double>>(source);
        var wideTarget = MemoryMarshal.Cast<double, Vector<double>>(target);
        var factors = new Vector<double>(factor);
        for (int v = 0; v < wideTarget.Length; v++)
        {
            wideTarget[v] = Vector.MultiplyAddEstimate(factors, wideSource[v], wideTarget[v]);
        }

        for (int i = wideTarget.Length * Vector<double>.Count; i < target.Length; i++)
        {
            target[i] += factor * source[i];
        }
    }
}
