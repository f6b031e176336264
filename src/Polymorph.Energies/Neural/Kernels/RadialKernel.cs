using System.Numerics;
using System.Runtime.CompilerServices;
using Polymorph.Representations.Kernels;

namespace Polymorph.Energies.Neural.Kernels;

/// <summary>Radial functions and their slopes for all neighbours of a block, by <see cref="RadialSeries"/>, four functions at a time.</summary>
/// <typeparam name="T">Lanes.</typeparam>
/// <typeparam name="TNumber">Precision.</typeparam>
internal sealed unsafe class RadialKernel<T, TNumber>
    where T : unmanaged, IWide<T, TNumber>
    where TNumber : unmanaged, IBinaryFloatingPointIeee754<TNumber>
{
    private const int Tile = 4;
    private readonly Shell[] _shells;
    private readonly T* _basis;

    public RadialKernel(AlignedArena arena, DescriptorPlan plan)
    {
        Stride = plan.RadialStride;
        _shells = [.. plan.Series.Select(s => new Shell(arena, s, plan.CutoffRadius))];
        _basis = arena.Take<T>(2 * _shells.Max(s => s.Terms));
    }

    /// <summary>Numbers per neighbour.</summary>
    public int Stride { get; }

    /// <summary>Fills the radial functions and slopes of a block.</summary>
    /// <param name="block">Loaded.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Evaluate(CentreBlock<T, TNumber> block)
    {
        T one = T.Broadcast(TNumber.One);
        for (int slot = 0; slot < block.SlotCount; slot++)
        {
            T* radial = block.Radial + slot * Stride, slope = block.Slope + slot * Stride;
            foreach (var shell in _shells)
            {
                T square = T.Min(block.Square[slot] * T.Broadcast(shell.Ratio), one);
                FillBasis(square, shell.Terms);
                for (int tile = 0; tile < shell.Tiles; tile++, radial += Tile, slope += Tile)
                {
                    SumTile(shell.Coefficients + tile * shell.Terms * 2 * Tile, shell.Terms, radial, slope);
                }
            }
        }
    }

    // Entry 2k: (1 − t)² T_k for values; entry 2k + 1: (1 − t) T_k for slopes. The recurrence is linear, so it carries the factor along.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void FillBasis(T square, int terms)
    {
        T one = T.Broadcast(TNumber.One), rest = one - square, s = square - rest, twice = s + s;
        T older = rest, newer = s * rest;
        T* to = _basis, end = to + 2 * terms;
        (to[0], to[1], to[2], to[3]) = (older * rest, older, newer * rest, newer);
        for (to += 4; to < end; to += 2)
        {
            T next = twice * newer - older;
            (to[0], to[1]) = (next * rest, next);
            (older, newer) = (newer, next);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SumTile(TNumber* coefficients, int terms, T* radial, T* slope)
    {
        T v0 = T.Broadcast(TNumber.Zero), v1 = v0, v2 = v0, v3 = v0, d0 = v0, d1 = v0, d2 = v0, d3 = v0;
        T* basis = _basis;
        for (T* end = basis + 2 * terms; basis < end; basis += 2, coefficients += 2 * Tile)
        {
            T value = basis[0], derivative = basis[1];
            v0 = T.MultiplyAdd(T.Broadcast(coefficients[0]), value, v0);
            v1 = T.MultiplyAdd(T.Broadcast(coefficients[1]), value, v1);
            v2 = T.MultiplyAdd(T.Broadcast(coefficients[2]), value, v2);
            v3 = T.MultiplyAdd(T.Broadcast(coefficients[3]), value, v3);
            d0 = T.MultiplyAdd(T.Broadcast(coefficients[4]), derivative, d0);
            d1 = T.MultiplyAdd(T.Broadcast(coefficients[5]), derivative, d1);
            d2 = T.MultiplyAdd(T.Broadcast(coefficients[6]), derivative, d2);
            d3 = T.MultiplyAdd(T.Broadcast(coefficients[7]), derivative, d3);
        }

        (radial[0], radial[1], radial[2], radial[3]) = (v0, v1, v2, v3);
        (slope[0], slope[1], slope[2], slope[3]) = (d0, d1, d2, d3);
    }

    private sealed class Shell
    {
        public Shell(AlignedArena arena, RadialSeries series, double largestCutoff)
        {
            // Half a million times below a function's peak is beyond single precision.
            double tolerance = typeof(TNumber) == typeof(float) ? 3e-8 : 0;
            double ratio = largestCutoff / series.CutoffRadius;
            Ratio = TNumber.CreateTruncating(ratio * ratio);
            Tiles = (series.Functions.Length + Tile - 1) / Tile;
            Terms = Math.Max(2, Enumerable.Range(0, series.Functions.Length).Max(f => Length(series.Value[f], tolerance)));
            Coefficients = arena.Take<TNumber>(Tiles * Terms * 2 * Tile);
            for (int f = 0; f < series.Functions.Length; f++)
            {
                TNumber* to = Coefficients + f / Tile * Terms * 2 * Tile + f % Tile;
                for (int k = 0; k < Math.Min(Terms, series.Value[f].Length); k++)
                {
                    to[k * 2 * Tile] = TNumber.CreateTruncating(series.Value[f][k]);
                    to[k * 2 * Tile + Tile] = TNumber.CreateTruncating(series.Slope[f][k]);
                }
            }
        }

        /// <summary>R² / r_c².</summary>
        public TNumber Ratio { get; }

        public int Terms { get; }

        public int Tiles { get; }

        /// <summary>[tiles × terms × (4 values, 4 slopes)].</summary>
        public TNumber* Coefficients { get; }

        private static int Length(double[] value, double tolerance)
        {
            double largest = value.Max(Math.Abs);
            int length = value.Length;
            while (length > 2 && Math.Abs(value[length - 1]) < tolerance * largest)
            {
                length--;
            }

            return length;
        }
    }
}
