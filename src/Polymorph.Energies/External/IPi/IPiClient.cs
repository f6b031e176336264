using System.Collections.Immutable;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Polymorph.Foundation;
using Polymorph.Structures;

namespace Polymorph.Energies.External.IPi;

/// <summary>Serves the energies of an engine of ours to a program that drives: i-PI, or ASE's <c>SocketIOCalculator</c>.</summary>
public static class IPiClient
{
    private const int LongestInitialisation = 1 << 20;

    /// <summary>Connects and answers until the server says so or goes away.</summary>
    /// <param name="evaluator">Source of energies.</param>
    /// <param name="structure">Elements in the server's order, and the axes along which the cell repeats; the geometry comes from the server.</param>
    /// <param name="address">The server's.</param>
    /// <param name="cancellation">Stops.</param>
    /// <returns>Number of geometries answered. A failed evaluation is answered with an energy that is no number, and the reason as extra text.</returns>
    /// <exception cref="PolymorphException">PM6206: nobody listens, or the server breaks the protocol.</exception>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public static int Serve(IEvaluator evaluator, Structure structure, IPiAddress address, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(structure);
        ArgumentNullException.ThrowIfNull(address);
        Socket socket;
        try
        {
            socket = address.Connect();
        }
        catch (SocketException e)
        {
            throw Failed(address, $"cannot connect: {e.Message}", e);
        }

        using var wire = new IPiWire(socket);
        int answered = 0;
        try
        {
            Answer(wire, evaluator, structure, ref answered, cancellation);
        }
        catch (IPiFailure e)
        {
            // A server that is done may leave without a word.
            return e.Gone ? answered : throw Failed(address, $"the server {e.Message}", e);
        }

        return answered;
    }

    private static void Answer(IPiWire wire, IEvaluator evaluator, Structure structure, ref int answered, CancellationToken cancellation)
    {
        // A driver may think as long as it likes between two geometries.
        var deadline = new Deadline(Timeout.InfiniteTimeSpan, cancellation);
        string state = IPiHeaders.NeedInit;
        Evaluation? result = null;
        var current = structure;
        while (true)
        {
            string header = wire.ReceiveHeader(deadline);
            switch (header)
            {
                case IPiHeaders.Status:
                    wire.Write(state);
                    wire.Send(deadline);
                    break;
                case IPiHeaders.Initialise:
                    Initialise(wire, deadline);
                    state = IPiHeaders.Ready;
                    break;
                case IPiHeaders.Positions:
                    (current, string? wrong) = Geometry(wire, structure, deadline);
                    result = wrong is null ? evaluator.Evaluate(current, cancellation) : Evaluation.Failed(wrong);
                    state = IPiHeaders.HaveData;
                    break;
                case IPiHeaders.GetForce when result is not null:
                    Send(wire, result, current, deadline);
                    (state, result) = (IPiHeaders.Ready, null);
                    answered++;
                    break;
                case IPiHeaders.Exit:
                    return;
                default:
                    throw new IPiFailure($"sent '{new([.. header.Select(c => c is >= ' ' and <= '~' ? c : '?')])}' out of turn");
            }
        }
    }

    private static void Initialise(IPiWire wire, Deadline deadline)
    {
        _ = wire.ReceiveInt32(deadline);
        int length = wire.ReceiveInt32(deadline);
        if (length is < 0 or > LongestInitialisation)
        {
            throw new IPiFailure(string.Create(CultureInfo.InvariantCulture, $"announced {length} bytes of initialisation"));
        }

        wire.Receive(new byte[length].AsSpan(), deadline);
    }

    private static (Structure Structure, string? Wrong) Geometry(IPiWire wire, Structure structure, Deadline deadline)
    {
        Span<double> cell = stackalloc double[18];
        wire.Receive(cell, deadline);
        int atoms = wire.ReceiveInt32(deadline);
        if (atoms != structure.AtomCount)
        {
            throw new IPiFailure(string.Create(CultureInfo.InvariantCulture, $"sent {atoms} atoms, and {structure.AtomCount} were expected"));
        }

        var numbers = new double[3 * atoms];
        wire.Receive(numbers.AsSpan(), deadline);
        var positions = ImmutableArray.CreateBuilder<Vector3D>(atoms);
        for (int i = 0; i < atoms; i++)
        {
            positions.Add(AtomicUnits.Bohr * new Vector3D(numbers[3 * i], numbers[3 * i + 1], numbers[3 * i + 2]));
        }

        try
        {
            var lattice = structure.Periodicity.Any ? IPiMessages.Lattice(cell) : null;
            return (new Structure(structure.Species, positions.MoveToImmutable(), lattice, structure.Periodicity, structure.Id), null);
        }
        catch (ArgumentException e)
        {
            return (structure, e.Message);
        }
    }

    private static void Send(IPiWire wire, Evaluation result, Structure structure, Deadline deadline)
    {
        wire.Write(IPiHeaders.ForceReady);
        wire.Write([result.EnergyEV / AtomicUnits.Hartree]);
        wire.Write(structure.AtomCount);
        foreach (var f in result.Failure is null ? result.Forces : [.. new Vector3D[structure.AtomCount]])
        {
            wire.Write([f.X / AtomicUnits.HartreePerBohr, f.Y / AtomicUnits.HartreePerBohr, f.Z / AtomicUnits.HartreePerBohr]);
        }

        var w = result.Stress is { } stress ? -(structure.Lattice!.Volume / AtomicUnits.Hartree) * stress : default;
        wire.Write([w.XX, w.XY, w.XZ, w.XY, w.YY, w.YZ, w.XZ, w.YZ, w.ZZ]);
        byte[] extra = Encoding.UTF8.GetBytes(result.Failure ?? "\0");
        wire.Write(extra.Length);
        wire.WriteBytes(extra);
        wire.Send(deadline);
    }

    private static PolymorphException Failed(IPiAddress address, string reason, Exception inner) =>
        new("PM6206", reason, address.ToString(), "Start the driving program first, and give it the same structure.", ExitCode.EngineFailed, inner);
}
