using System.Globalization;
using Polymorph.Foundation;
using Polymorph.Structures;
using Polymorph.Structures.Bonds;

namespace Polymorph.Energies.Relaxation;

/// <summary>Takes structures to local minima of the energy.</summary>
/// <param name="engine">Source of energies.</param>
/// <param name="options">When it ends and what may move.</param>
/// <remarks>Atoms that lie on each other are pushed apart first. Then FIRE leads out of the worst, and L-BFGS to the minimum. A try that explodes or whose engine fails
/// is repeated with smaller steps and then with FIRE alone. The same start and engine give the same bits. See docs/methods/relaxation.md.</remarks>
public sealed class Relaxer(IEnergyEngine engine, RelaxationOptions options)
{
    private static readonly DescentSettings[] Tries = // tuning
    [
        new(),
        new() { LongestStep = 0.05, TimeStep = 0.05 },
        new() { LongestStep = 0.05, TimeStep = 0.03, FireOnly = true },
    ];

    /// <summary>Settings.</summary>
    public RelaxationOptions Options { get; } = options;

    /// <summary>Relaxes one structure.</summary>
    /// <param name="start">The start.</param>
    /// <param name="evaluator">A worker of the engine, this thread's.</param>
    /// <param name="frame">Called with every accepted geometry and its evaluation, the start included; null for none.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="PolymorphException">PM6160: a free cell of something that is no crystal; PM6161: a free cell with an engine without stress;
    /// PM6162: a fixed atom that the structure does not have.</exception>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public RelaxationResult Relax(Structure start, IEvaluator evaluator, Action<Structure, Evaluation>? frame = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(evaluator);
        RelaxationRequest.Check(start, Options);
        if (engine.Refusal(start) is { } refusal)
        {
            return Failed(start, refusal, 0, 0);
        }

        var space = new RelaxationSpace(start, Options);
        var pushed = PushApart.Apply(start, Options.FixedAtoms);
        int evaluations = 0, steps = 0;

        (RelaxationPoint? Point, string Failure) Evaluate(Structure structure)
        {
            cancellation.ThrowIfCancellationRequested();
            evaluations++;
            var evaluation = evaluator.Evaluate(structure, cancellation);
            if (evaluation.Failure is { } failure)
            {
                return (null, failure);
            }

            if (evaluation.Forces.Length != structure.AtomCount)
            {
                return (null, $"the engine gave {evaluation.Forces.Length} forces for {structure.AtomCount} atoms");
            }

            if (space.HasCell && evaluation.Stress is null)
            {
                return evaluations == 1 ? throw RelaxationRequest.NoStress(structure, engine.Method) : (null, "the engine gave no stress");
            }

            return (space.PointOf(structure, evaluation), "");
        }

        var (first, failure) = Evaluate(pushed.Structure);
        if (first is null)
        {
            return Failed(pushed.Structure, failure, 0, evaluations) with { PushedPairs = pushed.Pairs };
        }

        frame?.Invoke(first.Structure, first.Evaluation);
        var runaway = new Runaway(pushed.Structure);
        RelaxationPoint from = first;
        for (int attempt = 0; ; attempt++)
        {
            var descent = new Descent(space, Evaluate, Tries[attempt], runaway, point => frame?.Invoke(point.Structure, point.Evaluation));
            var (end, reason) = descent.Run(from, Options.MaximumSteps - steps);
            steps += descent.Steps;
            bool again = end is DescentEnd.Runaway or DescentEnd.EngineFailed && attempt + 1 < Tries.Length && steps < Options.MaximumSteps;
            if (!again)
            {
                return Result(end, reason, end == DescentEnd.Runaway ? first : descent.Point, steps, evaluations, attempt) with { PushedPairs = pushed.Pairs };
            }

            from = end == DescentEnd.Runaway ? first : descent.Point;
        }
    }

    private RelaxationResult Result(DescentEnd end, string reason, RelaxationPoint point, int steps, int evaluations, int attempt)
    {
        string tries = attempt == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", after {attempt + 1} tries");
        var (status, text) = end switch
        {
            DescentEnd.Converged => (RelaxationStatus.Converged, ""),
            DescentEnd.OutOfSteps => (RelaxationStatus.MaxSteps, string.Create(CultureInfo.InvariantCulture, $"the longest force is still {point.MaximumForce:f3} eV/Å after {steps} steps")),
            DescentEnd.Runaway => (RelaxationStatus.Exploded, reason + tries),
            _ => (RelaxationStatus.EngineFailed, reason + tries),
        };
        if (status == RelaxationStatus.Converged && !point.Structure.Periodicity.Any && BondPerception.Perceive(point.Structure).Pieces is > 1 and var pieces)
        {
            (status, text) = (RelaxationStatus.Fragmented, string.Create(CultureInfo.InvariantCulture, $"the molecule is in {pieces} pieces"));
        }

        return new(point.Structure, status, text, point.Evaluation.EnergyEV, point.MaximumForce, point.Evaluation.Stress, steps, evaluations, engine.Method, point.Evaluation.UncertaintyEVPerAtom);
    }

    private RelaxationResult Failed(Structure structure, string reason, int steps, int evaluations) =>
        new(structure, RelaxationStatus.EngineFailed, reason, double.NaN, double.NaN, null, steps, evaluations, engine.Method, null);
}
