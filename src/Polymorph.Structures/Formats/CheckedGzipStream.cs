using System.Buffers.Binary;
using System.IO.Compression;

namespace Polymorph.Structures.Formats;

/// <summary>Decompresses gzip and notices when the data have been cut short, which <see cref="GZipStream"/> takes for their end.</summary>
/// <remarks>A gzip member ends with its uncompressed length modulo 2³² (RFC 1952). Files of several members are recognised by a further member
/// header; of those only the last length could be compared, so the check is left to the runtime's own strict validation, which a program switches on in its
/// configuration (<c>System.IO.Compression.UseStrictValidation</c>); the programs of this repository do.</remarks>
internal sealed class CheckedGzipStream : PassThroughStream
{
    private readonly Tap _tap;
    private long _given;

    public CheckedGzipStream(Stream compressed)
        : this(new Tap(compressed))
    {
    }

    private CheckedGzipStream(Tap tap)
        : base(new GZipStream(tap, CompressionMode.Decompress)) => _tap = tap;

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The data are damaged or cut short.</exception>
    public override int Read(Span<byte> buffer)
    {
        int count = base.Read(buffer);
        _given += count;
        if (count == 0 && !buffer.IsEmpty && !_tap.HasFurtherMember && _tap.LastFourBytes != (uint)_given)
        {
            throw new InvalidDataException("the compressed data are cut short");
        }

        return count;
    }

    /// <summary>Passes the compressed bytes on and remembers the last ones.</summary>
    private sealed class Tap(Stream inner) : PassThroughStream(inner)
    {
        private const int HeaderLength = 10;

        private readonly byte[] _window = new byte[(1 << 16) + HeaderLength];
        private int _kept;
        private bool _first = true;

        public bool HasFurtherMember { get; private set; }

        public uint LastFourBytes => _kept < 4 ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(_window.AsSpan(_kept - 4));

        public override int Read(Span<byte> buffer)
        {
            int count = base.Read(buffer[..Math.Min(buffer.Length, 1 << 16)]);
            if (count > 0)
            {
                Watch(buffer[..count]);
            }

            return count;
        }

        private void Watch(ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(_window.AsSpan(_kept));
            int end = _kept + bytes.Length;
            int from = _first ? 1 : 0;
            _first = false;
            while (!HasFurtherMember && end - from >= HeaderLength && _window.AsSpan(from, end - from).IndexOf<byte>([0x1f, 0x8b, 8]) is var at and >= 0)
            {
                from += at;

                // Flags, compression level and operating system take few values; chance would need 10¹² bytes to hit them all.
                HasFurtherMember = end - from >= HeaderLength && _window[from + 3] is 0 or 4 or 8 && _window[from + 8] is 0 or 2 or 4
                    && _window[from + 9] is 0 or 3 or 7 or 10 or 11 or 13 or 19 or 255;
                from++;
            }

            _kept = Math.Min(end, HeaderLength - 1);
            _window.AsSpan(end - _kept, _kept).CopyTo(_window);
        }
    }
}
