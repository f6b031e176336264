using Polymorph.Energies;
using Polymorph.Energies.Batch;
using Polymorph.Energies.Catalogue;
using Polymorph.Foundation;
using Polymorph.Structures;
using Polymorph.Structures.Formats;

namespace Polymorph.Studies.Stages;

/// <summary>The energy of one frame of a file.</summary>
/// <param name="Id">Its id, or the place of an entry that could not be read.</param>
/// <param name="Structure">The structure; null when it could not be read.</param>
/// <param name="Evaluation">Energy, forces and stress, or why there are none.</param>
public sealed record FrameEnergy(string Id, Structure? Structure, Evaluation Evaluation);

/// <summary>Energies of all frames of files: on several threads, in the order of the frames, with few of them in memory.</summary>
public sealed class FrameEnergies : IDisposable
{
    // Enough to see the elements of a data set; the rest of a file never sits in memory.
    private const int Looked = 64;

    private readonly IEnumerator<ReadResult> _rest;
    private readonly List<ReadResult> _first = [];
    private readonly EvaluatorPool _pool;

    /// <summary>Opens the engine. Where the structures decide which one, the first 64 entries are read.</summary>
    /// <param name="frames">Entries as they are read.</param>
    /// <param name="catalogue">The engines.</param>
    /// <param name="engine">Name of one.</param>
    /// <param name="precision">Arithmetic.</param>
    /// <exception cref="PolymorphException">No engine fits, or it cannot be opened.</exception>
    public FrameEnergies(IEnumerable<ReadResult> frames, EngineCatalogue catalogue, string engine, Precision precision)
    {
        ArgumentNullException.ThrowIfNull(frames);
        ArgumentNullException.ThrowIfNull(catalogue);
        _rest = frames.GetEnumerator();
        try
        {
            int look = engine is EngineCatalogue.Auto or EngineCatalogue.Embedded ? Looked : 1;
            while (_first.Count < look && _rest.MoveNext())
            {
                _first.Add(_rest.Current);
            }

            // A file that cannot be read at all is one error and not one failed frame.
            if (_first is [{ Rejection: { Line: 0 } rejection }])
            {
                throw rejection.ToException();
            }

            _pool = new EvaluatorPool(catalogue.Open(engine, EngineRequest.For(precision, _first.Select(r => r.Structure).OfType<Structure>())));
        }
        catch
        {
            _rest.Dispose();
            throw;
        }
    }

    /// <summary>Method of every energy.</summary>
    public string Method => _pool.Engine.Method;

    /// <summary>The energies in the order of the frames, as they come.</summary>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="PolymorphException">The engine cannot be started.</exception>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public IEnumerable<FrameEnergy> Run(int threads, CancellationToken cancellation) => OrderedWork.Run(Frames(), frame =>
        frame.Structure is { } structure
            ? new FrameEnergy(structure.Id, structure, _pool.Evaluate(structure, cancellation))
            : new FrameEnergy(frame.Rejection!.Place, null, Evaluation.Failed($"{frame.Rejection.Code}: {frame.Rejection.Reason}")), threads, cancellation);

    /// <summary>Ends the engine's workers and closes the files.</summary>
    public void Dispose()
    {
        _pool.Dispose();
        _rest.Dispose();
    }

    private IEnumerable<ReadResult> Frames()
    {
        foreach (var frame in _first)
        {
            yield return frame;
        }

        while (_rest.MoveNext())
        {
            yield return _rest.Current;
        }
    }
}
