using System.Numerics;
using System.Runtime.CompilerServices;

namespace Polymorph.Representations.Kernels;

/// <summary>Chooses the nearest neighbours among the candidates, lane by lane, and lays them into slots: sort by (distance, order of storage),
/// drop the first (the centre itself), keep the next N that lie within the cutoff.</summary>
/// <typeparam name="T">Lanes.</typeparam>
internal sealed unsafe class NeighbourSelection<T>
    where T : unmanaged, ILanes<T>
{
    private readonly PowerSpectrumPlan _plan;
    private readonly CandidateSearch<T> _found;
    private readonly NeighbourSlots<T> _slots;
    private readonly int _wanted;
    private readonly bool _sparse;
    private readonly T* _extremes;
    private readonly int* _next;
    private readonly ulong[] _keys;
    private readonly int[] _slotOfRank;

    public NeighbourSelection(AlignedArena arena, PowerSpectrumPlan plan, CandidateSearch<T> found, NeighbourSlots<T> slots)
    {
        (_plan, _found, _slots) = (plan, found, slots);
        _wanted = plan.Options.NeighbourCount;
        // With few candidates to spare it is cheaper to carry the rejected ones along as zeros than to sort out each lane's own.
        _sparse = plan.CandidateCount > 2 * _wanted + 8;
        _extremes = arena.Take<T>(plan.CandidateCount);
        _next = arena.Take<int>(T.Count);
        _keys = new ulong[plan.CandidateCount];
        _slotOfRank = new int[plan.CandidateCount];
    }

    /// <summary>Fills the slots from the candidates of one centre.</summary>
    public void Select(int centre)
    {
        int self = _plan.CandidateOfAtom[centre];
        if (OtherOnCentre(self))
        {
            LaySparse();
            KeepExactly(first: 1);
            return;
        }

        // The centre itself is the first in the order of distances; a distance beyond the cutoff drops it.
        _found.Square[self] = T.Broadcast(1);
        if (_sparse)
        {
            LaySparse();
        }
        else
        {
            LayDense();
        }

        KeepNearest();
    }

    // Another atom exactly on the centre's place: which of them is "the first" depends on the order of storage.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool OtherOnCentre(int self)
    {
        T* square = _found.Square;
        T smallest = T.Broadcast(1);
        for (int c = 0; c < self; c++)
        {
            smallest = T.Min(smallest, square[c]);
        }

        for (int c = self + 1; c < _plan.CandidateCount; c++)
        {
            smallest = T.Min(smallest, square[c]);
        }

        return T.LessMask(T.Broadcast(0), smallest) != (uint)((1UL << T.Count) - 1);
    }

    // Every candidate that lies within the cutoff in any lane gets a slot of its own.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void LayDense()
    {
        T one = T.Broadcast(1), zero = T.Broadcast(0);
        int slot = 0;
        for (int type = 0; type < _plan.TypeCount; type++)
        {
            _slots.TypeStart[type] = slot;
            for (int c = _plan.TypeStart[type]; c < _plan.TypeStart[type + 1]; c++)
            {
                T t = _found.Square[c];
                if ((T.LessMask(t, one) | T.NotANumberMask(t)) == 0)
                {
                    continue;
                }

                _slots.Square[slot] = T.SelectNotLess(t, one, one, t);
                _slots.X[slot] = T.SelectNotLess(t, one, zero, _found.X[c]);
                _slots.Y[slot] = T.SelectNotLess(t, one, zero, _found.Y[c]);
                _slots.Z[slot] = T.SelectNotLess(t, one, zero, _found.Z[c]);
                _slots.Candidate[slot] = c * T.Count;
                slot++;
            }
        }

        _slots.TypeStart[_plan.TypeCount] = slot;
        _slots.Uniform = true;
    }

    // Per lane, the candidates within the cutoff (or not a number, so that bad input shows in the result), packed from the type's first slot on.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void LaySparse()
    {
        int slot = 0, lanes = T.Count;
        float* x = (float*)_slots.X, y = (float*)_slots.Y, z = (float*)_slots.Z, t = (float*)_slots.Square;
        float* fromX = (float*)_found.X, fromY = (float*)_found.Y, fromZ = (float*)_found.Z, fromT = (float*)_found.Square;
        int* candidate = _slots.Candidate, next = _next;
        for (int type = 0; type < _plan.TypeCount; type++)
        {
            _slots.TypeStart[type] = slot;
            for (int lane = 0; lane < lanes; lane++)
            {
                next[lane] = slot * lanes + lane;
            }

            // Candidates are taken in runs whose masks fill one word: the loop over set bits then ends, and is mispredicted, once per run.
            int perWord = 64 / lanes, end = _plan.TypeStart[type + 1];
            for (int first = _plan.TypeStart[type]; first < end; first += perWord)
            {
                ulong mask = 0;
                for (int c = first; c < end && c < first + perWord; c++)
                {
                    T square = _found.Square[c];
                    mask |= (ulong)(T.LessMask(square, T.Broadcast(1)) | T.NotANumberMask(square)) << ((c - first) * lanes);
                }

                for (; mask != 0; mask &= mask - 1)
                {
                    int bit = BitOperations.TrailingZeroCount(mask), from = first * lanes + bit, to = next[bit & (lanes - 1)];
                    next[bit & (lanes - 1)] = to + lanes;
                    x[to] = fromX[from];
                    y[to] = fromY[from];
                    z[to] = fromZ[from];
                    t[to] = fromT[from];
                    candidate[to] = from;
                }
            }

            slot = ClearRest(slot);
        }

        _slots.TypeStart[_plan.TypeCount] = slot;
        _slots.Uniform = false;
    }

    // Empties the lanes that have fewer neighbours of a type than the fullest lane; gives the slot after the last.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int ClearRest(int slot)
    {
        int lanes = T.Count, least = int.MaxValue, most = 0;
        float* ends = stackalloc float[lanes];
        for (int lane = 0; lane < lanes; lane++)
        {
            int end = _next[lane] / lanes;
            ends[lane] = end;
            least = Math.Min(least, end);
            most = Math.Max(most, end);
        }

        T filled = *(T*)ends;
        for (int s = least; s < most; s++)
        {
            Drop(s, T.Broadcast(s), filled);
        }

        return most;
    }

    // Empties a slot in the lanes where a ≥ b.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Drop(int slot, T a, T b)
    {
        T zero = T.Broadcast(0);
        _slots.Square[slot] = T.SelectNotLess(a, b, T.Broadcast(1), _slots.Square[slot]);
        _slots.X[slot] = T.SelectNotLess(a, b, zero, _slots.X[slot]);
        _slots.Y[slot] = T.SelectNotLess(a, b, zero, _slots.Y[slot]);
        _slots.Z[slot] = T.SelectNotLess(a, b, zero, _slots.Z[slot]);
    }

    // All lanes at once: one distance per lane separates the chosen from the rest.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void KeepNearest()
    {
        int count = _slots.Count;
        T one = T.Broadcast(1), wanted = T.Broadcast(_wanted);
        if (count <= _wanted || T.LessMask(wanted, CountBelow(one)) == 0)
        {
            return;
        }

        T limit = T.Min(Threshold(), one);
        if ((T.LessMask(limit, one) & T.LessMask(CountBelow(limit), wanted)) != 0)
        {
            KeepExactly(first: 0);
            return;
        }

        for (int s = 0; s < count; s++)
        {
            Drop(s, _slots.Square[s], limit);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private T CountBelow(T limit)
    {
        T sum = T.Broadcast(0), one = T.Broadcast(1);
        for (int s = 0; s < _slots.Count; s++)
        {
            sum = sum + T.SelectNotLess(_slots.Square[s], limit, T.Broadcast(0), one);
        }

        return sum;
    }

    // The (N + 1)-th smallest distance, from whichever end of the order is nearer, by insertion into a sorted list.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private T Threshold()
    {
        int count = _slots.Count, kept = _wanted + 1, dropped = count - _wanted;
        bool fromAbove = dropped < kept;
        T* list = _extremes, square = _slots.Square, end = list + (fromAbove ? dropped : kept);
        for (T* at = list; at < end; at++)
        {
            *at = T.Broadcast(fromAbove ? -1 : 2);
        }

        for (int s = 0; s < count; s++)
        {
            T value = square[s];
            for (T* at = list; at < end; at++)
            {
                T old = *at, low = T.Min(old, value), high = T.Max(old, value);
                (*at, value) = fromAbove ? (high, low) : (low, high);
            }
        }

        return end[-1];
    }

    // The definition, lane by lane, for ties: sort by distance and order of storage, keep N from the given one on.
    private void KeepExactly(int first)
    {
        float* square = (float*)_slots.Square;
        for (int lane = 0; lane < T.Count; lane++)
        {
            int length = 0;
            for (int s = 0; s < _slots.Count; s++)
            {
                float t = square[s * T.Count + lane];
                if (t < 1)
                {
                    // Squared distances are not negative, so their bits sort like the numbers.
                    int rank = _plan.CandidateRank[_slots.CandidateAt(s, lane)];
                    _keys[length++] = ((ulong)BitConverter.SingleToUInt32Bits(t) << 32) | (uint)rank;
                    _slotOfRank[rank] = s;
                }
            }

            Array.Sort(_keys, 0, length);
            for (int k = 0; k < length; k++)
            {
                if (k < first || k >= first + _wanted)
                {
                    int at = _slotOfRank[(uint)_keys[k]] * T.Count + lane;
                    square[at] = 1;
                    ((float*)_slots.X)[at] = ((float*)_slots.Y)[at] = ((float*)_slots.Z)[at] = 0;
                }
            }
        }
    }
}
