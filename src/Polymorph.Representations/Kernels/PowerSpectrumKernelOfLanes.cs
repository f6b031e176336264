using System.Runtime.CompilerServices;
using Polymorph.Representations.LocalDescriptors;

namespace Polymorph.Representations.Kernels;

/// <summary>Power spectra of many like structures at once, one structure per lane: atom i of all structures has the same type, so no step diverges by type.</summary>
/// <remarks>Lanes never mix: a structure's bits do not depend on the batch it stands in. Formulas: docs/methods/descriptors.md.</remarks>
/// <typeparam name="T">Lanes.</typeparam>
internal sealed unsafe class PowerSpectrumKernel<T> : PowerSpectrumKernel
    where T : unmanaged, ILanes<T>
{
    private readonly AlignedArena _arena = new();
    private readonly PowerSpectrumPlan _plan;
    private readonly IRadialLanes<T> _radial;
    private readonly SolidHarmonicLanes<T> _harmonics;
    private readonly CandidateSearch<T> _search;
    private readonly NeighbourSelection<T> _selection;
    private readonly NeighbourSlots<T> _slots;
    private readonly Expansion<T> _expansion;
    private readonly T* _positions;
    private readonly T* _gradient;
    private readonly T* _row;
    private readonly T* _tile;
    private readonly T* _slopes;
    private readonly T* _slotGradient;
    private readonly T* _harmonicWeights;
    private readonly int _spectrum;
    private readonly int _columns;

    public PowerSpectrumKernel(PowerSpectrumPlan plan)
    {
        _plan = plan;
        _radial = plan.Options.Radial == RadialBasis.Bessel
            ? new BesselLanes<T>(_arena, plan.Options)
            : new GaussianLanes<T>(_arena, plan.Options);
        _harmonics = new(_arena, plan.Harmonics, plan.Order);
        _slots = new(_arena, plan, _radial);
        _search = new(_arena, plan);
        _selection = new(_arena, plan, _search, _slots);
        _expansion = new(_arena, plan, _radial);
        _spectrum = plan.Options.SpectrumLength(plan.TypeCount);
        _columns = (plan.Options.DescriptorLength(plan.TypeCount) + T.Count - 1) / T.Count * T.Count;
        _positions = _arena.Take<T>(3 * plan.Types.Length);
        _gradient = _arena.Take<T>(3 * plan.Types.Length);
        _row = _arena.Take<T>(_columns);
        _tile = _arena.Take<T>(T.Count);
        _slopes = _arena.Take<T>(_radial.Stride);
        _slotGradient = _arena.Take<T>(3);
        _harmonicWeights = _arena.Take<T>(plan.HarmonicCount);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Describe(float* positions, int structures, int firstCentre, int centres, float* result, int rowStride)
    {
        for (int first = 0; first < structures; first += T.Count)
        {
            int lanes = Math.Min(T.Count, structures - first);
            LoadPositions(positions, first, lanes);
            for (int c = 0; c < centres; c++)
            {
                Expand(firstCentre + c);
                _expansion.Contract(_row);
                FinishRow(_plan.Types[firstCentre + c]);
                StoreRows(result + ((nint)first * centres + c) * rowStride, (nint)centres * rowStride, rowStride, lanes);
            }
        }

        GC.KeepAlive(this);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Gradient(float* positions, int structures, int firstCentre, int centres, float* rows, int rowStride, float* positionGradient)
    {
        int values = 3 * _plan.Types.Length;
        for (int first = 0; first < structures; first += T.Count)
        {
            int lanes = Math.Min(T.Count, structures - first);
            LoadPositions(positions, first, lanes);
            new Span<T>(_gradient, values).Clear();
            for (int c = 0; c < centres; c++)
            {
                Expand(firstCentre + c);
                LoadRows(rows + ((nint)first * centres + c) * rowStride, (nint)centres * rowStride, lanes);
                _expansion.Reverse(_row);
                Scatter(firstCentre + c);
            }

            float toLength = (float)(1 / _plan.Options.CutoffRadius);
            for (int lane = 0; lane < lanes; lane++)
            {
                for (int k = 0; k < values; k++)
                {
                    positionGradient[(nint)(first + lane) * values + k] = toLength * ((float*)_gradient)[k * T.Count + lane];
                }
            }
        }

        GC.KeepAlive(this);
    }

    // Lanes without a structure repeat the last one; nothing of them is stored.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void LoadPositions(float* positions, int first, int lanes)
    {
        int values = 3 * _plan.Types.Length;
        float scale = (float)(1 / _plan.Options.CutoffRadius);
        float* to = (float*)_positions;
        for (int lane = 0; lane < T.Count; lane++)
        {
            float* from = positions + (nint)(first + Math.Min(lane, lanes - 1)) * values;
            for (int k = 0; k < values; k++)
            {
                to[k * T.Count + lane] = scale * from[k];
            }
        }
    }

    private void Expand(int centre)
    {
        _search.Find(_positions, centre);
        _selection.Select(centre);
        _radial.Values(_slots.Square, _slots.Count, _slots.Radial);
        _harmonics.Values(_slots, _radial.OnUnitVectors);
        _expansion.Accumulate(_slots);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FinishRow(int type)
    {
        for (int k = _spectrum; k < _columns; k++)
        {
            _row[k] = T.Broadcast(k == _spectrum + type ? 1 : 0);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void StoreRows(float* target, nint laneStride, int rowStride, int lanes)
    {
        for (int column = 0; column < rowStride; column += T.Count)
        {
            int width = Math.Min(T.Count, rowStride - column);
            if (column < _columns && width == T.Count && lanes == T.Count)
            {
                T.Transpose((float*)(_row + column), T.Count, target + column, laneStride);
                continue;
            }

            if (column < _columns)
            {
                T.Transpose((float*)(_row + column), T.Count, (float*)_tile, T.Count);
            }

            for (int lane = 0; lane < lanes; lane++)
            {
                var to = new Span<float>(target + lane * laneStride + column, width);
                if (column < _columns)
                {
                    new Span<float>((float*)_tile + lane * T.Count, width).CopyTo(to);
                }
                else
                {
                    to.Clear();
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void LoadRows(float* source, nint laneStride, int lanes)
    {
        int column = 0;
        for (; lanes == T.Count && column + T.Count <= _spectrum; column += T.Count)
        {
            T.Transpose(source + column, laneStride, (float*)(_row + column), T.Count);
        }

        float* to = (float*)_row;
        for (int lane = 0; lane < T.Count; lane++)
        {
            float* from = source + Math.Min(lane, lanes - 1) * laneStride;
            for (int k = column; k < _spectrum; k++)
            {
                to[k * T.Count + lane] = from[k];
            }
        }
    }

    // dL/dδ of every neighbour: added to the neighbour, subtracted from the centre.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Scatter(int centre)
    {
        T sumX = T.Broadcast(0), sumY = sumX, sumZ = sumX;
        for (int type = 0; type < _plan.TypeCount; type++)
        {
            T* weights = _expansion.Weighted + type * _plan.ExpansionCount;
            for (int s = _slots.TypeStart[type]; s < _slots.TypeStart[type + 1]; s++)
            {
                var (x, y, z) = SlotGradient(s, weights);
                (sumX, sumY, sumZ) = (sumX + x, sumY + y, sumZ + z);
                if (_slots.Uniform)
                {
                    T* to = _gradient + 3 * _plan.CandidateAtom[_slots.Candidate[s] / T.Count];
                    (to[0], to[1], to[2]) = (to[0] + x, to[1] + y, to[2] + z);
                }
                else
                {
                    (_slotGradient[0], _slotGradient[1], _slotGradient[2]) = (x, y, z);
                    ScatterLanes(s);
                }
            }
        }

        T* own = _gradient + 3 * centre;
        (own[0], own[1], own[2]) = (own[0] - sumX, own[1] - sumY, own[2] - sumZ);
    }

    // A lane without a neighbour in the slot has the gradient zero, so any atom may receive it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ScatterLanes(int slot)
    {
        float* from = (float*)_slotGradient, gradient = (float*)_gradient;
        int* candidate = _slots.Candidate + slot * T.Count;
        for (int lane = 0; lane < T.Count; lane++)
        {
            float* to = gradient + 3 * T.Count * _plan.CandidateAtom[candidate[lane] / T.Count] + lane;
            to[0] += from[lane];
            to[T.Count] += from[T.Count + lane];
            to[2 * T.Count] += from[2 * T.Count + lane];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (T X, T Y, T Z) SlotGradient(int slot, T* weights)
    {
        T* radial = _slots.Radial + slot * _slots.RadialStride, harmonic = _slots.Harmonic + slot * _slots.HarmonicStride, q = _harmonicWeights;
        T square = _slots.Square[slot];
        _radial.Slopes(square, _slopes);
        for (int k = 0; k < _plan.HarmonicCount; k++)
        {
            q[k] = T.Broadcast(0);
        }

        T radialPart = T.Broadcast(0);
        int[] order = _plan.FunctionOrder, position = _radial.Position;
        for (int f = 0; f < order.Length; f++)
        {
            int l = order[f];
            T h = radial[position[f]], u = T.Broadcast(0);
            T* s = harmonic + l * l, to = q + l * l;
            for (int k = 0; k <= 2 * l; k++)
            {
                T w = *weights++;
                u = T.MultiplyAdd(w, s[k], u);
                to[k] = T.MultiplyAdd(w, h, to[k]);
            }

            radialPart = T.MultiplyAdd(u, _slopes[position[f]], radialPart);
        }

        var (gx, gy, gz) = _harmonics.Gradient(harmonic, q);
        T x = _slots.X[slot], y = _slots.Y[slot], z = _slots.Z[slot];
        if (_radial.OnUnitVectors)
        {
            // Only the part of the gradient across the direction turns the unit vector.
            T inverse = NeighbourSlots<T>.InverseLength(square), nx = x * inverse, ny = y * inverse, nz = z * inverse;
            T along = T.MultiplyAdd(gx, nx, T.MultiplyAdd(gy, ny, gz * nz));
            gx = inverse * T.NegateMultiplyAdd(along, nx, gx);
            gy = inverse * T.NegateMultiplyAdd(along, ny, gy);
            gz = inverse * T.NegateMultiplyAdd(along, nz, gz);
        }

        T twice = radialPart + radialPart;
        return (T.MultiplyAdd(twice, x, gx), T.MultiplyAdd(twice, y, gy), T.MultiplyAdd(twice, z, gz));
    }
}
