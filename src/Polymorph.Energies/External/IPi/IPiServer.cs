using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Polymorph.Foundation;

namespace Polymorph.Energies.External.IPi;

/// <summary>Listens for one client. Disposal closes the socket and removes its file, which does not disturb a connection already made.</summary>
internal sealed class IPiServer : IDisposable
{
    private const int SliceMicroseconds = 20_000;

    private static int Started;
    private readonly Socket _socket;

    private IPiServer(Socket socket, IPiAddress address) => (_socket, Address) = (socket, address);

    /// <summary>Where a client finds it.</summary>
    public IPiAddress Address { get; }

    /// <summary>Listens on a UNIX socket with a name of its own.</summary>
    /// <exception cref="PolymorphException">PM6201: it cannot be made.</exception>
    public static IPiServer OnUnixSocket()
    {
        while (true)
        {
            int number = Interlocked.Increment(ref Started);
            var address = IPiAddress.Unix(string.Create(CultureInfo.InvariantCulture, $"polymorph-{Environment.ProcessId}-{number}"));
            if (RemoveLeftOver(address))
            {
                return On(address);
            }
        }
    }

    /// <summary>Listens on a UNIX socket, or on a TCP port of this machine alone.</summary>
    /// <param name="address">The address; its host is taken for this machine.</param>
    /// <exception cref="PolymorphException">PM6201: it cannot be made, or another process listens there.</exception>
    public static IPiServer On(IPiAddress address)
    {
        var socket = address.IsUnix ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) : new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (address.IsUnix)
            {
                if (!RemoveLeftOver(address))
                {
                    throw new IOException("another process listens there, or it is no socket");
                }

                socket.Bind(new UnixDomainSocketEndPoint(address.SocketPath));
                if (!OperatingSystem.IsWindows())
                {
                    // Before listening, so that nobody else can have connected.
                    File.SetUnixFileMode(address.SocketPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
                }
            }
            else
            {
                // The protocol knows no password: loopback only.
                socket.Bind(new IPEndPoint(IPAddress.Loopback, address.Port!.Value));
                address = IPiAddress.Tcp("127.0.0.1", ((IPEndPoint)socket.LocalEndPoint!).Port);
            }

            socket.Listen(1);
            return new(socket, address);
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException)
        {
            socket.Dispose();
            throw new PolymorphException("PM6201", $"cannot listen for a client: {e.Message}", address.ToString(),
                "Choose another address, or end the process that uses it.", ExitCode.EngineFailed, e);
        }
    }

    /// <summary>Waits for a client.</summary>
    /// <param name="deadline">When to give up.</param>
    /// <param name="ended">Says why the client will never connect; null while it may.</param>
    /// <exception cref="IPiFailure">It did not connect.</exception>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public IPiConnection Accept(Deadline deadline, Func<string?> ended)
    {
        while (!_socket.Poll(SliceMicroseconds, SelectMode.SelectRead))
        {
            deadline.Check("connect");
            if (ended() is { } reason)
            {
                throw new IPiFailure($"ended before it connected, {reason}");
            }
        }

        var client = _socket.Accept();
        if (!Address.IsUnix)
        {
            client.NoDelay = true;
        }

        return new(new IPiWire(client));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _socket.Dispose();
        if (Address.IsUnix)
        {
            File.Delete(Address.SocketPath);
        }
    }

    /// <summary>Removes the socket of a process that was killed.</summary>
    /// <returns>False when something else has the path: a socket in use, or no socket at all.</returns>
    private static bool RemoveLeftOver(IPiAddress address)
    {
        if (!Path.Exists(address.SocketPath))
        {
            return true;
        }

        try
        {
            address.Connect().Dispose();
            return false;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused && IsSocket(address.SocketPath))
        {
            File.Delete(address.SocketPath);
            return true;
        }
        catch (SocketException)
        {
            return !Path.Exists(address.SocketPath);
        }
    }

    // Connecting to a plain file is refused as well; one with content is somebody's.
    private static bool IsSocket(string path) => new FileInfo(path) is { Exists: true, Length: 0 };
}
