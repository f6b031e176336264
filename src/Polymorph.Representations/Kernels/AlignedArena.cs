using System.Runtime.CompilerServices;

namespace Polymorph.Representations.Kernels;

/// <summary>Scratch arrays of a kernel: pinned, zeroed, each on a 64-byte boundary, alive as long as the arena.</summary>
internal sealed unsafe class AlignedArena
{
    private const int Alignment = 64;
    private readonly List<byte[]> _blocks = [];

    /// <summary>A new array.</summary>
    public T* Take<T>(int count)
        where T : unmanaged
    {
        byte[] block = GC.AllocateArray<byte>(checked(count * sizeof(T) + Alignment), pinned: true);
        _blocks.Add(block);
        nint start = (nint)Unsafe.AsPointer(ref block[0]);
        return (T*)((start + Alignment - 1) & ~(nint)(Alignment - 1));
    }
}
