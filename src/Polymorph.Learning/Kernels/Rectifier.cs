using System.Runtime.CompilerServices;

namespace Polymorph.Learning.Kernels;

/// <summary>Times 1 where the stored activation is greater than 0, else times the slope.</summary>
internal readonly unsafe struct RectifierMask(float* activation, nint stride, float slope) : IEpilogue
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector, TLanes>(TVector sum, nint row, nint column)
        where TVector : struct
        where TLanes : struct, ILanes<TVector> =>
        Rectifier.Mask<TVector, TLanes>(TLanes.Load(activation + row * stride + column), sum, slope);
}

/// <summary>The rectifier's derivative on vectors: the slope at 0, as in common frameworks.</summary>
internal static class Rectifier
{
    /// <summary><paramref name="value"/> where the sign is greater than 0, else slope times it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Mask<TVector, TLanes>(TVector sign, TVector value, float slope)
        where TVector : struct
        where TLanes : struct, ILanes<TVector> =>
        TLanes.WhereNonNegative(TLanes.Subtract(TLanes.Zero, sign), TLanes.Multiply(value, TLanes.Broadcast(slope)), value);
}
