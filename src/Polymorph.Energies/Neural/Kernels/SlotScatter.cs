using System.Numerics;
using System.Runtime.CompilerServices;

namespace Polymorph.Energies.Neural.Kernels;

/// <summary>Adds gradients by neighbours' offsets to the neighbours and takes them from the centres, and sums the virial.</summary>
/// <typeparam name="T">Lanes.</typeparam>
/// <typeparam name="TNumber">Precision.</typeparam>
internal unsafe ref struct SlotScatter<T, TNumber>
    where T : unmanaged, IWide<T, TNumber>
    where TNumber : unmanaged, IBinaryFloatingPointIeee754<TNumber>
{
    private readonly CentreBlock<T, TNumber> _block;
    private readonly TNumber* _gradient;
    private T _x;
    private T _y;
    private T _z;
    private T _xx;
    private T _yy;
    private T _zz;
    private T _yz;
    private T _xz;
    private T _xy;

    /// <summary>Begins with a block.</summary>
    /// <param name="block">The block.</param>
    /// <param name="gradient">[1 + atoms, × 3]; added to. Row 0 takes what belongs to no atom.</param>
    public SlotScatter(CentreBlock<T, TNumber> block, TNumber* gradient)
    {
        (_block, _x) = (block, T.Broadcast(TNumber.Zero));
        _gradient = gradient;
        (_y, _z, _xx, _yy, _zz, _yz, _xz, _xy) = (_x, _x, _x, _x, _x, _x, _x, _x);
    }

    /// <summary>Adds one slot.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="gx">Gradient by its offset.</param>
    /// <param name="gy">Gradient.</param>
    /// <param name="gz">Gradient.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(int slot, T gx, T gy, T gz)
    {
        T x = _block.X[slot], y = _block.Y[slot], z = _block.Z[slot];
        (_xx, _yy, _zz) = (T.MultiplyAdd(x, gx, _xx), T.MultiplyAdd(y, gy, _yy), T.MultiplyAdd(z, gz, _zz));
        (_yz, _xz, _xy) = (T.MultiplyAdd(y, gz, _yz), T.MultiplyAdd(x, gz, _xz), T.MultiplyAdd(x, gy, _xy));
        (_x, _y, _z) = (_x + gx, _y + gy, _z + gz);
        int* to = _block.Neighbour + slot * T.Count;
        T* g = stackalloc T[3];
        (g[0], g[1], g[2]) = (gx, gy, gz);
        for (int lane = 0; lane < T.Count; lane++)
        {
            Add(_gradient + 3 * (nint)to[lane], (TNumber*)g + lane);
        }
    }

    /// <summary>The centres' own share, and the virial.</summary>
    /// <param name="virial">xx, yy, zz, yz, xz, xy; added to.</param>
    public readonly void Finish(double* virial)
    {
        T zero = T.Broadcast(TNumber.Zero);
        T* g = stackalloc T[3];
        (g[0], g[1], g[2]) = (zero - _x, zero - _y, zero - _z);
        for (int lane = 0; lane < T.Count; lane++)
        {
            Add(_gradient + 3 * (nint)_block.Centre[lane], (TNumber*)g + lane);
        }

        virial[0] += double.CreateTruncating(T.Sum(_xx));
        virial[1] += double.CreateTruncating(T.Sum(_yy));
        virial[2] += double.CreateTruncating(T.Sum(_zz));
        virial[3] += double.CreateTruncating(T.Sum(_yz));
        virial[4] += double.CreateTruncating(T.Sum(_xz));
        virial[5] += double.CreateTruncating(T.Sum(_xy));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(TNumber* to, TNumber* from)
    {
        to[0] += from[0];
        to[1] += from[T.Count];
        to[2] += from[2 * T.Count];
    }
}

/// <summary>Relative displacements of neighbours and centres.</summary>
/// <typeparam name="T">Lanes.</typeparam>
/// <typeparam name="TNumber">Precision.</typeparam>
internal readonly unsafe ref struct SlotGather<T, TNumber>
    where T : unmanaged, IWide<T, TNumber>
    where TNumber : unmanaged, IBinaryFloatingPointIeee754<TNumber>
{
    private readonly CentreBlock<T, TNumber> _block;
    private readonly TNumber* _displacement;
    private readonly T _x;
    private readonly T _y;
    private readonly T _z;

    /// <summary>Begins with a block.</summary>
    /// <param name="block">The block.</param>
    /// <param name="displacement">[1 + atoms, × 3]; row 0 is zero.</param>
    public SlotGather(CentreBlock<T, TNumber> block, TNumber* displacement)
    {
        _block = block;
        _displacement = displacement;
        T* own = stackalloc T[3];
        for (int lane = 0; lane < T.Count; lane++)
        {
            Copy(displacement + 3 * (nint)block.Centre[lane], (TNumber*)own + lane);
        }

        (_x, _y, _z) = (own[0], own[1], own[2]);
    }

    /// <summary>Displacement of the neighbours minus that of the centres.</summary>
    /// <param name="slot">The slot.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public (T X, T Y, T Z) Of(int slot)
    {
        T* moved = stackalloc T[3];
        int* from = _block.Neighbour + slot * T.Count;
        for (int lane = 0; lane < T.Count; lane++)
        {
            Copy(_displacement + 3 * (nint)from[lane], (TNumber*)moved + lane);
        }

        return (moved[0] - _x, moved[1] - _y, moved[2] - _z);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(TNumber* from, TNumber* to)
    {
        to[0] = from[0];
        to[T.Count] = from[1];
        to[2 * T.Count] = from[2];
    }
}
