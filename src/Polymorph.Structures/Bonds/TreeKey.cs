using System.Numerics;

namespace Polymorph.Structures.Bonds;

/// <summary>A key that is equal for isomorphic acyclic molecules and different for others, written without allocation.</summary>
/// <remarks>Leaves are peeled towards the centre; each atom's key is its element followed by the sorted keys of the atoms that hang on it (Aho, Hopcroft, Ullman 1974, section 3.2).
/// Hydrogens are left out: where every valence is satisfied, the heavy atoms fix them.</remarks>
internal static class TreeKey
{
    // 64 heavy atoms in a chain: each writes its own branch anew, 3 characters per atom, at most 32 deep from either end.
    /// <summary>Room for the keys of all branches of 64 atoms.</summary>
    public const int MaxLength = 3 * 2 * 32 * 33 / 2 + 3 * MoleculeClassifier.MaxAtoms;

    /// <summary>Writes the key at the start of the buffer.</summary>
    /// <param name="species">Element of each atom.</param>
    /// <param name="bonded">Bonded atoms of each atom, one bit each; all valences satisfied and connected.</param>
    /// <param name="buffer">[<see cref="MaxLength"/>], overwritten.</param>
    /// <returns>Length of the key; 0 when the molecule has a ring.</returns>
    public static int Write(ReadOnlySpan<Element> species, ReadOnlySpan<ulong> bonded, Span<char> buffer)
    {
        ulong open = 0;
        for (int i = 0; i < species.Length; i++)
        {
            open |= species[i].Number == 1 ? 0 : 1UL << i;
        }

        if (open == 0)
        {
            return 0; // H2 alone
        }

        Span<int> start = stackalloc int[MoleculeClassifier.MaxAtoms], length = stackalloc int[MoleculeClassifier.MaxAtoms];
        ulong heavy = open;
        int used = 0;
        while (BitOperations.PopCount(open) > 2)
        {
            ulong leaves = 0;
            for (ulong rest = open; rest != 0; rest &= rest - 1)
            {
                int i = BitOperations.TrailingZeroCount(rest);
                leaves |= BitOperations.PopCount(bonded[i] & open) == 1 ? 1UL << i : 0;
            }

            if (leaves == 0)
            {
                return 0;
            }

            for (ulong rest = leaves; rest != 0; rest &= rest - 1)
            {
                WriteAtom(BitOperations.TrailingZeroCount(rest), heavy & ~open, species, bonded, start, length, buffer, ref used);
            }

            open &= ~leaves;
        }

        int first = BitOperations.TrailingZeroCount(open);
        ulong hanging = heavy & ~open;
        WriteAtom(first, hanging, species, bonded, start, length, buffer, ref used);
        int from = start[first];
        if (BitOperations.PopCount(open) == 2)
        {
            int second = BitOperations.TrailingZeroCount(open & (open - 1));
            WriteAtom(second, hanging, species, bonded, start, length, buffer, ref used);
            SortTwo(buffer[from..used], length[first]);
        }

        buffer[from..used].CopyTo(buffer);
        return used - from;
    }

    private static void WriteAtom(
        int atom, ulong done, ReadOnlySpan<Element> species, ReadOnlySpan<ulong> bonded, Span<int> start, Span<int> length, Span<char> buffer, ref int used)
    {
        Span<int> children = stackalloc int[8];
        int count = 0;
        for (ulong rest = bonded[atom] & done; rest != 0; rest &= rest - 1)
        {
            int child = BitOperations.TrailingZeroCount(rest);
            var key = buffer.Slice(start[child], length[child]);
            int at = count++;
            while (at > 0 && buffer.Slice(start[children[at - 1]], length[children[at - 1]]).SequenceCompareTo(key) > 0)
            {
                children[at] = children[at - 1];
                at--;
            }

            children[at] = child;
        }

        start[atom] = used;
        buffer[used++] = '(';
        buffer[used++] = (char)('0' + species[atom].Number);
        foreach (int child in children[..count])
        {
            buffer.Slice(start[child], length[child]).CopyTo(buffer[used..]);
            used += length[child];
        }

        buffer[used++] = ')';
        length[atom] = used - start[atom];
    }

    // The two halves of a tree with a central bond, the smaller key first.
    private static void SortTwo(Span<char> halves, int firstLength)
    {
        if (halves[..firstLength].SequenceCompareTo(halves[firstLength..]) > 0)
        {
            halves[..firstLength].Reverse();
            halves[firstLength..].Reverse();
            halves.Reverse();
        }
    }
}
