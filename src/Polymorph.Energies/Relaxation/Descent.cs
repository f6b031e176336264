using Polymorph.Structures;

namespace Polymorph.Energies.Relaxation;

/// <summary>How one try walks downhill.</summary>
internal sealed record DescentSettings
{
    /// <summary>No atom moves farther in one step, Å.</summary>
    public double LongestStep { get; init; } = 0.2;

    /// <summary>FIRE until no force is longer, eV/Å; L-BFGS afterwards.</summary>
    public double RoughForce { get; init; } = 100;

    /// <summary>Damping of L-BFGS by the longest force F: damping·F is added to the curvature; Å⁻¹.</summary>
    public double Damping { get; init; } = 1.5;

    /// <summary>Steps that begin where no force is longer are remembered, eV/Å; the curvature of rougher places says nothing about the minimum.</summary>
    public double MemoryForce { get; init; } = 3;

    /// <summary>Never changes to L-BFGS.</summary>
    public bool FireOnly { get; init; }

    /// <summary>First time step of FIRE, Å/√eV; ten times that at most.</summary>
    public double TimeStep { get; init; } = 0.1;

    /// <summary>Steps that L-BFGS remembers.</summary>
    public int Memory { get; init; } = 40;
}

/// <summary>Why a try ended.</summary>
internal enum DescentEnd
{
    Converged,
    OutOfSteps,
    Runaway,
    EngineFailed,
}

/// <summary>One try: from a point downhill until it converges or something goes wrong.</summary>
/// <param name="space">Variables.</param>
/// <param name="evaluate">Asks the engine; null and why when it failed.</param>
/// <param name="settings">How it walks.</param>
/// <param name="runaway">Judge of geometries.</param>
/// <param name="accepted">Called with each point reached.</param>
internal sealed class Descent(RelaxationSpace space, Func<Structure, (RelaxationPoint? Point, string Failure)> evaluate, DescentSettings settings, Runaway runaway, Action<RelaxationPoint> accepted)
{
    // The model is made for covalent bonds; metals are up to ten times softer. It is scaled where a step showed less than this share of it.
    private const double ModelHolds = 0.5;
    private const double SoftestScale = 0.02;

    private const int MaximumFailures = 3;
    private const int MaximumBacktracks = 6;
    private const int FireStepsAfterTrouble = 10;

    // Steps in a row in the range of a short-range guard: random heaps that left it again with ANI did so within some fifty, most others never.
    private const int MaximumGuarded = 60;

    // Noise of an engine's energies: single precision or a loosely converged density.
    private const double EnergyNoise = 2e-5;
    private const double RelativeEnergyNoise = 1e-8;

    private readonly LimitedMemory _memory = new(settings.Memory);
    private readonly CurvatureModel _model = new(space);
    private RelaxationPoint? _modelled;
    private double _stiffness = 1;
    private RelaxationPoint _point = null!;
    private Fire _fire = null!;
    private double _reach = settings.LongestStep;
    private int _guarded;

    /// <summary>Steps taken so far, over this try.</summary>
    public int Steps { get; private set; }

    /// <summary>The point reached.</summary>
    public RelaxationPoint Point => _point;

    /// <summary>Walks.</summary>
    /// <param name="start">An evaluated start.</param>
    /// <param name="maximumSteps">Steps it may take.</param>
    /// <returns>Why it ended, with the reason as a clause where that is a failure.</returns>
    public (DescentEnd End, string Reason) Run(RelaxationPoint start, int maximumSteps)
    {
        _point = start;
        _guarded = start.Evaluation.IsGuarded ? 1 : 0;
        _fire = NewFire();
        bool rough = settings.FireOnly || start.MaximumForce > settings.RoughForce;
        int fireSteps = 0, trouble = 0;
        while (true)
        {
            bool converged = space.IsConverged(_point);
            if (_guarded > 0 && (converged || _guarded >= MaximumGuarded))
            {
                // A balance between the guard and a hole of the engine.
                return (DescentEnd.Runaway, $"{ShortRangeGuard.PairInRange(_point.Structure)}: they fell into each other");
            }

            if (converged)
            {
                return (DescentEnd.Converged, "");
            }

            if (Steps >= maximumSteps)
            {
                return (DescentEnd.OutOfSteps, "");
            }

            string? failure = null;
            if (rough)
            {
                failure = FireStep();
                fireSteps--;
                rough = settings.FireOnly || fireSteps > 0 || (trouble == 0 && _point.MaximumForce > settings.RoughForce);
            }
            else if (!QuasiNewtonStep(out failure) && failure is null)
            {
                // The memory misled, or the surface is rough here: a few steps of FIRE lead elsewhere.
                _memory.Clear();
                _fire = NewFire();
                (rough, fireSteps, trouble) = (true, FireStepsAfterTrouble, trouble + 1);
            }

            if (failure is not null)
            {
                return (DescentEnd.EngineFailed, failure);
            }

            if (runaway.Reason(_point.Structure) is { } reason)
            {
                return (DescentEnd.Runaway, reason);
            }
        }
    }

