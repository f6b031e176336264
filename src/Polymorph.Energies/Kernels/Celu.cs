using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Polymorph.Learning.Kernels;
using VectorFunctions = Polymorph.Representations.Kernels.VectorFunctions;

namespace Polymorph.Energies.Kernels;

/// <summary>CELU(x) = x above 0, α (exp(x/α) − 1) below: J. T. Barron, arXiv:1704.07483.</summary>
internal static unsafe class Celu
{
    private const int Lane = 16;

    /// <summary>Applies it in place.</summary>
    /// <param name="x">[rows × count], count a multiple of 16.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="alpha">α.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply(Columns x, int rows, float alpha)
    {
        var scale = Vector512.Create(VectorFunctions.Log2E / alpha);
        for (int row = 0; row < rows; row++)
        {
            float* p = x.Start + row * (nint)x.Stride;
            for (int i = 0; i < x.Count; i += Lane)
            {
                var z = Vector512.Load(p + i);
                var exponent = Vector512.MaxNative(Vector512.MinNative(z, Vector512<float>.Zero) * scale, Vector512.Create(-120f));
                var below = Vector512.MultiplyAddEstimate(VectorFunctions.Exp2(exponent), Vector512.Create(alpha), Vector512.Create(-alpha));
                (Vector512.MaxNative(z, Vector512<float>.Zero) + below).Store(p + i);
            }
        }
    }

    /// <summary>Last layer of one member: the sum over rows of activation·weights, and the seeds weights·CELU′ of the way back.</summary>
    /// <param name="activation">[rows × count].</param>
    /// <param name="weights">[1 × count].</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="alpha">α.</param>
    /// <param name="seed">[rows × count], overwritten.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Output(Columns activation, Columns weights, int rows, float alpha, Columns seed)
    {
        var scale = Vector512.Create(1 / alpha);
        double total = 0;
        for (int row = 0; row < rows; row++)
        {
            float* a = activation.Start + row * (nint)activation.Stride;
            float* d = seed.Start + row * (nint)seed.Stride;
            var sum = Vector512<float>.Zero;
            for (int i = 0; i < activation.Count; i += Lane)
            {
                Vector512<float> value = Vector512.Load(a + i), weight = Vector512.Load(weights.Start + i);
                sum = Vector512.MultiplyAddEstimate(value, weight, sum);
                var slope = Vector512.MinNative(Vector512.MultiplyAddEstimate(value, scale, Vector512<float>.One), Vector512<float>.One);
                (weight * slope).Store(d + i);
            }

            total += Vector512.Sum(sum);
        }

        return total;
    }
}

/// <summary>Backward through CELU: times 1 where the stored activation is positive, else 1 + activation/α, which is exp(x/α).</summary>
internal readonly unsafe struct CeluSlope(float* activation, nint stride, float alpha) : IEpilogue
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector, TLanes>(TVector sum, nint row, nint column)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        var below = TLanes.Max(TLanes.Multiply(TLanes.Load(activation + row * stride + column), TLanes.Broadcast(-1 / alpha)), TLanes.Zero);
        return TLanes.Subtract(sum, TLanes.Multiply(below, sum));
    }
}
