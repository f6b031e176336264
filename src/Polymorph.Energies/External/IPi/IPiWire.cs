using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Polymorph.Energies.External.IPi;

/// <summary>The bytes of the i-PI protocol on one connection: headers of twelve characters, 32-bit integers and doubles, little-endian, without lengths or checksums.</summary>
/// <remarks>A message is gathered and sent at once; what is received is awaited to the last byte, in slices, so that time limits and cancellation are seen.</remarks>
internal sealed class IPiWire : IDisposable
{
    /// <summary>Characters of a header.</summary>
    public const int HeaderLength = 12;

    private const int SliceMicroseconds = 20_000;
    private readonly Socket _socket;
    private byte[] _message = new byte[1024];
    private int _length;

    /// <summary>The bytes on a connection.</summary>
    /// <param name="socket">A connected socket, owned from now on.</param>
    public IPiWire(Socket socket)
    {
        _socket = socket;
        // All waiting is done where the clock and the cancellation are looked at.
        _socket.Blocking = false;
    }

    /// <summary>Adds a header to the message.</summary>
    /// <param name="header">At most twelve ASCII characters.</param>
    public void Write(string header)
    {
        var target = Extend(HeaderLength);
        target.Fill((byte)' ');
        Encoding.ASCII.GetBytes(header, target);
    }

    /// <summary>Adds an integer to the message.</summary>
    /// <param name="value">The integer.</param>
    public void Write(int value) => BinaryPrimitives.WriteInt32LittleEndian(Extend(sizeof(int)), value);

    /// <summary>Adds numbers to the message.</summary>
    /// <param name="values">The numbers.</param>
    public void Write(ReadOnlySpan<double> values)
    {
        var target = Extend(sizeof(double) * values.Length);
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(target[(sizeof(double) * i)..], values[i]);
        }
    }

    /// <summary>Adds bytes to the message.</summary>
    /// <param name="bytes">The bytes.</param>
    public void WriteBytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Extend(bytes.Length));

    /// <summary>Sends the message.</summary>
    /// <param name="deadline">When to give up.</param>
    /// <exception cref="IPiFailure">The other side is gone or does not read.</exception>
    public void Send(Deadline deadline)
    {
        int sent = 0;
        while (sent < _length)
        {
            if (_socket.Poll(SliceMicroseconds, SelectMode.SelectWrite))
            {
                int count = _socket.Send(_message.AsSpan(sent, _length - sent), SocketFlags.None, out var error);
                if (error is not (SocketError.Success or SocketError.WouldBlock))
                {
                    throw new IPiFailure("closed the connection") { Gone = true };
                }

                sent += count;
            }

            if (sent < _length)
            {
                deadline.Check("read what it was sent");
            }
        }

        _length = 0;
    }

    /// <summary>The next header without its padding.</summary>
    /// <param name="deadline">When to give up.</param>
    /// <exception cref="IPiFailure">The other side is gone or silent.</exception>
    public string ReceiveHeader(Deadline deadline)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        Receive(header, deadline);
        return Encoding.ASCII.GetString(header).TrimEnd(' ', '\0');
    }

    /// <summary>The next integer.</summary>
    /// <param name="deadline">When to give up.</param>
    /// <exception cref="IPiFailure">The other side is gone or silent.</exception>
    public int ReceiveInt32(Deadline deadline)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        Receive(bytes, deadline);
        return BinaryPrimitives.ReadInt32LittleEndian(bytes);
    }

    /// <summary>The next numbers.</summary>
    /// <param name="values">Overwritten.</param>
    /// <param name="deadline">When to give up.</param>
    /// <exception cref="IPiFailure">The other side is gone or silent.</exception>
    public void Receive(Span<double> values, Deadline deadline)
    {
        Receive(MemoryMarshal.AsBytes(values), deadline);
        if (!BitConverter.IsLittleEndian)
        {
            BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<double, long>(values), MemoryMarshal.Cast<double, long>(values));
        }
    }

    /// <summary>The next bytes.</summary>
    /// <param name="bytes">Overwritten.</param>
    /// <param name="deadline">When to give up.</param>
    /// <exception cref="IPiFailure">The other side is gone or silent.</exception>
    public void Receive(Span<byte> bytes, Deadline deadline)
    {
        int came = 0;
        while (came < bytes.Length)
        {
            if (_socket.Poll(SliceMicroseconds, SelectMode.SelectRead))
            {
                int count = _socket.Receive(bytes[came..], SocketFlags.None, out var error);
                if (error == SocketError.Success ? count == 0 : error != SocketError.WouldBlock)
                {
                    throw new IPiFailure(came == 0 ? "closed the connection" : "closed the connection in the middle of a message") { Gone = true };
                }

                came += count;
            }

            if (came < bytes.Length)
            {
                deadline.Check("answer");
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private Span<byte> Extend(int count)
    {
        if (_length + count > _message.Length)
        {
            Array.Resize(ref _message, Math.Max(2 * _message.Length, _length + count));
        }

        _length += count;
        return _message.AsSpan(_length - count, count);
    }
}
