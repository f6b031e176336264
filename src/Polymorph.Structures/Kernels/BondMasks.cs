using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Polymorph.Structures.Kernels;

/// <summary>Which atoms of a small molecule are near which: one bit per pair.</summary>
internal static class BondMasks
{
    /// <summary>Atoms that fit: one bit each.</summary>
    public const int MaxAtoms = 64;

    private const int Lanes = 16;

    /// <summary>Row length of the table of squared reaches: the number of atoms rounded up to whole vectors.</summary>
    /// <param name="atoms">Number of atoms.</param>
    public static int Padded(int atoms) => (atoms + Lanes - 1) / Lanes * Lanes;

    /// <summary>The definition. The other version is tested against this one.</summary>
    /// <param name="positions">[atoms × 3], Å.</param>
    /// <param name="reach">Squared distance below which a pair counts, [atoms × padded], Å²; −1 where none shall.</param>
    /// <param name="masks">[atoms], overwritten.</param>
    public static void Reference(ReadOnlySpan<float> positions, ReadOnlySpan<float> reach, Span<ulong> masks)
    {
        int padded = Padded(masks.Length);
        for (int i = 0; i < masks.Length; i++)
        {
            masks[i] = 0;
            for (int j = 0; j < masks.Length; j++)
            {
                float dx = positions[3 * j] - positions[3 * i], dy = positions[3 * j + 1] - positions[3 * i + 1], dz = positions[3 * j + 2] - positions[3 * i + 2];
                masks[i] |= dx * dx + dy * dy + dz * dz < reach[i * padded + j] ? 1UL << j : 0;
            }
        }
    }

    /// <summary>16 pairs at a time.</summary>
    /// <param name="positions">[atoms × 3], Å.</param>
    /// <param name="reach">As for the definition.</param>
    /// <param name="masks">[atoms], overwritten.</param>
    [SkipLocalsInit]
    public static void Simd(ReadOnlySpan<float> positions, ReadOnlySpan<float> reach, Span<ulong> masks)
    {
        int padded = Padded(masks.Length);
        // The padding keeps whatever lay on the stack: its reach of -1 is below every squared distance and any comparison with NaN is false.
        Span<float> columns = stackalloc float[3 * MaxAtoms];
        Span<float> x = columns[..MaxAtoms], y = columns.Slice(MaxAtoms, MaxAtoms), z = columns.Slice(2 * MaxAtoms, MaxAtoms);
        for (int i = 0; i < masks.Length; i++)
        {
            (x[i], y[i], z[i]) = (positions[3 * i], positions[3 * i + 1], positions[3 * i + 2]);
        }

        for (int i = 0; i < masks.Length; i++)
        {
            var row = reach.Slice(i * padded, padded);
            ulong mask = 0;
            for (int j = 0; j < padded; j += Lanes)
            {
                var dx = Vector512.Create<float>(x.Slice(j, Lanes)) - Vector512.Create(x[i]);
                var dy = Vector512.Create<float>(y.Slice(j, Lanes)) - Vector512.Create(y[i]);
                var dz = Vector512.Create<float>(z.Slice(j, Lanes)) - Vector512.Create(z[i]);
                var near = Vector512.LessThan(dx * dx + dy * dy + dz * dz, Vector512.Create(row.Slice(j, Lanes)));
                mask |= near.ExtractMostSignificantBits() << j;
            }

            masks[i] = mask;
        }
    }

    /// <summary>True when every atom can be reached from the first.</summary>
    /// <param name="masks">Near atoms of each atom, symmetric.</param>
    public static bool IsConnected(ReadOnlySpan<ulong> masks)
    {
        ulong reached = 1, open = 1;
        while (open != 0)
        {
            ulong next = masks[BitOperations.TrailingZeroCount(open)] & ~reached;
            reached |= next;
            open = (open & (open - 1)) | next;
        }

        return BitOperations.PopCount(reached) == masks.Length;
    }
}
