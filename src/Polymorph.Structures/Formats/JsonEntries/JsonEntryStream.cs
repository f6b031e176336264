using System.Buffers;

namespace Polymorph.Structures.Formats.JsonEntries;

/// <summary>Cuts a JSON text into its entries without holding more than one of them.</summary>
/// <remarks>Entries are the values that follow one another at the top (JSON Lines), the items of an array at the top, and the items of the array
/// <c>data</c> of an object at the top (JSON:API, OPTIMADE). Only brackets and quotation marks are looked at here; whether an entry is JSON, its parser says.</remarks>
internal sealed class JsonEntryStream(Stream stream, ReadOptions options, bool linesExpected)
{
    private readonly byte[] _buffer = new byte[1 << 16];
    private readonly ArrayBufferWriter<byte> _entry = new();
    private int _at;
    private int _end;
    private bool _oneEntryPerLine = linesExpected;
    private bool _begun;
    private Container _container;

    private enum Container
    {
        None,
        Array,
        Envelope,
    }

    /// <summary>Line that is being read, from 1.</summary>
    public long Line { get; private set; } = 1;

    /// <summary>The next entry and its line, or null at the end. The bytes are valid until the next call.</summary>
    /// <exception cref="InputProblemException">PM2601: the text breaks off, or is no JSON; PM2113: an entry is too long; reading may go on unless it ends the file.</exception>
    public (ReadOnlyMemory<byte> Bytes, long Line)? Next()
    {
        while (true)
        {
            SkipBlanks();
            int first = Peek();
            if (first < 0)
            {
                return _container == Container.None ? null : throw BrokenOff("before the list of entries ends");
            }

            if (_container == Container.None && first == '[')
            {
                Take();
                _container = Container.Array;
            }
            else if (_container != Container.None && first == ']')
            {
                Take();
                bool envelope = _container == Container.Envelope;
                _container = Container.None;
                if (envelope)
                {
                    SkipToEndOfObject();
                }
            }
            else if (first is not ('{' or '['))
            {
                RefuseScalar();
            }
            else if (Capture() is { } entry)
            {
                return entry;
            }
        }
    }

    /// <summary>Takes one object or array; null when it turned out to be an envelope, whose entries come next.</summary>
    private (ReadOnlyMemory<byte>, long)? Capture()
    {
        _entry.ResetWrittenCount();
        long line = Line;
        int depth = 0, keyStart = 0, keyEnd = 0;
        byte before = 0;
        bool quoted = false, tooLong = false, other = false;
        while (true)
        {
            int next = Peek();
            if (next < 0)
            {
                throw BrokenOff($"within the entry that begins in line {line}");
            }

            byte b = (byte)next;
            if (b == '\n' && (quoted || (_oneEntryPerLine && _container == Container.None)))
            {
                // Neither a text nor an entry of JSON Lines goes on in the next line: the rest can be read.
                Take();
                throw Malformed(line, quoted ? "a text is not closed" : "the entry does not end in its line");
            }

            Take();
            if (!tooLong)
            {
                Append(b);
                tooLong = _entry.WrittenCount > options.MaxEntryBytes;
            }

            if (quoted)
            {
                if (b == '\\')
                {
                    int escaped = Peek();
                    if (escaped is >= 0 and not '\n')
                    {
                        Take();
                        Append((byte)escaped);
                    }
                }
                else if (b == '"')
                {
                    quoted = false;
                    keyEnd = depth == 1 ? _entry.WrittenCount - 1 : keyEnd;
                    before = b;
                }

                continue;
            }

            switch (b)
            {
                case (byte)'"':
                    quoted = true;
                    keyStart = depth == 1 ? _entry.WrittenCount : keyStart;
                    break;
                case (byte)':' when depth == 1 && !tooLong:
                    // An object that is a structure itself has no envelope's data.
                    other |= _entry.WrittenSpan[keyStart..Math.Max(keyStart, keyEnd)] is var key && (key.SequenceEqual("@module"u8) || key.SequenceEqual("sites"u8) || key.SequenceEqual("structure"u8));
                    break;
                case (byte)'[' when depth == 1 && before == ':' && _container == Container.None && !other && !tooLong && _entry.WrittenSpan[keyStart..Math.Max(keyStart, keyEnd)].SequenceEqual("data"u8):
                    _container = Container.Envelope;
                    return null;
                case (byte)'{' or (byte)'[':
                    depth++;
                    break;
                case (byte)'}' or (byte)']' when --depth == 0:
                    if (tooLong)
                    {
                        throw new InputProblemException("PM2113", line, $"the entry has more than {options.MaxEntryBytes} bytes", "Split the file, or leave out what is no structure.");
                    }

                    NoteLines(line);
                    return (_entry.WrittenMemory, line);
            }

            before = b is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' ? before : b;
        }
    }

    /// <summary>The first entry at the top that ends in its line, with another one below it, tells JSON Lines.</summary>
    private void NoteLines(long line)
    {
        if (_container == Container.None)
        {
            _oneEntryPerLine |= Line == line && _begun;
            _begun = true;
        }
    }

    private void SkipToEndOfObject()
    {
        bool quoted = false;
        for (int depth = 1; depth > 0;)
        {
            int b = Peek();
            if (b < 0)
            {
                throw BrokenOff("before the object ends that holds the entries");
            }

            Take();
            if (quoted)
            {
                quoted = b != '"';
                if (b == '\\' && Peek() >= 0)
                {
                    Take();
                }
            }
            else
            {
                quoted = b == '"';
                depth += b is '{' or '[' ? 1 : b is '}' or ']' ? -1 : 0;
            }
        }
    }

    /// <summary>Passes over what is no entry, such as numbers in a list: to the next entry, or to the end of the line where entries stand in lines.</summary>
    private void RefuseScalar()
    {
        long line = Line;
        bool quoted = false;
        do
        {
            quoted ^= Peek() == '"';
            Take();
        }
        while (Peek() is var b and >= 0 && (_container == Container.None ? b != '\n' : quoted || b is not (']' or '{' or '[')));

        throw new InputProblemException("PM2601", line, "an entry is neither an object nor a list", "Check that the file is JSON and has not been cut or mixed up.", endsFile: _container == Container.None && !_begun);
    }

    private void Append(byte b)
    {
        _entry.GetSpan(1)[0] = b;
        _entry.Advance(1);
    }

    private void SkipBlanks()
    {
        // A byte-order mark may begin the text, a record separator each entry (RFC 7464).
        while (Peek() is ' ' or '\t' or '\r' or '\n' or ',' or 0x1e or 0xef or 0xbb or 0xbf)
        {
            Take();
        }
    }

    private int Peek()
    {
        if (_at == _end)
        {
            _end = stream.Read(_buffer);
            _at = 0;
        }

        return _at < _end ? _buffer[_at] : -1;
    }

    private void Take() => Line += _buffer[_at++] == '\n' ? 1 : 0;

    private InputProblemException BrokenOff(string where) =>
        new("PM2601", Line, $"the JSON breaks off {where}", "The file has been cut short: copy or fetch it again; entries before the break have been read.", endsFile: true);

    private static InputProblemException Malformed(long line, string why) => new("PM2601", line, $"the entry is not JSON: {why}", "Look at this line of the file; the entries after it are read.");
}
