using System.Runtime.CompilerServices;
using Polymorph.Representations.LocalDescriptors;

namespace Polymorph.Representations.Kernels;

/// <summary>Bessel radial functions by <see cref="BesselSeries"/>, five functions at a time so that every Chebyshev polynomial is loaded once for five products.</summary>
/// <typeparam name="T">Lanes.</typeparam>
internal sealed unsafe class BesselLanes<T> : IRadialLanes<T>
    where T : unmanaged, ILanes<T>
{
    private const int Tile = 5;
    private readonly float* _values;
    private readonly float* _slopes;
    private readonly int[] _lengths;
    private readonly T* _basis;
    private readonly int _longest;

    public BesselLanes(AlignedArena arena, PowerSpectrumOptions options)
    {
        var series = BesselSeries.Fit(options.MaximumOrder, options.CutoffRadius);
        // Functions of like length share a tile, so that little is spent on leading zeros.
        int[] order = [.. Enumerable.Range(0, series.Length).OrderBy(f => series[f].Value.Length)];
        int tiles = (series.Length + Tile - 1) / Tile;
        _lengths = [.. Enumerable.Range(0, tiles).Select(i => series[order[Math.Min(series.Length, (i + 1) * Tile) - 1]].Value.Length)];
        Stride = tiles * Tile;
        Position = [.. Enumerable.Range(0, series.Length).Select(f => Array.IndexOf(order, f))];
        _values = Interleave(arena, order, f => series[f].Value);
        _slopes = Interleave(arena, order, f => series[f].Slope);
        _longest = _lengths[^1];
        _basis = arena.Take<T>(2 * _longest);
    }

    public int Stride { get; }

    public int[] Position { get; }

    public bool OnUnitVectors => false;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Values(T* square, int count, T* result)
    {
        T one = T.Broadcast(1);
        int i = 0;
        for (; i + 1 < count; i += 2, result += 2 * Stride)
        {
            FillBasisOfTwo(square[i], square[i + 1]);
            SumTwo(_values, result, result + Stride);
        }

        if (i < count)
        {
            T rest = one - square[i];
            FillBasis(rest * rest, square[i]);
            SumOne(_values, result);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Slopes(T square, T* result)
    {
        FillBasis(T.Broadcast(1) - square, square);
        SumOne(_slopes, result);
    }

    // The recurrence is linear, so starting it from the factor (1 − t)² or (1 − t) multiplies the whole series by it.
    // Entry 2k of the basis is polynomial k; the odd entries belong to the second neighbour of a pair.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void FillBasis(T factor, T square)
    {
        T s = square + square - T.Broadcast(1), twice = s + s;
        T older = factor, newer = s * factor;
        T* to = _basis, end = to + 2 * _longest;
        (to[0], to[2]) = (older, newer);
        for (to += 4; to < end; to += 2)
        {
            T next = T.MultiplySubtract(twice, newer, older);
            *to = next;
            (older, newer) = (newer, next);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void FillBasisOfTwo(T squareA, T squareB)
    {
        T one = T.Broadcast(1), restA = one - squareA, restB = one - squareB;
        T sA = squareA + squareA - one, sB = squareB + squareB - one, twiceA = sA + sA, twiceB = sB + sB;
        T olderA = restA * restA, olderB = restB * restB, newerA = sA * olderA, newerB = sB * olderB;
        T* to = _basis, end = to + 2 * _longest;
        (to[0], to[1], to[2], to[3]) = (olderA, olderB, newerA, newerB);
        for (to += 4; to < end; to += 2)
        {
            T nextA = T.MultiplySubtract(twiceA, newerA, olderA), nextB = T.MultiplySubtract(twiceB, newerB, olderB);
            (to[0], to[1]) = (nextA, nextB);
            (olderA, newerA, olderB, newerB) = (newerA, nextA, newerB, nextB);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SumTwo(float* coefficients, T* resultA, T* resultB)
    {
        foreach (int length in _lengths)
        {
            T a0 = T.Broadcast(0), a1 = a0, a2 = a0, a3 = a0, a4 = a0;
            T b0 = a0, b1 = a0, b2 = a0, b3 = a0, b4 = a0;
            T* basis = _basis;
            for (T* end = basis + 2 * length; basis < end; basis += 2, coefficients += Tile)
            {
                T a = basis[0], b = basis[1];
                T c = T.Broadcast(coefficients[0]);
                a0 = T.MultiplyAdd(a, c, a0);
                b0 = T.MultiplyAdd(b, c, b0);
                c = T.Broadcast(coefficients[1]);
                a1 = T.MultiplyAdd(a, c, a1);
                b1 = T.MultiplyAdd(b, c, b1);
                c = T.Broadcast(coefficients[2]);
                a2 = T.MultiplyAdd(a, c, a2);
                b2 = T.MultiplyAdd(b, c, b2);
                c = T.Broadcast(coefficients[3]);
                a3 = T.MultiplyAdd(a, c, a3);
                b3 = T.MultiplyAdd(b, c, b3);
                c = T.Broadcast(coefficients[4]);
                a4 = T.MultiplyAdd(a, c, a4);
                b4 = T.MultiplyAdd(b, c, b4);
            }

            (resultA[0], resultA[1], resultA[2], resultA[3], resultA[4]) = (a0, a1, a2, a3, a4);
            (resultB[0], resultB[1], resultB[2], resultB[3], resultB[4]) = (b0, b1, b2, b3, b4);
            resultA += Tile;
            resultB += Tile;
        }
    }

    // The same operations on one neighbour, in the same order: the same bits.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SumOne(float* coefficients, T* result)
    {
        foreach (int length in _lengths)
        {
            T a0 = T.Broadcast(0), a1 = a0, a2 = a0, a3 = a0, a4 = a0;
            T* basis = _basis;
            for (T* end = basis + 2 * length; basis < end; basis += 2, coefficients += Tile)
            {
                T a = basis[0];
                a0 = T.MultiplyAdd(a, T.Broadcast(coefficients[0]), a0);
                a1 = T.MultiplyAdd(a, T.Broadcast(coefficients[1]), a1);
                a2 = T.MultiplyAdd(a, T.Broadcast(coefficients[2]), a2);
                a3 = T.MultiplyAdd(a, T.Broadcast(coefficients[3]), a3);
                a4 = T.MultiplyAdd(a, T.Broadcast(coefficients[4]), a4);
            }

            (result[0], result[1], result[2], result[3], result[4]) = (a0, a1, a2, a3, a4);
            result += Tile;
        }
    }

    private float* Interleave(AlignedArena arena, int[] order, Func<int, double[]> coefficients)
    {
        float* result = arena.Take<float>(_lengths.Sum() * Tile);
        float* at = result;
        for (int tile = 0; tile < _lengths.Length; tile++, at += Tile * _lengths[tile - 1])
        {
            for (int j = 0; j < Tile && tile * Tile + j < order.Length; j++)
            {
                double[] c = coefficients(order[tile * Tile + j]);
                for (int k = 0; k < c.Length; k++)
                {
                    at[k * Tile + j] = (float)c[k];
                }
            }
        }

        return result;
    }
}
