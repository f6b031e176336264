using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Polymorph.Energies.External.IPi;

/// <summary>Where the server of the i-PI protocol listens: a UNIX socket by name, or a TCP port.</summary>
/// <param name="Host">Name of the UNIX socket, or the host's name.</param>
/// <param name="Port">TCP port; null for a UNIX socket.</param>
public sealed record IPiAddress(string Host, int? Port)
{
    /// <summary>Clients add this to the name of a UNIX socket.</summary>
    public const string SocketPrefix = "/tmp/ipi_";

    // The kernel's limit is 107 bytes for the whole path.
    private const int LongestName = 90;

    /// <summary>True for a UNIX socket.</summary>
    public bool IsUnix => Port is null;

    /// <summary>Path of the UNIX socket.</summary>
    public string SocketPath => SocketPrefix + Host;

    /// <summary>A UNIX socket.</summary>
    /// <param name="name">Its name without the prefix <c>/tmp/ipi_</c>: letters, digits, dots, hyphens and underscores.</param>
    /// <exception cref="ArgumentException">The name has other characters, or more than 90.</exception>
    public static IPiAddress Unix(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length is > 0 and <= LongestName && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_')
            ? new(name, null)
            : throw new ArgumentException($"expected at most {LongestName} letters, digits, dots, hyphens and underscores, and '{name}' came", nameof(name));
    }

    /// <summary>A TCP port.</summary>
    /// <param name="host">Name or number of the host.</param>
    /// <param name="port">1 to 65535; a server may ask for 0, any free one.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such port.</exception>
    public static IPiAddress Tcp(string host, int port)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(port);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, IPEndPoint.MaxPort);
        return new(host, port);
    }

    /// <inheritdoc/>
    public override string ToString() => Port is { } port ? string.Create(CultureInfo.InvariantCulture, $"{Host}:{port}") : SocketPath;

    /// <summary>A connection to the server.</summary>
    /// <exception cref="SocketException">Nobody listens.</exception>
    internal Socket Connect()
    {
        var socket = IsUnix ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (IsUnix)
            {
                socket.Connect(new UnixDomainSocketEndPoint(SocketPath));
            }
            else
            {
                socket.Connect(Host, Port!.Value);
            }

            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
