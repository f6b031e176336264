using System.Runtime.CompilerServices;

namespace Polymorph.Energies.Kernels.TensorNet;

/// <summary>Scratch memory of one evaluator: a pinned block that grows when a larger structure comes and is handed out from its start for every structure.</summary>
internal sealed unsafe class FeatureArena
{
    private const int Alignment = 64;
    private byte[] _block = [];
    private nint _next, _end;

    /// <summary>Takes everything back and makes room for a number of bytes and arrays.</summary>
    public void Reset(long bytes, int arrays)
    {
        long wanted = bytes + (arrays + 1L) * Alignment;
        if (_block.LongLength < wanted)
        {
            _block = [];
            _block = GC.AllocateUninitializedArray<byte>(checked((int)Math.Min(Math.Max(wanted, wanted + wanted / 4), Math.Max(wanted, Array.MaxLength))), pinned: true);
        }

        nint start = (nint)Unsafe.AsPointer(ref _block[0]);
        _next = (start + Alignment - 1) & ~(nint)(Alignment - 1);
        _end = start + _block.Length;
    }

    /// <summary>An array on a 64-byte boundary; its content is left over from before.</summary>
    public T* Take<T>(long count)
        where T : unmanaged
    {
        nint at = _next;
        _next = at + (nint)((count * sizeof(T) + Alignment - 1) & ~(long)(Alignment - 1));
        return _next <= _end ? (T*)at : throw new InvalidOperationException("the scratch memory was reckoned too small");
    }
}
