using Polymorph.Structures;

namespace Polymorph.Energies.Relaxation;

/// <summary>Takes structures to local minima of the energy.</summary>
/// <param name="engine">Source of energies.</param>
/// <param name="options">When it ends and what may move.</param>
public sealed class Relaxer(IEnergyEngine engine, RelaxationOptions options)
{
    /// <summary>Settings.</summary>
    public RelaxationOptions Options { get; } = options;

    /// <summary>Relaxes one structure.</summary>
    /// <param name="start">The start.</param>
    /// <param name="evaluator">A worker of the engine, this thread's.</param>
    /// <param name="frame">Called with every accepted geometry and its evaluation, the start included; null for none.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public RelaxationResult Relax(Structure start, IEvaluator evaluator, Action<Structure, Evaluation>? frame = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(evaluator);
        var evaluation = evaluator.Evaluate(start, cancellation);
        frame?.Invoke(start, evaluation);
        return new(start, RelaxationStatus.MaxSteps, "not relaxed yet", evaluation.EnergyEV, double.NaN, evaluation.Stress, 0, 1, engine.Method, evaluation.UncertaintyEVPerAtom);
    }
}
