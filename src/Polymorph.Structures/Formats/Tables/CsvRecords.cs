using System.Runtime.ExceptionServices;
using CsvHelper;

namespace Polymorph.Structures.Formats.Tables;

/// <summary>Cuts CSV into records with CsvHelper: fields separated by commas, in quotation marks where they hold commas, line breaks or (doubled) quotation marks.</summary>
/// <remarks>Format: RFC 4180. Holds one record at a time and the text around it. The library reads ahead: what stops the text is therefore thrown after the records before it.</remarks>
internal sealed class CsvRecords : IDisposable
{
    private readonly LineText _text;
    private readonly CsvReader _reader;
    private readonly int _longest;
    private readonly List<long> _fieldLines = [];
    private bool _isOpen;

    public CsvRecords(TextLines lines, ReadOptions options)
    {
        _text = new LineText(lines);
        _longest = (int)Math.Min(options.MaxEntryBytes, int.MaxValue / 2);
        _reader = CsvReader.Create(_text, new CsvReaderOptions
        {
            Separator = ',',
            HasHeader = false,
            DetectSeparatorHint = false,
            TrackLineNumbers = true,
            MaxRecordSize = _longest,
            OnMalformedRecord = record => _isOpen = record.Reason == CsvMalformedReason.UnterminatedQuote,
        });
    }

    /// <summary>Line of the record that <see cref="Next"/> gave last, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>Line on which each field of that record begins.</summary>
    public IReadOnlyList<long> FieldLines => _fieldLines;

    /// <summary>The fields of the next record that is not blank; null at the end.</summary>
    /// <exception cref="InputProblemException">PM2632: the file ends within quotation marks; PM2113: the record is too long; those of <see cref="TextLines"/>.</exception>
    public List<string>? Next()
    {
        do
        {
            if (!Read())
            {
                _text.ThrowProblem();
                return null;
            }
        }
        while (_reader.FieldCount == 1 && Tokens.IsBlank(_reader.GetString(0)));
        if (_isOpen)
        {
            _text.ThrowProblem();
            throw new InputProblemException("PM2632", Line, "the file ends within quotation marks", "The file has been cut short: copy it again; the records before it have been read.", endsFile: true);
        }

        var fields = new List<string>(_reader.FieldCount);
        _fieldLines.Clear();
        long line = Line;
        for (int k = 0; k < _reader.FieldCount; k++)
        {
            fields.Add(_reader.GetString(k));
            _fieldLines.Add(line);
            line += _reader.GetRawSpan(k).Count((byte)'\n');
        }

        return fields;
    }

    public void Dispose() => _reader.Dispose();

    private bool Read()
    {
        try
        {
            bool any = _reader.Read();
            Line = any ? _reader.LineNumber : Line;
            return !any || _reader.RawRecord.Length <= _longest ? any : throw TooLong(Line);
        }
        catch (CsvFormatException e)
        {
            throw TooLong(e.LineNumber);
        }
    }

    private InputProblemException TooLong(long line) =>
        new("PM2113", line, $"the record has more than {_longest} bytes", "Look for a quotation mark that is not closed.", endsFile: true);

    /// <summary>Lines as a text whose line breaks are all alike. A line that cannot be read ends it.</summary>
    private sealed class LineText(TextLines lines) : TextReader
    {
        private string _line = "";
        private int _at;

        private ExceptionDispatchInfo? _problem;

        /// <summary>Throws what ended the text before its end.</summary>
        public void ThrowProblem() => _problem?.Throw();

        public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));

        public override int Read(Span<char> buffer)
        {
            if (_at == _line.Length && !NextLine())
            {
                return 0;
            }

            int count = Math.Min(buffer.Length, _line.Length - _at);
            _line.AsSpan(_at, count).CopyTo(buffer);
            _at += count;
            return count;
        }

        private bool NextLine()
        {
            try
            {
                string? line = _problem is null ? lines.Read() : null;
                (_line, _at) = (line is null ? "" : line + "\n", 0);
                return line is not null;
            }
            catch (Exception e) when (e is InputProblemException or IOException or InvalidDataException)
            {
                _problem = ExceptionDispatchInfo.Capture(e);
                (_line, _at) = ("", 0);
                return false;
            }
        }
    }
}
