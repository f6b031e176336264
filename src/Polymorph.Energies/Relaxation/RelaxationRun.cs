using System.Globalization;
using Polymorph.Structures;
using Polymorph.Structures.Bonds;

namespace Polymorph.Energies.Relaxation;

/// <summary>The relaxation of one structure: preparation, tries, and what became of it.</summary>
internal sealed class RelaxationRun
{
    // What noise of a file or of an earlier relaxation may do to a symmetric crystal, Å.
    private const double SymmetryTolerance = 0.01;

    // Where an engine fails at the very start, pairs are moved to three quarters of a bond and it is asked once more.
    private const double StrongerPush = 0.75;

    private static readonly DescentSettings[] Tries =
    [
        new(),
        new() { LongestStep = 0.05, TimeStep = 0.05 },
        new() { LongestStep = 0.05, TimeStep = 0.03, FireOnly = true },
    ];

    private readonly IEnergyEngine _engine;
    private readonly RelaxationOptions _options;
    private readonly Structure _start;
    private readonly IEvaluator _evaluator;
    private readonly Action<Structure, Evaluation>? _frame;
    private readonly CancellationToken _cancellation;
    private readonly RelaxationSpace _space;
    private int _evaluations;
    private int _guarded;
    private int _steps;
    private int _pushedPairs;

    public RelaxationRun(
        IEnergyEngine engine, RelaxationOptions options, Structure start, IEvaluator evaluator, Action<Structure, Evaluation>? frame, CancellationToken cancellation)
    {
        (_engine, _options, _start, _evaluator, _frame, _cancellation) = (engine, options, start, evaluator, frame, cancellation);
        SymmetryGroup? symmetry = null;
        if (options.KeepSymmetry)
        {
            (symmetry, _start) = SymmetryGroup.Find(start, SymmetryTolerance);
            if (!symmetry.Keeps(options.FixedAtoms))
            {
                throw RelaxationRequest.FixedAtomsBreakSymmetry(start);
            }
        }

        _space = new RelaxationSpace(_start, options, symmetry);
    }

    public RelaxationResult Relax()
    {
        var (structure, first, failure) = FirstPoint();
        if (first is null)
        {
            return Complete(structure, RelaxationStatus.EngineFailed, failure, null);
        }

        _frame?.Invoke(first.Structure, first.Evaluation);
        var runaway = new Runaway(first.Structure);
        var from = first;
        for (int attempt = 0; ; attempt++)
        {
            var descent = new Descent(_space, Evaluate, Tries[attempt], runaway, point => _frame?.Invoke(point.Structure, point.Evaluation));
            var (end, reason) = descent.Run(from, _options.MaximumSteps - _steps);
            _steps += descent.Steps;
            var last = end == DescentEnd.Runaway ? first : descent.Point;
            if (end is DescentEnd.Converged or DescentEnd.OutOfSteps || attempt + 1 == Tries.Length || _steps >= _options.MaximumSteps)
            {
                return Complete(end, attempt == 0 ? reason : string.Create(CultureInfo.InvariantCulture, $"{reason} ({attempt + 1} tries)"), last);
            }

            from = last;
        }
    }

    /// <summary>Pushes atoms apart and asks the engine for the first time.</summary>
    private (Structure Structure, RelaxationPoint? Point, string Failure) FirstPoint()
    {
        var structure = _start;
        string failure = "";
        foreach (double factor in (ReadOnlySpan<double>)[PushApart.DefaultFactor, StrongerPush])
        {
            var pushed = PushApart.Apply(structure, _options.FixedAtoms, factor, v => _space.Symmetry?.ProjectVectors(v));
            if (factor == StrongerPush && pushed.Pairs == 0)
            {
                break;
            }

            structure = pushed.Structure;
            _pushedPairs += pushed.Pairs;
            string? stuck = pushed.StillTooClose && ClosePairs.Nearest(structure, factor) is { } pair ? ClosePairs.Text(structure, pair) : null;
            if (_engine.Refusal(structure) is { } refusal)
            {
                return (structure, null, refusal);
            }

            (var point, failure) = Evaluate(structure);
            if (point is not null)
            {
                return (structure, point, "");
            }

            failure = stuck is null ? failure : $"{failure}; {stuck} and cannot be moved apart";
        }

        return (structure, null, failure);
    }

    private (RelaxationPoint? Point, string Failure) Evaluate(Structure structure)
    {
        _cancellation.ThrowIfCancellationRequested();
        _evaluations++;
        var evaluation = _evaluator.Evaluate(structure, _cancellation);
        if (evaluation.Failure is { } failure)
        {
            return (null, failure);
        }

        _guarded += evaluation.IsGuarded ? 1 : 0;
        if (evaluation.Forces.Length != structure.AtomCount)
        {
            return (null, $"the engine gave {evaluation.Forces.Length} forces for {structure.AtomCount} atoms");
        }

        if (_space.HasCell && evaluation.Stress is null)
        {
            return _evaluations == 1 ? throw RelaxationRequest.NoStress(structure, _engine.Method) : (null, "the engine gave no stress");
        }

        return (_space.PointOf(structure, evaluation), "");
    }

    private RelaxationResult Complete(DescentEnd end, string reason, RelaxationPoint last)
    {
        var status = end switch
        {
            DescentEnd.Converged => RelaxationStatus.Converged,
            DescentEnd.OutOfSteps => RelaxationStatus.MaxSteps,
            DescentEnd.Runaway => RelaxationStatus.Exploded,
            _ => RelaxationStatus.EngineFailed,
        };
        if (status == RelaxationStatus.MaxSteps)
        {
            reason = string.Create(CultureInfo.InvariantCulture, $"the longest force is {last.MaximumForce:f3} eV/Å after {_steps} steps");
        }
        else if (status == RelaxationStatus.Converged && !last.Structure.Periodicity.Any && BondPerception.Perceive(last.Structure).Pieces is > 1 and var pieces)
        {
            string before = BondPerception.Perceive(_start).Pieces > 1 ? "; it was not in one piece at the start" : "";
            (status, reason) = (RelaxationStatus.Fragmented, string.Create(CultureInfo.InvariantCulture, $"the molecule is in {pieces} pieces{before}"));
        }

        if (last.Evaluation.IsGuarded && status != RelaxationStatus.Exploded)
        {
            reason = $"{reason}; {ShortRangeGuard.PairInRange(last.Structure)}";
        }

        return Complete(last.Structure, status, reason, last);
    }

    private RelaxationResult Complete(Structure structure, RelaxationStatus status, string reason, RelaxationPoint? last)
    {
        // An energy with a repulsion in it is not the engine's own, and never goes by the name of its method.
        var own = last is { Evaluation.IsGuarded: false } ? last : null;
        return new(structure, status, reason, own?.Evaluation.EnergyEV ?? double.NaN, own?.MaximumForce ?? double.NaN, own?.Evaluation.Stress, _steps, _evaluations,
            _engine.Method, own?.Evaluation.UncertaintyEVPerAtom)
        {
            PushedPairs = _pushedPairs,
            GuardedEvaluations = _guarded,
            KeptOperations = _space.Symmetry?.Count,
        };
    }
}
