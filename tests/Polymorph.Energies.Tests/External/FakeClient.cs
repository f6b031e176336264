using System.Net.Sockets;
using System.Text;
using Polymorph.Energies.External.IPi;
using Polymorph.Structures;

namespace Polymorph.Energies.Tests.External;

/// <summary>A client on a thread of the test, which does to the server whatever its script says. Its bytes are written without the product's code.</summary>
internal sealed class FakeClient : IClientRun
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _task;
    private Socket? _socket;

    private FakeClient(IPiAddress address, Action<FakeClient> script) => _task = Task.Factory.StartNew(() =>
    {
        try
        {
            _socket = address.IsUnix ? new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) : new(SocketType.Stream, ProtocolType.Tcp);
            Address = address;
            script(this);
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The server went away, or the test is over.
        }
        finally
        {
            _socket!.Dispose();
        }
    }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public IPiAddress Address { get; private set; } = null!;

    public string? Ending => _task.IsCompleted ? "with exit code 3: \"last words\"" : null;

    /// <summary>An engine whose n-th client runs the n-th script, and later ones the last.</summary>
    public static IPiEngine Engine(ClientTemplate template, IPiOptions options, params Action<FakeClient>[] scripts)
    {
        int started = 0;
        return new(template, options, (address, _) => new FakeClient(address, scripts[Math.Min(started++, scripts.Length - 1)]));
    }

    public static ClientTemplate Template { get; } = new() { Method = "fake", Command = "none", FullStress = true };

    /// <summary>Answers properly for ever; asks for INIT after each result when told so.</summary>
    public static void Serve(FakeClient client, bool initEachTime = false, int answers = int.MaxValue)
    {
        client.Connect();
        string state = "NEEDINIT";
        while (true)
        {
            switch (client.Header())
            {
                case "STATUS":
                    client.Send(state);
                    break;
                case "INIT":
                    client.Bytes(4);
                    if (state != "NEEDINIT" || client.Bytes(BitConverter.ToInt32(client.Bytes(4))).Length == 0)
                    {
                        return;
                    }

                    state = "READY";
                    break;
                case "POSDATA":
                    client.Geometry();
                    state = "HAVEDATA";
                    break;
                case "GETFORCE" when answers-- > 0:
                    client.Answer();
                    state = initEachTime ? "NEEDINIT" : "READY";
                    break;
                default:
                    return;
            }
        }
    }

    public double[] Cell { get; private set; } = [];

    public double[] Positions { get; private set; } = [];

    public void Connect() => _socket!.Connect(Address.IsUnix ? new UnixDomainSocketEndPoint(Address.SocketPath) : new System.Net.DnsEndPoint(Address.Host, Address.Port!.Value));

    /// <summary>Does nothing until the test is over.</summary>
    public void Hang() => _stop.Token.WaitHandle.WaitOne();

    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        for (int came = 0; came < count;)
        {
            int part = _socket!.Receive(bytes, came, count - came, SocketFlags.None);
            came += part > 0 ? part : throw new IOException("closed");
        }

        return bytes;
    }

    public string Header() => Encoding.ASCII.GetString(Bytes(12)).TrimEnd();

    public void Send(string header) => Raw(Encoding.ASCII.GetBytes(header.PadRight(12)));

    public void Raw(params byte[] bytes) => _socket!.Send(bytes);

    public void Geometry()
    {
        Cell = Doubles(18);
        Positions = Doubles(3 * BitConverter.ToInt32(Bytes(4)));
    }

    /// <summary>Plays the usual opening: ready, takes positions, has data, is asked for them.</summary>
    public void UntilGetForce()
    {
        Connect();
        Header();
        Send("READY");
        Header();
        Geometry();
        Header();
        Send("HAVEDATA");
        Header();
    }

    /// <summary>Energy 1 hartree, forces zero, and what a test wants otherwise.</summary>
    public void Answer(double energy = 1, int? atoms = null, double force = 0, int extra = 0)
    {
        int count = Positions.Length / 3;
        Send("FORCEREADY");
        Raw([.. BitConverter.GetBytes(energy), .. BitConverter.GetBytes(atoms ?? count)]);
        Raw([.. Enumerable.Range(0, 3 * count + 9).SelectMany(i => BitConverter.GetBytes(i == 0 ? force : 0))]);
        Raw(BitConverter.GetBytes(extra));
    }

    public void WaitForEnd() => _task.Wait(TimeSpan.FromMilliseconds(100));

    public void Dispose()
    {
        _stop.Cancel();
        _socket?.Dispose();
        _task.Wait(TimeSpan.FromSeconds(10));
        _stop.Dispose();
    }

    private double[] Doubles(int count)
    {
        byte[] bytes = Bytes(8 * count);
        return [.. Enumerable.Range(0, count).Select(i => BitConverter.ToDouble(bytes, 8 * i))];
    }
}
