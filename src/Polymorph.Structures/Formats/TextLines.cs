using System.Text;

namespace Polymorph.Structures.Formats;

/// <summary>Reads a text line by line with bounded memory, remembers line numbers, and looks ahead.</summary>
/// <remarks>Lines end with LF, CR LF or CR. The text is UTF-8, or UTF-16 or UTF-32 with a byte-order mark; bytes that are none of these
/// become U+FFFD, because old CIF files carry authors' names in Latin-1. Control characters mean that this is no text.</remarks>
internal sealed class TextLines(Stream stream, int maxLineLength) : IDisposable
{
    // Most structure files have a few KiB; buffers of 64 Ki characters would lie on the large object heap.
    private readonly StreamReader _reader = new(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, 1 << 13);
    private readonly char[] _buffer = GC.AllocateUninitializedArray<char>(1 << 13);
    private readonly List<string> _ahead = [];
    private readonly StringBuilder _long = new();
    private int _at;
    private int _end;
    private long _readLines;
    private bool _finished;

    /// <summary>Number of the line that <see cref="Read"/> gave last, from 1.</summary>
    public long Number => _readLines - _ahead.Count;

    /// <summary>The next line, or null at the end.</summary>
    /// <exception cref="InputProblemException">PM2005 or PM2007.</exception>
    public string? Read()
    {
        if (_ahead.Count > 0)
        {
            string line = _ahead[0];
            _ahead.RemoveAt(0);
            return line;
        }

        return Next();
    }

    /// <summary>A line further on without taking it; null past the end.</summary>
    /// <param name="distance">0 for the line that <see cref="Read"/> would give next.</param>
    public string? Peek(int distance = 0)
    {
        while (_ahead.Count <= distance)
        {
            if (Next() is not { } line)
            {
                return null;
            }

            _ahead.Add(line);
        }

        return _ahead[distance];
    }

    /// <summary>True for characters that may stand in a line. Tab, vertical tab and form feed are blanks; 0x1A ended text files under DOS.</summary>
    public static bool IsText(char c) => c is >= ' ' or '\t' or '\v' or '\f' or '\u001a';

    /// <summary>Closes the stream.</summary>
    public void Dispose() => _reader.Dispose();

    private string? Next()
    {
        if (_finished)
        {
            return null;
        }

        _long.Clear();
        while (_at < _end || Fill())
        {
            var rest = _buffer.AsSpan(_at, _end - _at);
            int stop = rest.IndexOfAny('\n', '\r');
            var part = stop < 0 ? rest : rest[..stop];
            if (_long.Length + part.Length > maxLineLength)
            {
                _finished = true;
                throw new InputProblemException("PM2007", _readLines + 1, $"the line is longer than {maxLineLength} characters",
                    "This is hardly a structure file; if it is, raise the limit on the length of a line.", endsFile: true);
            }

            RefuseControlCharacters(part);
            if (stop < 0)
            {
                _long.Append(part);
                _at = _end;
                continue;
            }

            string line = _long.Length == 0 ? part.ToString() : _long.Append(part).ToString();
            bool carriageReturn = rest[stop] == '\r';
            _at += stop + 1;
            if (carriageReturn && (_at < _end || Fill()) && _buffer[_at] == '\n')
            {
                _at++;
            }

            _readLines++;
            return line;
        }

        _finished = true;
        if (_long.Length == 0)
        {
            return null;
        }

        _readLines++;
        return _long.ToString();
    }

    private bool Fill()
    {
        _at = 0;
        _end = _reader.Read(_buffer, 0, _buffer.Length);
        return _end > 0;
    }

    private void RefuseControlCharacters(ReadOnlySpan<char> part)
    {
        int at = part.IndexOfAnyInRange('\0', '\u001f');
        while (at >= 0)
        {
            if (!IsText(part[at]))
            {
                _finished = true;
                throw new InputProblemException("PM2005", _readLines + 1, $"this is a binary file: the character 0x{(int)part[at]:X2} does not occur in text",
                    "Give a text file (xyz, extxyz, POSCAR, CIF), plain or compressed with gzip.", endsFile: true);
            }

            part = part[(at + 1)..];
            at = part.IndexOfAnyInRange('\0', '\u001f');
        }
    }
}
