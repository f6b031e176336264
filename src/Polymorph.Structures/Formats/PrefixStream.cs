namespace Polymorph.Structures.Formats;

/// <summary>A stream whose first bytes can be looked at before it is read.</summary>
internal sealed class PrefixStream : PassThroughStream
{
    private const int PrefixLength = 1 << 16;

    private readonly byte[] _prefix = GC.AllocateUninitializedArray<byte>(PrefixLength);
    private readonly int _length;
    private int _at;

    public PrefixStream(Stream inner)
        : base(inner)
    {
        _length = inner.ReadAtLeast(_prefix, PrefixLength, throwOnEndOfStream: false);
    }

    /// <summary>Up to 64 KiB from the start.</summary>
    public ReadOnlySpan<byte> Prefix => _prefix.AsSpan(0, _length);

    public override int Read(Span<byte> buffer)
    {
        if (_at == _length)
        {
            return base.Read(buffer);
        }

        int count = Math.Min(buffer.Length, _length - _at);
        _prefix.AsSpan(_at, count).CopyTo(buffer);
        _at += count;
        return count;
    }
}
