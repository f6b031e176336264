using System.Numerics;

namespace Polymorph.Energies.Neural.Kernels;

/// <summary>A vector of numbers, one per lane, in single or double precision: the same source serves both. Lanes never mix but in <see cref="Sum"/>.</summary>
/// <typeparam name="T">The implementing type.</typeparam>
/// <typeparam name="TNumber">Type of one lane.</typeparam>
internal interface IWide<T, TNumber>
    where T : unmanaged, IWide<T, TNumber>
    where TNumber : unmanaged, IBinaryFloatingPointIeee754<TNumber>
{
    /// <summary>Number of lanes.</summary>
    static abstract int Count { get; }

    /// <summary>Sum.</summary>
    static abstract T operator +(T a, T b);

    /// <summary>Difference.</summary>
    static abstract T operator -(T a, T b);

    /// <summary>Product.</summary>
    static abstract T operator *(T a, T b);

    /// <summary>Quotient.</summary>
    static abstract T operator /(T a, T b);

    /// <summary>The same number in all lanes.</summary>
    static abstract T Broadcast(TNumber value);

    /// <summary>a·b + c, fused where the machine can.</summary>
    static abstract T MultiplyAdd(T a, T b, T c);

    /// <summary>The smaller number.</summary>
    static abstract T Min(T a, T b);

    /// <summary>Exponential function.</summary>
    static abstract T Exp(T a);

    /// <summary>Sum of all lanes, in an order fixed by the width.</summary>
    static abstract TNumber Sum(T a);
}
