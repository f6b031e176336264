using System.Runtime.InteropServices;
using Polymorph.Foundation;

namespace Polymorph.Selection;

/// <summary>Reads numbers at a place of a file.</summary>
internal static class RowFile
{
    /// <summary>Reads numbers.</summary>
    /// <param name="file">The file.</param>
    /// <param name="offset">First byte.</param>
    /// <param name="row">Overwritten.</param>
    /// <exception cref="PolymorphException">PM5005: the file cannot be read, or is shorter than it was.</exception>
    public static void Read(FileStream file, long offset, Span<float> row)
    {
        var bytes = MemoryMarshal.AsBytes(row);
        try
        {
            while (!bytes.IsEmpty)
            {
                int got = RandomAccess.Read(file.SafeFileHandle, bytes, offset);
                if (got == 0)
                {
                    throw new EndOfStreamException("the file is shorter than it was");
                }

                bytes = bytes[got..];
                offset += got;
            }
        }
        catch (IOException e)
        {
            throw new PolymorphException("PM5005", $"descriptors that were set aside cannot be read back: {e.Message}", file.Name, "Leave the file alone while a selection runs, and start the same command again.", inner: e);
        }
    }
}
