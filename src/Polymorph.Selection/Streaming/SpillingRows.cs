using System.Runtime.InteropServices;
using Polymorph.Foundation;

namespace Polymorph.Selection;

/// <summary>Rows in memory up to a limit; the later ones in a file of the folder for temporary files, which goes when this ends.</summary>
/// <param name="width">Numbers per row.</param>
/// <param name="bytes">Memory to use.</param>
internal sealed class SpillingRows(int width, long bytes) : IRowStore, IDisposable
{
    private const int BufferRows = 1024;

    private readonly long _inMemory = bytes / (sizeof(float) * Math.Max(1, width));
    private readonly List<float[]> _rows = [];
    private readonly float[] _buffer = new float[BufferRows * width];
    private FileStream? _file;
    private int _written;

    /// <inheritdoc/>
    public int Count { get; private set; }

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<float> row)
    {
        if (Count < _inMemory)
        {
            _rows.Add(row.ToArray());
        }
        else
        {
            row.CopyTo(_buffer.AsSpan((Count - _rows.Count - _written) * width, width));
            if (Count + 1 - _rows.Count - _written == BufferRows)
            {
                Flush();
            }
        }

        Count++;
    }

    /// <inheritdoc/>
    public void Read(int index, Span<float> row)
    {
        int behind = index - _rows.Count;
        if (behind < 0)
        {
            _rows[index].CopyTo(row);
        }
        else if (behind >= _written)
        {
            _buffer.AsSpan((behind - _written) * width, width).CopyTo(row);
        }
        else
        {
            RowFile.Read(_file!, (long)behind * width * sizeof(float), row);
        }
    }

    public void Dispose() => _file?.Dispose();

    private void Flush()
    {
        try
        {
            _file ??= new FileStream(Path.GetTempFileName(), new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose, BufferSize = 0 });
            RandomAccess.Write(_file.SafeFileHandle, MemoryMarshal.AsBytes<float>(_buffer), (long)_written * width * sizeof(float));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PolymorphException("PM5005", $"descriptors that do not fit into memory cannot be set aside: {e.Message}", Path.GetTempPath(),
                "Free some space there, or name another folder in the variable TMPDIR.", inner: e);
        }

        _written += BufferRows;
    }
}
