using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using Polymorph.Foundation;

namespace Polymorph.Selection;

/// <summary>What a selection has found so far, wave by wave, in one file: reasons of losses, and descriptors of what is left. A killed process goes on behind the last whole wave.</summary>
/// <remarks>File: the line <c>polymorph selection 1</c>, length and text of the settings, then per wave its first index, the number of structures and of rows, one byte
/// per structure for the reason and four for its detail, the rows, and a checksum (CRC-32C) of all this. A wave that is cut short or damaged ends what is taken over.</remarks>
internal sealed class SelectionJournal : IRowStore, IDisposable
{
    private static readonly byte[] Magic = "polymorph selection 1\n"u8.ToArray();

    private readonly FileStream _file;
    private readonly string _path;
    private readonly int _width;
    private readonly List<(int FirstRow, long Offset)> _waves = [];
    private readonly List<float> _pending = [];
    private long _end;
    private int _savedRows;

    private SelectionJournal(FileStream file, string path, int width) => (_file, _path, _width) = (file, path, width);

    /// <summary>Structures whose waves are saved.</summary>
    public int Done { get; private set; }

    /// <inheritdoc/>
    public int Count => _savedRows + _pending.Count / Math.Max(1, _width);

    /// <summary>Opens a journal; one of other settings is begun anew.</summary>
    /// <param name="path">The file.</param>
    /// <param name="settings">Everything that the result depends on.</param>
    /// <param name="width">Numbers per row.</param>
    /// <exception cref="PolymorphException">PM5004: the file is something else; PM5005: it cannot be read or written.</exception>
    public static SelectionJournal Open(string path, string settings, int width) => Guarded(path, () =>
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
        {
            Directory.CreateDirectory(folder);
        }

        // Not shared: two processes would write into each other's waves.
        var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 });
        try
        {
            var journal = new SelectionJournal(file, path, width);
            journal.Begin(Encoding.UTF8.GetBytes(settings));
            return journal;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    });

    /// <summary>Takes over the waves that are saved.</summary>
    /// <param name="losses">Reason of each structure, [structures], overwritten as far as saved.</param>
    /// <param name="details">Detail of each, [structures], likewise.</param>
    /// <param name="passed">The byte of a structure that was not lost.</param>
    /// <param name="action">Called with each row and its structure, in order.</param>
    public void Replay(byte[] losses, int[] details, byte passed, DescribedStructure action) => Guarded(_path, () =>
    {
        var header = new int[3];
        float[] row = new float[_width];
        while (TryReadWave(header, losses, details) is { } rowsAt)
        {
            var (first, count, rows) = (header[0], header[1], header[2]);
            _waves.Add((_savedRows, rowsAt));
            int r = 0;
            for (int i = first; i < first + count; i++)
            {
                if (losses[i] == passed || losses[i] == (byte)LossReason.Known)
                {
                    RowFile.Read(_file, rowsAt + (long)r++ * _width * sizeof(float), row);
                    action(i, row);
                    _savedRows++;
                }
            }

            if (r != rows)
            {
                throw new InvalidOperationException($"a wave with {rows} descriptors has {r} structures for them");
            }

            Done = first + count;
        }

        Array.Fill(losses, passed, Done, losses.Length - Done);
        _file.SetLength(_end);
        return 0;
    });

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<float> row) => _pending.AddRange(row);

    /// <inheritdoc/>
    public void Read(int index, Span<float> row)
    {
        if (index >= _savedRows)
        {
            CollectionsMarshal.AsSpan(_pending).Slice((index - _savedRows) * _width, _width).CopyTo(row);
            return;
        }

        int low = 0, high = _waves.Count - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            (low, high) = _waves[middle].FirstRow <= index ? (middle, high) : (low, middle - 1);
        }

        RowFile.Read(_file, _waves[low].Offset + (long)(index - _waves[low].FirstRow) * _width * sizeof(float), row);
    }

    /// <summary>Saves a wave with the rows added since the last one.</summary>
    /// <param name="first">Its first structure.</param>
    /// <param name="losses">Reasons of its structures.</param>
    /// <param name="details">Their details.</param>
    public void Append(int first, ReadOnlySpan<byte> losses, ReadOnlySpan<int> details)
    {
        int rows = _pending.Count / Math.Max(1, _width);
        byte[] wave = [.. MemoryMarshal.AsBytes<int>([first, losses.Length, rows]), .. losses, .. MemoryMarshal.AsBytes(details), .. MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_pending)), 0, 0, 0, 0];
        BitConverter.TryWriteBytes(wave.AsSpan(wave.Length - sizeof(uint)), Checksum(wave.AsSpan(0, wave.Length - sizeof(uint))));
        Guarded(_path, () =>
        {
            RandomAccess.Write(_file.SafeFileHandle, wave, _end);
            return 0;
        });
        _waves.Add((_savedRows, _end + 3 * sizeof(int) + losses.Length * (1 + sizeof(int))));
        (_end, _savedRows, Done) = (_end + wave.Length, _savedRows + rows, first + losses.Length);
        _pending.Clear();
    }

    public void Dispose() => _file.Dispose();

    private void Begin(byte[] settings)
    {
        byte[] expected = [.. Magic, .. BitConverter.GetBytes(settings.Length), .. settings, .. BitConverter.GetBytes(_width)];
        byte[] found = new byte[expected.Length];
        int length = RandomAccess.Read(_file.SafeFileHandle, found, 0), shown = Math.Min(length, Magic.Length);
        if (!found.AsSpan(0, shown).SequenceEqual(Magic.AsSpan(0, shown)))
        {
            throw new PolymorphException("PM5004", "this is not the journal of a selection; nothing was touched", _path, "Move the file away, or choose another place.");
        }

        if (length < expected.Length || !found.AsSpan().SequenceEqual(expected))
        {
            _file.SetLength(0);
            RandomAccess.Write(_file.SafeFileHandle, expected, 0);
        }

        _end = expected.Length;
    }

    /// <summary>Where the rows of the next wave lie; null when it is not whole.</summary>
    private long? TryReadWave(int[] header, byte[] losses, int[] details)
    {
        if (!TryRead(MemoryMarshal.AsBytes(header.AsSpan()), _end))
        {
            return null;
        }

        var (first, count, rows) = (header[0], header[1], header[2]);
        long reasonsAt = _end + 3 * sizeof(int), rowsAt = reasonsAt + (long)count * (1 + sizeof(int)), end = rowsAt + (long)rows * _width * sizeof(float);
        if (first != Done || count < 1 || count > losses.Length - first || rows < 0 || rows > count || end + sizeof(uint) > RandomAccess.GetLength(_file.SafeFileHandle))
        {
            return null;
        }

        byte[] wave = new byte[end - _end + sizeof(uint)];
        if (!TryRead(wave, _end) || BitConverter.ToUInt32(wave, wave.Length - sizeof(uint)) != Checksum(wave.AsSpan(0, wave.Length - sizeof(uint))))
        {
            return null;
        }

        wave.AsSpan(3 * sizeof(int), count).CopyTo(losses.AsSpan(first));
        MemoryMarshal.Cast<byte, int>(wave.AsSpan(3 * sizeof(int) + count, count * sizeof(int))).CopyTo(details.AsSpan(first));
        _end += wave.Length;
        return rowsAt;
    }

    private bool TryRead(Span<byte> bytes, long offset)
    {
        while (!bytes.IsEmpty)
        {
            int got = RandomAccess.Read(_file.SafeFileHandle, bytes, offset);
            if (got == 0)
            {
                return false;
            }

            bytes = bytes[got..];
            offset += got;
        }

        return true;
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            crc = BitOperations.Crc32C(crc, word);
        }

        foreach (byte b in bytes[(bytes.Length & ~7)..])
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return ~crc;
    }

    private static T Guarded<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PolymorphException("PM5005", $"the journal of the selection cannot be read or written: {e.Message}", path, "Free some space, or wait for the process that uses it; the same command continues.", inner: e);
        }
    }
}
