namespace Polymorph.Structures.Formats.AseFiles;

/// <summary>A binary file that is read in any order; places outside it are noticed, whatever the file says of itself.</summary>
internal sealed class SeekableFile : IDisposable
{
    // More than this is not unpacked to disk.
    private const long LargestUnpacked = 1L << 33;

    private readonly Stream _stream;
    private readonly bool _own;

    private SeekableFile(Stream stream, bool own) => (_stream, _own, Length) = (stream, own, stream.Length);

    /// <summary>Bytes.</summary>
    public long Length { get; }

    /// <summary>Opens a file that has been looked at; what cannot be read in any order (a pipe, a compressed file) goes to a temporary file first.</summary>
    /// <param name="stream">The stream; not disposed here.</param>
    /// <exception cref="InputProblemException">PM2113: it unpacks to more than 8 GiB; PM2006: it is empty.</exception>
    public static SeekableFile Of(PrefixStream stream)
    {
        if (stream.Prefix.IsEmpty)
        {
            throw new InputProblemException("PM2006", 0, "the file is empty", "Check that it has been written completely.", endsFile: true);
        }

        if (stream.Inner.CanSeek)
        {
            return new SeekableFile(stream.Inner, own: false);
        }

        string path = Path.GetTempFileName();
        var copy = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        try
        {
            var buffer = new byte[1 << 16];
            while (stream.Read(buffer) is var count and > 0)
            {
                copy.Write(buffer.AsSpan(0, count));
                if (copy.Length > LargestUnpacked)
                {
                    throw new InputProblemException("PM2113", 0, $"the file unpacks to more than {LargestUnpacked} bytes", "Unpack it first.", endsFile: true);
                }
            }

            return new SeekableFile(copy, own: true);
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    /// <summary>Fills a span; false when the place lies outside the file.</summary>
    public bool TryRead(long offset, Span<byte> bytes)
    {
        if (offset < 0 || offset > Length - bytes.Length)
        {
            return false;
        }

        _stream.Position = offset;
        return _stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length;
    }

    /// <summary>Removes the temporary file, if there is one.</summary>
    public void Dispose()
    {
        if (_own)
        {
            _stream.Dispose();
        }
    }
}
