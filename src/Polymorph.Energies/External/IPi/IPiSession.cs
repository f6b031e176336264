using Polymorph.Structures;

namespace Polymorph.Energies.External.IPi;

/// <summary>One client from its start to its end, with the structure it was started for.</summary>
internal sealed class IPiSession : IDisposable
{
    // A cell strained by more than this needs another plane-wave basis.
    private const double LargestStrain = 0.05;

    // No relaxation moves an atom so far in one step; Å.
    private const double LargestStep = 1.0;
    private readonly ClientTemplate _template;
    private readonly IClientRun _run;
    private readonly IPiConnection _connection;
    private readonly Structure _first;
    private readonly double[] _cell = new double[18];
    private readonly double[] _positions;
    private IPiFrame _frame;
    private Structure _last;

    private IPiSession(ClientTemplate template, IClientRun run, IPiConnection connection, IPiFrame frame, Structure structure)
    {
        (_template, _run, _connection, _frame, _first, _last) = (template, run, connection, frame, structure, structure);
        _positions = new double[3 * structure.AtomCount];
    }

    /// <summary>Starts a client and waits for its connection.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="structure">The first structure.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="IPiFailure">It did not connect.</exception>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public static IPiSession Start(IPiEngine engine, Structure structure, CancellationToken cancellation)
    {
        var template = engine.Template;
        var frame = Frame(template, structure);
        // Nobody else may connect once the client has: the server lives no longer than this.
        using var server = engine.Options.OverTcp ? IPiServer.On(IPiAddress.Tcp("127.0.0.1", 0)) : IPiServer.OnUnixSocket();
        var run = engine.Start(server.Address, frame.Of(structure));
        try
        {
            var connection = server.Accept(new Deadline(engine.Options.StartLimit ?? template.StartLimit, cancellation), () => run.Ending);
            return new(template, run, connection, frame, structure);
        }
        catch
        {
            run.Dispose();
            throw;
        }
    }

    /// <summary>True when this client can go on with a structure.</summary>
    /// <param name="next">The structure.</param>
    public bool Suits(Structure next)
    {
        if (!next.Species.SequenceEqual(_first.Species) || next.Periodicity != _first.Periodicity)
        {
            return false;
        }

        if (!_template.BasisFixedAtStart)
        {
            return true;
        }

        // What the client fixed at its start must not depend on what was computed before.
        return next.Id == _first.Id
            && next.Positions.Zip(_last.Positions).All(pair => (pair.First - pair.Second).LengthSquared <= LargestStep * LargestStep)
            && (next.Periodicity.Any ? Strain(_first.Lattice!, next.Lattice!) <= LargestStrain : _frame.Holds(next.Positions, _template.Vacuum / 2));
    }

    /// <summary>Evaluates a structure.</summary>
    /// <param name="structure">One that suits.</param>
    /// <param name="deadline">When to give up.</param>
    /// <exception cref="IPiFailure">The client is lost.</exception>
    /// <exception cref="OperationCanceledException">Stopped; the client is lost as well.</exception>
    public Evaluation Evaluate(Structure structure, Deadline deadline)
    {
        if (structure.Periodicity.Any || !_frame.Holds(structure.Positions, _template.Vacuum / 2))
        {
            _frame = Frame(_template, structure);
        }

        for (int i = 0; i < structure.AtomCount; i++)
        {
            var r = AtomicUnits.ToBohr(_frame.ToClient(structure.Positions[i]));
            (_positions[3 * i], _positions[3 * i + 1], _positions[3 * i + 2]) = (r.X, r.Y, r.Z);
        }

        IPiMessages.Cell(_frame.Cell, _cell);
        var answer = _connection.Evaluate(_cell, _positions, deadline);
        _last = structure;
        var forces = new Vector3D[structure.AtomCount];
        for (int i = 0; i < forces.Length; i++)
        {
            var f = new Vector3D(answer.Forces[3 * i], answer.Forces[3 * i + 1], answer.Forces[3 * i + 2]);
            forces[i] = AtomicUnits.HartreePerBohr * _frame.FromClient(f);
        }

        StressTensor? stress = _template.FullStress && structure.Periodicity == Periodicity.Full ? AtomicUnits.Hartree * _frame.Stress(answer.Virial) : null;
        var result = Evaluation.Of(answer.Energy * AtomicUnits.Hartree, System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(forces), stress);
        return result.Failure is not { } failure ? result with { BandGapEV = ExtraText.BandGapEV(answer.Extra) }
            : answer.Extra.Length > 0 ? Evaluation.Failed($"{failure}: {LastWords.OneLine(answer.Extra)}") : result;
    }

    /// <summary>How a client that was lost ended, as the rest of a sentence.</summary>
    public string Ending()
    {
        _run.WaitForEnd();
        return _run.Ending is { } ending ? $" and ended {ending}" : "";
    }

    /// <summary>Ends the client: it is asked first.</summary>
    public void Dispose()
    {
        _connection.Exit();
        _connection.Dispose();
        if (_run.Ending is null)
        {
            _run.WaitForEnd();
        }

        _run.Dispose();
    }

    /// <summary>Ends a client that does not answer any more.</summary>
    public void Abandon()
    {
        _connection.Dispose();
        _run.Dispose();
    }

    private static IPiFrame Frame(ClientTemplate template, Structure structure) => structure.Periodicity.Any
        ? IPiFrame.OfCell(structure.Lattice!, template.RestrictedCell)
        : IPiFrame.OfMolecule(structure.Positions, template.Vacuum);

    /// <summary>Largest component of the deformation that takes one cell to another.</summary>
    private static double Strain(Lattice from, Lattice to)
    {
        double largest = 0;
        for (int i = 0; i < 3; i++)
        {
            var row = from.ToFractional(to[i]);
            for (int j = 0; j < 3; j++)
            {
                largest = Math.Max(largest, Math.Abs(row[j] - (i == j ? 1 : 0)));
            }
        }

        return largest;
    }
}
