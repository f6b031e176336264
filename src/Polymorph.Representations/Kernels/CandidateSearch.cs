using System.Runtime.CompilerServices;
using Polymorph.Representations.LocalDescriptors;

namespace Polymorph.Representations.Kernels;

/// <summary>Offsets from one centre to every candidate: all other atoms, and in periodic directions the images that can lie within the cutoff.</summary>
/// <typeparam name="T">Lanes.</typeparam>
internal sealed unsafe class CandidateSearch<T>
    where T : unmanaged, ILanes<T>
{
    private readonly PowerSpectrumPlan _plan;

    public CandidateSearch(AlignedArena arena, PowerSpectrumPlan plan)
    {
        _plan = plan;
        X = arena.Take<T>(plan.CandidateCount);
        Y = arena.Take<T>(plan.CandidateCount);
        Z = arena.Take<T>(plan.CandidateCount);
        Square = arena.Take<T>(plan.CandidateCount);
    }

    /// <summary>Offsets in units of the cutoff, [candidates].</summary>
    public T* X { get; }

    /// <summary>Offsets, [candidates].</summary>
    public T* Y { get; }

    /// <summary>Offsets, [candidates].</summary>
    public T* Z { get; }

    /// <summary>Squared lengths, [candidates]; 0 for the centre itself.</summary>
    public T* Square { get; }

    /// <summary>Fills the arrays for one centre.</summary>
    /// <param name="positions">[atoms × 3], in units of the cutoff.</param>
    /// <param name="centre">Atom.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Find(T* positions, int centre)
    {
        T x = positions[3 * centre], y = positions[3 * centre + 1], z = positions[3 * centre + 2];
        if (_plan.Periodic)
        {
            FindImages(positions, x, y, z);
            return;
        }

        int[] order = _plan.AtomOrder;
        for (int c = 0; c < order.Length; c++)
        {
            T* p = positions + 3 * order[c];
            Put(c, p[0] - x, p[1] - y, p[2] - z);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FindImages(T* positions, T x, T y, T z)
    {
        float[] cell = _plan.CellRows!, reciprocal = _plan.ReciprocalRows!;
        T* shift = stackalloc T[9];
        int candidate = 0;
        foreach (int atom in _plan.AtomOrder)
        {
            T* p = positions + 3 * atom;
            T dx = p[0] - x, dy = p[1] - y, dz = p[2] - z, ox = dx, oy = dy, oz = dz;
            for (int axis = 0; axis < 3; axis++)
            {
                if (!_plan.Repeats[axis])
                {
                    continue;
                }

                T fraction = T.MultiplyAdd(T.Broadcast(reciprocal[3 * axis]), dx, T.MultiplyAdd(T.Broadcast(reciprocal[3 * axis + 1]), dy, T.Broadcast(reciprocal[3 * axis + 2]) * dz));
                T whole = T.Round(fraction), sign = T.CopySign(T.Broadcast(1), fraction - whole);
                T a = T.Broadcast(cell[3 * axis]), b = T.Broadcast(cell[3 * axis + 1]), c = T.Broadcast(cell[3 * axis + 2]);
                ox = T.NegateMultiplyAdd(whole, a, ox);
                oy = T.NegateMultiplyAdd(whole, b, oy);
                oz = T.NegateMultiplyAdd(whole, c, oz);
                (shift[3 * axis], shift[3 * axis + 1], shift[3 * axis + 2]) = (sign * a, sign * b, sign * c);
            }

            candidate = PutImages(candidate, ox, oy, oz, shift);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int PutImages(int candidate, T x, T y, T z, T* shift)
    {
        int[] images = _plan.Images;
        for (int i = 0; i < images[0]; i++)
        {
            var (xi, yi, zi) = Shifted(x, y, z, shift, i);
            for (int j = 0; j < images[1]; j++)
            {
                var (xj, yj, zj) = Shifted(xi, yi, zi, shift + 3, j);
                for (int k = 0; k < images[2]; k++)
                {
                    var (xk, yk, zk) = Shifted(xj, yj, zj, shift + 6, k);
                    Put(candidate++, xk, yk, zk);
                }
            }
        }

        return candidate;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (T X, T Y, T Z) Shifted(T x, T y, T z, T* shift, int rank)
    {
        if (rank == 0)
        {
            return (x, y, z);
        }

        T times = T.Broadcast(NearImage.Shift(rank));
        return (T.MultiplyAdd(times, shift[0], x), T.MultiplyAdd(times, shift[1], y), T.MultiplyAdd(times, shift[2], z));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Put(int candidate, T x, T y, T z)
    {
        (X[candidate], Y[candidate], Z[candidate]) = (x, y, z);
        Square[candidate] = T.MultiplyAdd(x, x, T.MultiplyAdd(y, y, z * z));
    }
}
