using System.Text;

namespace Polymorph.Energies.External;

/// <summary>The end of a stream of text, in bounded memory however long the stream is.</summary>
internal sealed class TextTail
{
    private const int Length = 4096;
    private readonly Lock _gate = new();
    private readonly StringBuilder _text = new();

    /// <summary>The last characters so far, at most 4096.</summary>
    public string Text
    {
        get
        {
            lock (_gate)
            {
                return _text.ToString();
            }
        }
    }

    /// <summary>Reads until the end.</summary>
    /// <param name="reader">The stream.</param>
    public async Task Read(TextReader reader)
    {
        var block = new char[Length];
        try
        {
            while (await reader.ReadAsync(block).ConfigureAwait(false) is var count and > 0)
            {
                Append(block.AsSpan(0, count));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The program was ended; what came before is kept.
        }
    }

    private void Append(ReadOnlySpan<char> block)
    {
        lock (_gate)
        {
            _text.Append(block);
            if (_text.Length > Length)
            {
                _text.Remove(0, _text.Length - Length);
            }
        }
    }
}