    private Fire NewFire() => new(space.Count, settings.TimeStep, 10 * settings.TimeStep);

    private void Accept(RelaxationPoint point)
    {
        _point = point;
        _guarded = point.Evaluation.IsGuarded ? _guarded + 1 : 0;
        Steps++;
        accepted(point);
    }

    /// <summary>One step of FIRE; returns why the engine failed, or null.</summary>
    private string? FireStep()
    {
        for (int failures = 1; ; failures++)
        {
            var step = _fire.Step(_point.Gradient);
            space.Project(step);
            double factor = settings.LongestStep / space.Reach(step);
            if (factor < 1)
            {
                Scale(step, factor);
                _fire.Shortened(factor);
            }

            var (trial, failure) = evaluate(space.Move(_point.Structure, step));
            if (trial is not null)
            {
                Accept(trial);
                return null;
            }

            if (failures == MaximumFailures)
            {
                return failure;
            }

            _fire.Restart();
        }
    }

    /// <summary>One step of L-BFGS, shortened until the energy falls; false when it does not.</summary>
    private bool QuasiNewtonStep(out string? failure)
    {
        int failures = 0;
        failure = null;
        for (int attempt = 0; attempt <= MaximumBacktracks; attempt++)
        {
            var step = Direction();
            double factor = _reach / space.Reach(step);
            if (factor < 1)
            {
                Scale(step, factor);
            }

            var (trial, reason) = evaluate(space.Move(_point.Structure, step));
            if (trial is null)
            {
                _reach = 0.25 * space.Reach(step);
                if (++failures == MaximumFailures)
                {
                    failure = reason;
                    return false;
                }

                continue;
            }

            Learn(step, trial);
            if (trial.Objective <= _point.Objective + EnergyNoise + RelativeEnergyNoise * Math.Abs(_point.Objective))
            {
                _reach = Math.Min(settings.LongestStep, Math.Max(_reach, 2 * space.Reach(step)));
                Accept(trial);
                return true;
            }

            _reach = Backtrack(step, trial) * space.Reach(step);
        }

        return false;
    }

    /// <summary>Takes what a step says about the curvature.</summary>
    private void Learn(double[] step, RelaxationPoint trial)
    {
        if (space.Roughness(_point) > settings.MemoryForce)
        {
            return;
        }

        var change = Difference(trial.Gradient, _point.Gradient);
        _memory.Add(step, change);
        double measured = LimitedMemory.Dot(step, change) / LimitedMemory.Dot(step, _model.Product(step));
        _stiffness = measured > 0 && measured < ModelHolds ? Math.Max(measured / ModelHolds, SoftestScale) : 1;
    }

    private double[] Direction()
    {
        var step = _memory.Direction(_point.Gradient, Precondition);
        space.Project(step);
        if (LimitedMemory.Dot(step, _point.Gradient) < 0)
        {
            return step;
        }

        _memory.Clear();
        step = _memory.Direction(_point.Gradient, Precondition);
        space.Project(step);
        return step;
    }

    /// <summary>Multiplies with the inverse of the model at the present point.</summary>
    private void Precondition(double[] vector)
    {
        if (!ReferenceEquals(_modelled, _point))
        {
            _model.Build(_point.Structure, _stiffness, settings.Damping * space.Roughness(_point));
            _modelled = _point;
        }

        _model.Solve(vector);
    }

    /// <summary>Where along a failed step the cubic through both energies and slopes has its minimum; 0.1 to 0.5.</summary>
    private double Backtrack(double[] step, RelaxationPoint trial)
    {
        double slope = LimitedMemory.Dot(_point.Gradient, step), slopeThere = LimitedMemory.Dot(trial.Gradient, step), rise = trial.Objective - _point.Objective;
        double d = slope + slopeThere - 3 * rise, discriminant = d * d - slope * slopeThere;
        double at = discriminant >= 0 ? 1 - (slopeThere + Math.Sqrt(discriminant) - d) / (slopeThere - slope + 2 * Math.Sqrt(discriminant)) : 0.25;
        return double.IsFinite(at) ? Math.Clamp(at, 0.1, 0.5) : 0.25;
    }

    private static void Scale(double[] vector, double factor)
    {
        for (int i = 0; i < vector.Length; i++)
        {
            vector[i] *= factor;
        }
    }

    private static double[] Difference(double[] a, double[] b)
    {
        var result = new double[a.Length];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = a[i] - b[i];
        }

        return result;
    }
}
