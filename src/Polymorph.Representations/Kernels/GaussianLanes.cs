using System.Runtime.CompilerServices;
using Polymorph.Representations.LocalDescriptors;

namespace Polymorph.Representations.Kernels;

/// <summary>Shifted Gaussians; functions with the same decay length share one exponential.</summary>
/// <typeparam name="T">Lanes.</typeparam>
internal sealed unsafe class GaussianLanes<T> : IRadialLanes<T>
    where T : unmanaged, ILanes<T>
{
    private readonly int _distinct;
    private readonly int[] _exponentialOf;
    private readonly float[] _exponent;
    private readonly float[] _scale;
    private readonly float[] _shift;
    private readonly float[] _slope;
    private readonly T* _exponential;

    public GaussianLanes(AlignedArena arena, PowerSpectrumOptions options)
    {
        var radial = new GaussianRadialFunctions(options.MaximumOrder, options.CutoffRadius);
        double squareCutoff = options.CutoffRadius * options.CutoffRadius;
        // Decay lengths are compared as fractions of the way from 1 Å to r_c, rounded: 2/4 and 1/2 are the same length.
        double[] exponents = radial.Exponents.ToArray();
        double[] distinct = [.. exponents.DistinctBy(e => Math.Round(1e9 / Math.Sqrt(e)))];
        _distinct = distinct.Length;
        _exponentialOf = [.. exponents.Select(e => Array.FindIndex(distinct, d => Math.Abs(d - e) < 1e-6 * e))];
        _exponent = [.. distinct.Select(e => (float)(-e * squareCutoff / Math.Log(2)))];
        int order = options.MaximumOrder;
        double[] norm = [.. Enumerable.Range(0, order + 1).SelectMany(l => Enumerable.Repeat(Math.Sqrt((2 * l + 1) / (4 * Math.PI)), order - l + 1))];
        _scale = [.. norm.Select(n => (float)n)];
        _shift = [.. exponents.Select((e, f) => (float)(-norm[f] * Math.Exp(-e * squareCutoff)))];
        _slope = [.. exponents.Select((e, f) => (float)(-norm[f] * e * squareCutoff))];
        _exponential = arena.Take<T>(_distinct);
        Stride = radial.Count;
        Position = [.. Enumerable.Range(0, radial.Count)];
    }

    public int Stride { get; }

    public int[] Position { get; }

    public bool OnUnitVectors => true;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Values(T* square, int count, T* result)
    {
        for (int i = 0; i < count; i++, result += Stride)
        {
            Exponentials(square[i]);
            for (int f = 0; f < Stride; f++)
            {
                T g = T.MultiplyAdd(T.Broadcast(_scale[f]), _exponential[_exponentialOf[f]], T.Broadcast(_shift[f]));
                result[f] = T.SelectNotLess(square[i], T.Broadcast(1), T.Broadcast(0), g);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Slopes(T square, T* result)
    {
        Exponentials(square);
        for (int f = 0; f < Stride; f++)
        {
            T slope = T.Broadcast(_slope[f]) * _exponential[_exponentialOf[f]];
            result[f] = T.SelectNotLess(square, T.Broadcast(1), T.Broadcast(0), slope);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Exponentials(T square)
    {
        for (int k = 0; k < _distinct; k++)
        {
            // Below 2^−120 the value is zero for every purpose, and the exponent field must not run out.
            _exponential[k] = T.Exp2(T.Max(T.Broadcast(_exponent[k]) * square, T.Broadcast(-120)));
        }
    }
}
