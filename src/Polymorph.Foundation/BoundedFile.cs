namespace Polymorph.Foundation;

/// <summary>Reads a whole file of which at most so many bytes can be meant, whatever length the file system says it has.</summary>
/// <remarks>Pipes and devices say that their length is zero and may never end.</remarks>
public static class BoundedFile
{
    private const int FirstPart = 1 << 12;

    /// <summary>All bytes of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="atMost">Most bytes it may have, below 2³⁰ + 1; at most one more is read.</param>
    /// <param name="tooLarge">Makes the error for a file with more, from the reason.</param>
    /// <exception cref="PolymorphException">The file has more bytes; made by <paramref name="tooLarge"/>.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or is a folder.</exception>
    public static byte[] Read(string path, int atMost, Func<string, PolymorphException> tooLarge)
    {
        ArgumentNullException.ThrowIfNull(tooLarge);
        ArgumentOutOfRangeException.ThrowIfNegative(atMost);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(atMost, 1 << 30);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        long length = stream.CanSeek ? stream.Length : 0;
        if (length > atMost)
        {
            throw tooLarge($"the file has {length} bytes, more than {atMost}");
        }

        // One byte more than the file says it has, so that its end is seen without growing.
        byte[] bytes = new byte[Math.Min(Math.Max(length, FirstPart), atMost) + 1];
        int count = 0;
        while (stream.Read(bytes, count, bytes.Length - count) is var came and > 0)
        {
            count += came;
            if (count > atMost)
            {
                throw tooLarge($"the file has more than {atMost} bytes");
            }

            if (count == bytes.Length)
            {
                Array.Resize(ref bytes, (int)Math.Min(2L * count, atMost + 1L));
            }
        }

        Array.Resize(ref bytes, count);
        return bytes;
    }
}
