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
        _basis = arena.Take<T>(_lengths.Max());
    }

    public int Stride { get; }

    public int[] Position { get; }

    public bool OnUnitVectors => false;

    public void Values(T* square, int count, T* result)
    {
        for (int i = 0; i < count; i++, result += Stride)
        {
            T rest = T.Broadcast(1) - square[i];
            Evaluate(rest * rest, square[i], _values, result);
        }
    }

    public void Slopes(T square, T* result) => Evaluate(T.Broadcast(1) - square, square, _slopes, result);

    // The recurrence is linear, so starting it from the factor (1 − t)² or (1 − t) multiplies the whole series by it.
    private void Evaluate(T factor, T square, float* coefficients, T* result)
    {
        T* basis = _basis;
        int longest = _lengths[^1];
        T s = square + square - T.Broadcast(1), twice = s + s;
        T older = factor, newer = s * factor;
        basis[0] = older;
        basis[1] = newer;
        for (int k = 2; k < longest; k++)
        {
            T next = twice * newer - older;
            basis[k] = next;
            (older, newer) = (newer, next);
        }

        foreach (int length in _lengths)
        {
            T a0 = T.Broadcast(0), a1 = a0, a2 = a0, a3 = a0, a4 = a0;
            for (int k = 0; k < length; k++, coefficients += Tile)
            {
                T b = basis[k];
                a0 = T.MultiplyAdd(T.Broadcast(coefficients[0]), b, a0);
                a1 = T.MultiplyAdd(T.Broadcast(coefficients[1]), b, a1);
                a2 = T.MultiplyAdd(T.Broadcast(coefficients[2]), b, a2);
                a3 = T.MultiplyAdd(T.Broadcast(coefficients[3]), b, a3);
                a4 = T.MultiplyAdd(T.Broadcast(coefficients[4]), b, a4);
            }

            result[0] = a0;
            result[1] = a1;
            result[2] = a2;
            result[3] = a3;
            result[4] = a4;
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
