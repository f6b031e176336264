namespace Polymorph.Structures.Formats;

/// <summary>A stream whose first bytes can be looked at before it is read.</summary>
internal sealed class PrefixStream : Stream
{
    private const int PrefixLength = 1 << 16;

    private readonly Stream _inner;
    private readonly byte[] _prefix = new byte[PrefixLength];
    private readonly int _length;
    private int _at;

    public PrefixStream(Stream inner)
    {
        _inner = inner;
        _length = inner.ReadAtLeast(_prefix, PrefixLength, throwOnEndOfStream: false);
    }

    /// <summary>Up to 64 KiB from the start.</summary>
    public ReadOnlySpan<byte> Prefix => _prefix.AsSpan(0, _length);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (_at == _length)
        {
            return _inner.Read(buffer);
        }

        int count = Math.Min(buffer.Length, _length - _at);
        _prefix.AsSpan(_at, count).CopyTo(buffer);
        _at += count;
        return count;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
