using Polymorph.Foundation;
using Polymorph.Structures;

namespace Polymorph.Energies.Relaxation;

/// <summary>Takes structures to local minima of the energy.</summary>
/// <param name="engine">Source of energies.</param>
/// <param name="options">When it ends and what may move.</param>
/// <remarks>Atoms that lie on each other are pushed apart. L-BFGS on a model of the curvature goes to the minimum: damped where forces are large, behind FIRE where they are very large
/// or where it fails. A try that explodes or whose engine fails is repeated with smaller steps and then with FIRE alone. The same start and engine give the same bits.
/// Derivation and measurements: <c>docs/methods/relaxation.md</c>.</remarks>
public sealed class Relaxer(IEnergyEngine engine, RelaxationOptions options)
{
    /// <summary>Settings.</summary>
    public RelaxationOptions Options { get; } = options;

    /// <summary>Relaxes one structure.</summary>
    /// <param name="start">The start.</param>
    /// <param name="evaluator">A worker of the engine, this thread's.</param>
    /// <param name="frame">Called with every accepted geometry and its evaluation, the start included; null for none.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="PolymorphException">PM6160: a free cell of something that is no crystal; PM6161: a free cell with an engine without stress;
    /// PM6162: a fixed atom that the structure does not have; PM6163: fixed atoms that the symmetry moves; PM6164: symmetry of something that is no crystal.</exception>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public RelaxationResult Relax(Structure start, IEvaluator evaluator, Action<Structure, Evaluation>? frame = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(evaluator);
        RelaxationRequest.Check(start, Options);
        return new RelaxationRun(engine, Options, start, evaluator, frame, cancellation).Relax();
    }
}
