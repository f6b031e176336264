namespace Polymorph.Representations.Kernels;

/// <summary>The neighbours of one centre in all lanes. A slot holds one neighbour per lane, all of one type; slots are sorted by type.
/// A lane that has no neighbour in a slot holds the offset 0 and t = 1, which contributes exactly zero.</summary>
/// <typeparam name="T">Lanes.</typeparam>
internal sealed unsafe class NeighbourSlots<T>
    where T : unmanaged, ILanes<T>
{
    public NeighbourSlots(AlignedArena arena, PowerSpectrumPlan plan, IRadialLanes<T> radial)
    {
        int capacity = plan.CandidateCount;
        X = arena.Take<T>(capacity);
        Y = arena.Take<T>(capacity);
        Z = arena.Take<T>(capacity);
        Square = arena.Take<T>(capacity);
        Candidate = arena.Take<int>(capacity * T.Count);
        TypeStart = new int[plan.TypeCount + 1];
        RadialStride = radial.Stride;
        HarmonicStride = plan.HarmonicCount;
        Radial = arena.Take<T>(capacity * RadialStride);
        Harmonic = arena.Take<T>(capacity * HarmonicStride);
    }

    /// <summary>Offsets from the centre in units of the cutoff, [slots].</summary>
    public T* X { get; }

    /// <summary>Offsets, [slots].</summary>
    public T* Y { get; }

    /// <summary>Offsets, [slots].</summary>
    public T* Z { get; }

    /// <summary>t = r²/r_c² of each offset, [slots].</summary>
    public T* Square { get; }

    /// <summary>Lanes times the neighbour's candidate (plus the lane), [slots] when all lanes hold the same candidate, else [slots × lanes]; meaningless where a lane has no neighbour.</summary>
    public int* Candidate { get; }

    /// <summary>Whether every slot holds the same candidate in all lanes.</summary>
    public bool Uniform { get; set; }

    /// <summary>The candidate of a slot in a lane.</summary>
    public int CandidateAt(int slot, int lane) => Candidate[Uniform ? slot : slot * T.Count + lane] / T.Count;

    /// <summary>First slot of each type; the last entry is the number of slots.</summary>
    public int[] TypeStart { get; }

    /// <summary>Number of slots.</summary>
    public int Count => TypeStart[^1];

    /// <summary>√((2l+1)/4π) g_ln / (r/r_c)^l (Bessel) or √((2l+1)/4π) g_ln (Gaussian), [slots × RadialStride].</summary>
    public T* Radial { get; }

    public int RadialStride { get; }

    /// <summary>Solid harmonics of the offset (Bessel) or of its direction (Gaussian), [slots × HarmonicStride].</summary>
    public T* Harmonic { get; }

    public int HarmonicStride { get; }

    /// <summary>1 / √t. A neighbour on the centre's place has no direction; the floor keeps its harmonics finite (zero for l ≥ 1, as its offset is zero).</summary>
    public static T InverseLength(T square) => T.ReciprocalSquareRoot(T.Max(T.Broadcast(1e-20f), square));
}
