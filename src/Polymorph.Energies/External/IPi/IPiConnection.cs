using System.Globalization;
using System.Text;

namespace Polymorph.Energies.External.IPi;

/// <summary>The server's side of the protocol with one client: asks for its state and obeys it.</summary>
/// <remarks>Some clients want to be initialised before each geometry and others never, so nothing about the order of states is taken for granted.
/// Source: Kapil et al., Comput. Phys. Commun. 236, 214 (2019), and the i-PI user guide, section on distributed execution.</remarks>
internal sealed class IPiConnection : IDisposable
{
    private const int LongestExtra = 1 << 20;
    private const int MostInitialisations = 5;
    private const int LongestPauseMilliseconds = 2;
    private static readonly TimeSpan Farewell = TimeSpan.FromMilliseconds(200);
    private readonly IPiWire _wire;
    private readonly double[] _virial = new double[9];
    private double[] _forces = [];

    /// <summary>The server's side of a connection.</summary>
    /// <param name="wire">A connected socket, owned from now on.</param>
    public IPiConnection(IPiWire wire) => _wire = wire;

    /// <summary>Sends a geometry and waits for what the client makes of it.</summary>
    /// <param name="cell">[18]: the matrix whose columns are the lattice vectors, row-major, bohr; then its inverse, 1/bohr.</param>
    /// <param name="positions">[3·atoms], bohr.</param>
    /// <param name="deadline">When to give up: most clients are silent until they have finished.</param>
    /// <exception cref="IPiFailure">The client is gone or silent, or broke the protocol; the connection is of no further use.</exception>
    /// <exception cref="OperationCanceledException">Stopped; likewise.</exception>
    public IPiAnswer Evaluate(ReadOnlySpan<double> cell, ReadOnlySpan<double> positions, Deadline deadline)
    {
        MakeReady(positions.Length / 3, deadline);
        _wire.Write(IPiHeaders.Positions);
        _wire.Write(cell);
        _wire.Write(positions.Length / 3);
        _wire.Write(positions);
        _wire.Send(deadline);
        for (int pause = 0; Status(deadline) is var state && state != IPiHeaders.HaveData; pause = Math.Min(pause + 1, LongestPauseMilliseconds))
        {
            if (state is not (IPiHeaders.Ready or IPiHeaders.Busy))
            {
                throw Unexpected(state, "after positions");
            }

            deadline.Check("finish");
            Thread.Sleep(pause);
        }

        return Answer(positions.Length / 3, deadline);
    }

    /// <summary>Tells the client to end.</summary>
    public void Exit()
    {
        try
        {
            _wire.Write(IPiHeaders.Exit);
            _wire.Send(new Deadline(Farewell, CancellationToken.None));
        }
        catch (IPiFailure)
        {
            // It has ended already.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _wire.Dispose();

    private static IPiFailure Unexpected(string header, string place)
    {
        string shown = new([.. header.Select(c => c is >= ' ' and <= '~' ? c : '?')]);
        return new($"answered '{shown}' {place}, which is not the i-PI protocol");
    }

    private void MakeReady(int atoms, Deadline deadline)
    {
        int initialisations = 0;
        for (string state = Status(deadline); state != IPiHeaders.Ready; state = Status(deadline))
        {
            switch (state)
            {
                case IPiHeaders.NeedInit when initialisations++ < MostInitialisations:
                    _wire.Write(IPiHeaders.Initialise);
                    _wire.Write(0);
                    _wire.Write(1);
                    // Some clients stumble over an empty text.
                    _wire.WriteBytes([0]);
                    _wire.Send(deadline);
                    break;
                case IPiHeaders.HaveData:
                    // A result nobody asked for.
                    _ = Answer(atoms, deadline);
                    break;
                case IPiHeaders.Busy:
                    Thread.Sleep(LongestPauseMilliseconds);
                    break;
                default:
                    throw Unexpected(state, "before positions");
            }
        }
    }

    private string Status(Deadline deadline)
    {
        _wire.Write(IPiHeaders.Status);
        _wire.Send(deadline);
        return _wire.ReceiveHeader(deadline);
    }

    private IPiAnswer Answer(int atoms, Deadline deadline)
    {
        _wire.Write(IPiHeaders.GetForce);
        _wire.Send(deadline);
        if (_wire.ReceiveHeader(deadline) is var header && header != IPiHeaders.ForceReady)
        {
            throw Unexpected(header, "instead of forces");
        }

        Span<double> energy = stackalloc double[1];
        _wire.Receive(energy, deadline);
        if (_wire.ReceiveInt32(deadline) is var count && count != atoms)
        {
            throw new IPiFailure(string.Create(CultureInfo.InvariantCulture, $"sent forces of {count} atoms, and {atoms} were expected"));
        }

        if (_forces.Length != 3 * atoms)
        {
            _forces = new double[3 * atoms];
        }

        _wire.Receive(_forces.AsSpan(), deadline);
        _wire.Receive(_virial.AsSpan(), deadline);
        int length = _wire.ReceiveInt32(deadline);
        if (length is < 0 or > LongestExtra)
        {
            throw new IPiFailure(string.Create(CultureInfo.InvariantCulture, $"announced {length} bytes of text, and at most {LongestExtra} are taken"));
        }

        byte[] extra = length == 0 ? [] : new byte[length];
        _wire.Receive(extra.AsSpan(), deadline);
        return new(energy[0], _forces, _virial, Encoding.UTF8.GetString(extra).TrimEnd('\0'));
    }
}
