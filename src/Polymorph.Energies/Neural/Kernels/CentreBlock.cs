using System.Numerics;
using Polymorph.Representations.Kernels;

namespace Polymorph.Energies.Neural.Kernels;

/// <summary>As many centres as a vector has lanes, with their neighbours and everything the passes keep of them. A slot holds one neighbour per lane, all of one type; slots are
/// sorted by type. A lane without a neighbour in a slot holds the offset 0 and t = 1, which contributes exactly zero.</summary>
/// <typeparam name="T">Lanes.</typeparam>
/// <typeparam name="TNumber">Precision.</typeparam>
internal sealed unsafe class CentreBlock<T, TNumber>
    where T : unmanaged, IWide<T, TNumber>
    where TNumber : unmanaged, IBinaryFloatingPointIeee754<TNumber>
{
    private readonly DescriptorPlan _plan;
    private AlignedArena _slotMemory = new();
    private readonly AlignedArena _memory = new();
    private int _capacity;

    public CentreBlock(DescriptorPlan plan)
    {
        _plan = plan;
        TypeStart = new int[plan.TypeCount + 1];
        Centre = new int[T.Count];
        Coefficients = _memory.Take<T>(plan.TypeCount * plan.ExpansionCount);
        Weighted = _memory.Take<T>(plan.TypeCount * plan.ExpansionCount);
        Reserve(32);
    }

    /// <summary>Row of each lane's centre in arrays over all atoms; 0 for a lane without one.</summary>
    public int[] Centre { get; }

    /// <summary>First slot of each type; the last entry is the number of slots.</summary>
    public int[] TypeStart { get; }

    /// <summary>Number of slots.</summary>
    public int SlotCount => TypeStart[^1];

    /// <summary>Offsets in units of the largest cutoff, [slots].</summary>
    public T* X { get; private set; }

    /// <summary>Offsets, [slots].</summary>
    public T* Y { get; private set; }

    /// <summary>Offsets, [slots].</summary>
    public T* Z { get; private set; }

    /// <summary>Squared lengths of the offsets, [slots]; 1 where there is no neighbour.</summary>
    public T* Square { get; private set; }

    /// <summary>Row of each neighbour in arrays over all atoms, [slots × lanes]; 0 where there is none.</summary>
    public int* Neighbour { get; private set; }

    /// <summary>Radial functions, [slots × RadialStride].</summary>
    public T* Radial { get; private set; }

    /// <summary>Their derivatives by <see cref="Square"/>, [slots × RadialStride].</summary>
    public T* Slope { get; private set; }

    /// <summary>Solid harmonics of the offsets, [slots × HarmonicCount].</summary>
    public T* Harmonic { get; private set; }

    /// <summary>Expansion coefficients c, [types × ExpansionCount].</summary>
    public T* Coefficients { get; }

    /// <summary>The same times the harmonics' weights.</summary>
    public T* Weighted { get; }

    /// <summary>Fills the lanes.</summary>
    /// <param name="centres">At most as many as there are lanes; their tables stay alive.</param>
    public void Load(ReadOnlySpan<CentreAddress<TNumber>> centres)
    {
        int types = _plan.TypeCount, lanes = T.Count;
        Array.Clear(Centre);
        for (int type = 0; type < types; type++)
        {
            int widest = 0;
            foreach (ref readonly var centre in centres)
            {
                int[] start = centre.Table.Start;
                int key = centre.Atom * types + type;
                widest = Math.Max(widest, start[key + 1] - start[key]);
            }

            TypeStart[type + 1] = TypeStart[type] + widest;
        }

        Reserve(SlotCount);
        new Span<T>(X, SlotCount).Clear();
        new Span<T>(Y, SlotCount).Clear();
        new Span<T>(Z, SlotCount).Clear();
        new Span<T>(Square, SlotCount).Fill(T.Broadcast(TNumber.One));
        new Span<int>(Neighbour, SlotCount * lanes).Clear();
        for (int lane = 0; lane < centres.Length; lane++)
        {
            Load(lane, in centres[lane]);
        }
    }

    private void Load(int lane, in CentreAddress<TNumber> centre)
    {
        int types = _plan.TypeCount, lanes = T.Count;
        Centre[lane] = centre.FirstAtom + centre.Atom;
        int[] start = centre.Table.Start;
        var offsets = centre.Table.Offsets;
        TNumber* x = (TNumber*)X, y = (TNumber*)Y, z = (TNumber*)Z, square = (TNumber*)Square;
        for (int type = 0; type < types; type++)
        {
            int to = TypeStart[type] * lanes + lane, key = centre.Atom * types + type;
            for (int p = start[key]; p < start[key + 1]; p++, to += lanes)
            {
                TNumber px = offsets[3 * p], py = offsets[3 * p + 1], pz = offsets[3 * p + 2];
                (x[to], y[to], z[to]) = (px, py, pz);
                square[to] = TNumber.Min(px * px + py * py + pz * pz, TNumber.One);
                Neighbour[to] = centre.FirstAtom + centre.Table.Atoms[p];
            }
        }
    }

    private void Reserve(int slots)
    {
        if (slots <= _capacity)
        {
            return;
        }

        _capacity = Math.Max(slots, _capacity + _capacity / 2);
        _slotMemory = new AlignedArena();
        X = _slotMemory.Take<T>(_capacity);
        Y = _slotMemory.Take<T>(_capacity);
        Z = _slotMemory.Take<T>(_capacity);
        Square = _slotMemory.Take<T>(_capacity);
        Neighbour = _slotMemory.Take<int>(_capacity * T.Count);
        Radial = _slotMemory.Take<T>(_capacity * _plan.RadialStride);
        Slope = _slotMemory.Take<T>(_capacity * _plan.RadialStride);
        Harmonic = _slotMemory.Take<T>(_capacity * _plan.HarmonicCount);
    }
}
