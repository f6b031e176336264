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
    private readonly bool _compact;
    private readonly T* _nearest;
    private readonly float* _listSquare;
    private readonly float* _rank;
    private readonly int* _list;
    private readonly int* _listLength;
    private readonly int* _typeLength;
    private readonly int _listStride;
    private readonly ulong[] _keys;
    private readonly int[] _candidateOfRank;

    public NeighbourSelection(AlignedArena arena, PowerSpectrumPlan plan, CandidateSearch<T> found, NeighbourSlots<T> slots)
    {
        (_plan, _found, _slots) = (plan, found, slots);
        _wanted = plan.Options.NeighbourCount;
        // With few candidates to spare it is cheaper to carry the rejected ones along as zeros than to sort out each lane's own.
        _compact = plan.CandidateCount > 2 * _wanted + 8;
        _nearest = arena.Take<T>(Math.Min(_wanted + 1, plan.CandidateCount) + 1);
        _listStride = (plan.CandidateCount + T.Count - 1) / T.Count * T.Count;
        _listSquare = arena.Take<float>(_listStride * T.Count);
        _list = arena.Take<int>(_listStride * T.Count);
        _rank = arena.Take<float>(_listStride);
        _listLength = arena.Take<int>(T.Count);
        _typeLength = arena.Take<int>(T.Count);
        _keys = new ulong[plan.CandidateCount];
        _candidateOfRank = new int[plan.CandidateCount];
        for (int c = 0; c < plan.CandidateCount; c++)
        {
            _candidateOfRank[plan.CandidateRank[c]] = c;
        }
    }

    /// <summary>Fills the slots from the candidates of one centre.</summary>
    public void Select(int centre)
    {
        if (_compact)
        {
            List();
            for (int lane = 0; lane < T.Count; lane++)
            {
                Shorten(lane, _plan.CandidateOfAtom[centre]);
            }

            Lay();
        }
        else
        {
            Mask(_plan.CandidateOfAtom[centre]);
        }
    }

    // All lanes at once: one distance per lane separates the chosen from the rest.
    private void Mask(int self)
    {
        int count = _plan.CandidateCount;
        T one = T.Broadcast(1);
        T limit = one;
        T* square = _found.Square;
        if (count - 1 > _wanted)
        {
            limit = T.Min(Threshold(self), one);
        }

        if (AnyTie(self, limit))
        {
            MaskExactly();
            limit = one;
        }
        else
        {
            square[self] = one;
        }

        int slot = 0;
        for (int type = 0; type < _plan.TypeCount; type++)
        {
            _slots.TypeStart[type] = slot;
            for (int c = _plan.TypeStart[type]; c < _plan.TypeStart[type + 1]; c++)
            {
                T t = T.SelectNotLess(square[c], limit, one, square[c]);
                if (T.LessMask(t, one) == 0 && T.NotANumberMask(t) == 0)
                {
                    continue;
                }

                T zero = T.Broadcast(0);
                _slots.Square[slot] = t;
                _slots.X[slot] = T.SelectNotLess(t, one, zero, _found.X[c]);
                _slots.Y[slot] = T.SelectNotLess(t, one, zero, _found.Y[c]);
                _slots.Z[slot] = T.SelectNotLess(t, one, zero, _found.Z[c]);
                int atom = _plan.CandidateAtom[c];
                for (int lane = 0; lane < T.Count; lane++)
                {
                    _slots.Atom[slot * T.Count + lane] = atom;
                }

                slot++;
            }
        }

        _slots.TypeStart[_plan.TypeCount] = slot;
    }

    // The (N + 1)-th smallest distance, from whichever end of the order is nearer.
    private T Threshold(int self)
    {
        int count = _plan.CandidateCount, kept = _wanted + 1, dropped = count - 1 - _wanted;
        bool fromAbove = dropped < kept;
        int length = fromAbove ? dropped : kept;
        T* nearest = _nearest, square = _found.Square;
        for (int k = 0; k < length; k++)
        {
            nearest[k] = T.Broadcast(fromAbove ? float.MinValue : float.MaxValue);
        }

        for (int c = 0; c < count; c++)
        {
            if (c == self)
            {
                continue;
            }

            T value = square[c];
            for (int k = 0; k < length; k++)
            {
                T old = nearest[k];
                T low = T.Min(old, value), high = T.Max(old, value);
                (nearest[k], value) = fromAbove ? (high, low) : (low, high);
            }
        }

        return nearest[length - 1];
    }

    // A tie: another atom on the centre's place, or several candidates exactly at a threshold below the cutoff.
    private bool AnyTie(int self, T limit)
    {
        T chosen = T.Broadcast(0), one = T.Broadcast(1), smallest = one;
        for (int c = 0; c < _plan.CandidateCount; c++)
        {
            if (c != self)
            {
                T t = _found.Square[c];
                chosen = chosen + T.SelectNotLess(t, limit, T.Broadcast(0), one);
                smallest = T.Min(smallest, t);
            }
        }

        uint truncated = T.LessMask(limit, one), tooFew = T.LessMask(chosen, T.Broadcast(_wanted));
        return (truncated & tooFew) != 0 || T.LessMask(T.Broadcast(0), smallest) != (uint)((1UL << T.Count) - 1);
    }

    private void MaskExactly()
    {
        float* square = (float*)_found.Square;
        for (int lane = 0; lane < T.Count; lane++)
        {
            int length = 0;
            for (int c = 0; c < _plan.CandidateCount; c++)
            {
                float t = square[c * T.Count + lane];
                if (t < 1)
                {
                    _keys[length++] = Key(t, c);
                }

                square[c * T.Count + lane] = float.IsNaN(t) ? t : 1;
            }

            Array.Sort(_keys, 0, length);
            for (int k = 1; k < length && k <= _wanted; k++)
            {
                square[_candidateOfRank[(uint)_keys[k]] * T.Count + lane] = BitConverter.UInt32BitsToSingle((uint)(_keys[k] >> 32));
            }
        }
    }

    // Squared distances are not negative, so their bits sort like the numbers.
    private ulong Key(float square, int candidate) => ((ulong)BitConverter.SingleToUInt32Bits(square) << 32) | (uint)_plan.CandidateRank[candidate];

    // Per lane, the candidates within the cutoff (or not a number, so that bad input shows in the result).
    private void List()
    {
        int stride = _listStride;
        T one = T.Broadcast(1);
        float* square = (float*)_found.Square;
        new Span<int>(_listLength, T.Count).Clear();
        for (int c = 0; c < _plan.CandidateCount; c++)
        {
            T t = _found.Square[c];
            for (uint mask = T.LessMask(t, one) | T.NotANumberMask(t); mask != 0; mask &= mask - 1)
            {
                int lane = System.Numerics.BitOperations.TrailingZeroCount(mask), at = lane * stride + _listLength[lane]++;
                _list[at] = c;
                _listSquare[at] = square[c * T.Count + lane];
            }
        }
    }

    // Leaves in a lane's list the chosen neighbours, in candidate order.
    private void Shorten(int lane, int self)
    {
        int length = _listLength[lane];
        int* list = _list + lane * _listStride;
        float* square = _listSquare + lane * _listStride;
        int padded = (length + T.Count - 1) / T.Count * T.Count;
        for (int k = length; k < padded; k++)
        {
            square[k] = float.MaxValue;
        }

        T* rank = (T*)_rank;
        for (int block = 0; block < padded / T.Count; block++)
        {
            T mine = ((T*)square)[block], sum = T.Broadcast(0), one = T.Broadcast(1), zero = sum;
            for (int k = 0; k < length; k++)
            {
                sum = sum + T.SelectNotLess(T.Broadcast(square[k]), mine, zero, one);
            }

            rank[block] = sum;
        }

        int kept = 0, expected = Math.Min(length - 1, _wanted), zeros = 0;
        for (int k = 0; k < length; k++)
        {
            zeros += _rank[k] == 0 ? 1 : 0;
            kept += _rank[k] > 0 && _rank[k] <= _wanted ? 1 : 0;
        }

        if (kept != expected || zeros != 1)
        {
            RankExactly(list, square, length);
        }

        int to = 0;
        for (int k = 0; k < length; k++)
        {
            if (_rank[k] > 0 && _rank[k] <= _wanted)
            {
                list[to++] = list[k];
            }
        }

        _listLength[lane] = to;
    }

    private void RankExactly(int* list, float* square, int length)
    {
        for (int k = 0; k < length; k++)
        {
            _keys[k] = Key(square[k], list[k]);
        }

        Array.Sort(_keys, 0, length);
        for (int k = 0; k < length; k++)
        {
            _rank[k] = Array.BinarySearch(_keys, 0, length, Key(square[k], list[k]));
        }
    }

    // Every lane's neighbours of one type fill that type's slots from the first on.
    private void Lay()
    {
        int lanes = T.Count;
        int* at = _typeLength;
        new Span<int>(at, lanes).Clear();
        int slot = 0;
        for (int type = 0; type < _plan.TypeCount; type++)
        {
            _slots.TypeStart[type] = slot;
            int end = _plan.TypeStart[type + 1], most = 0;
            for (int lane = 0; lane < lanes; lane++)
            {
                int* list = _list + lane * _listStride;
                int k = at[lane], length = _listLength[lane];
                while (k < length && list[k] < end)
                {
                    k++;
                }

                most = Math.Max(most, k - at[lane]);
            }

            for (int s = slot; s < slot + most; s++)
            {
                (_slots.X[s], _slots.Y[s], _slots.Z[s], _slots.Square[s]) = (T.Broadcast(0), T.Broadcast(0), T.Broadcast(0), T.Broadcast(1));
                new Span<int>(_slots.Atom + s * lanes, lanes).Fill(-1);
            }

            for (int lane = 0; lane < lanes; lane++)
            {
                int* list = _list + lane * _listStride;
                int k = at[lane], length = _listLength[lane];
                for (int to = slot * lanes + lane; k < length && list[k] < end; k++, to += lanes)
                {
                    int from = list[k] * lanes + lane;
                    ((float*)_slots.X)[to] = ((float*)_found.X)[from];
                    ((float*)_slots.Y)[to] = ((float*)_found.Y)[from];
                    ((float*)_slots.Z)[to] = ((float*)_found.Z)[from];
                    ((float*)_slots.Square)[to] = ((float*)_found.Square)[from];
                    _slots.Atom[to] = _plan.CandidateAtom[list[k]];
                }

                at[lane] = k;
            }

            slot += most;
        }

        _slots.TypeStart[_plan.TypeCount] = slot;
    }
}
