using System.Runtime.CompilerServices;

namespace Polymorph.Learning.Kernels;

/// <summary>What is done to a finished piece of a product before it is stored.</summary>
internal interface IEpilogue
{
    /// <summary>The value to store at this row and these columns.</summary>
    TVector Apply<TVector, TLanes>(TVector sum, nint row, nint column)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>;
}

/// <summary>The plain product.</summary>
internal readonly struct Plain : IEpilogue
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector, TLanes>(TVector sum, nint row, nint column)
        where TVector : struct
        where TLanes : struct, ILanes<TVector> => sum;
}

/// <summary>An output layer: plus the bias.</summary>
internal readonly unsafe struct Bias(float* bias) : IEpilogue
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector, TLanes>(TVector sum, nint row, nint column)
        where TVector : struct
        where TLanes : struct, ILanes<TVector> => TLanes.Add(sum, TLanes.Load(bias + column));
}

/// <summary>A hidden layer: leaky(sum + bias), slope in [0, 1); 0 is the plain rectifier.</summary>
internal readonly unsafe struct BiasLeaky(float* bias, float slope) : IEpilogue
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector, TLanes>(TVector sum, nint row, nint column)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        var z = TLanes.Add(sum, TLanes.Load(bias + column));
        return TLanes.Max(z, TLanes.Multiply(z, TLanes.Broadcast(slope)));
    }
}

/// <summary>Backward or tangent through the activation: times 1 or the slope, by the sign of the stored activation, which is the sign of z.</summary>
internal readonly unsafe struct LeakyMask(float* activation, nint stride, float slope) : IEpilogue
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector, TLanes>(TVector sum, nint row, nint column)
        where TVector : struct
        where TLanes : struct, ILanes<TVector> =>
        TLanes.WhereNonNegative(TLanes.Load(activation + row * stride + column), sum, TLanes.Multiply(sum, TLanes.Broadcast(slope)));
}
