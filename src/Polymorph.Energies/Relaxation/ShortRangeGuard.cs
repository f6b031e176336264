using Polymorph.Energies.Neural;
using Polymorph.Structures;

namespace Polymorph.Energies.Relaxation;

/// <summary>An engine with a repulsion between atoms that come nearer than any bond: a network that extrapolates there may call a collision the best geometry of all.</summary>
/// <remarks>The screened repulsion of two nuclei, which fades out with two continuous derivatives at <see cref="RangeFactor"/>·(r_i + r_j). Beyond that the engine's own numbers
/// come through to the last bit, and so the name of the method stays. A relaxation counts the evaluations in which it acted (<see cref="Evaluation.IsGuarded"/>); one that ends in its range is no minimum, and has no energy.</remarks>
/// <param name="engine">The engine to guard.</param>
public sealed class ShortRangeGuard(IEnergyEngine engine) : IEnergyEngine
{
    /// <summary>Range as a share of the sum of the covalent radii; the shortest bonds of sound structures are at 0.67 (U=O) and 0.77 (N≡N).</summary>
    public const double RangeFactor = 0.55;

    private static readonly ScreenedRepulsion Repulsion = new([.. Element.All], RangeFactor);

    /// <inheritdoc/>
    public string Method => engine.Method;

    /// <inheritdoc/>
    public string? Refusal(Structure structure) => engine.Refusal(structure);

    /// <inheritdoc/>
    public IEvaluator CreateEvaluator() => new GuardedEvaluator(engine.CreateEvaluator());

    /// <summary>The nearest pair inside the range, as a clause; null when there is none.</summary>
    /// <param name="structure">A structure.</param>
    public static string? PairInRange(Structure structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        return ClosePairs.Nearest(structure, RangeFactor) is { } pair ? $"{ClosePairs.Text(structure, pair)}, where the short-range guard acts" : null;
    }

    /// <summary>Adds the repulsion to an evaluation; null when no pair is in range.</summary>
    internal static Evaluation? Repelled(Structure structure, Evaluation evaluation)
    {
        double energy = 0;
        Vector3D[]? forces = null;
        var virial = default(StressTensor);
        foreach (var (i, near) in ClosePairs.Within(structure, RangeFactor))
        {
            forces ??= [.. evaluation.Forces];
            var (e, slope) = Repulsion.Evaluate(structure.Species[i].Number - 1, structure.Species[near.Index].Number - 1, near.Distance);
            var gradient = slope / near.Distance * near.Offset;

            // Each pair comes from both its ends: the force on this end, and half of energy and virial.
            forces[i] += gradient;
            energy += 0.5 * e;
            virial += 0.5 * StressTensor.Virial(near.Offset, gradient);
        }

        return forces is null ? null : Evaluation.Of(
            evaluation.EnergyEV + energy, [.. forces],
            evaluation.Stress is { } stress ? stress + 1 / structure.Lattice!.Volume * virial : null,
            evaluation.UncertaintyEVPerAtom) with
        { IsGuarded = true };
    }
}

/// <summary>A worker of a <see cref="ShortRangeGuard"/>.</summary>
internal sealed class GuardedEvaluator(IEvaluator evaluator) : IEvaluator
{
    public Evaluation Evaluate(Structure structure, CancellationToken cancellation = default)
    {
        var evaluation = evaluator.Evaluate(structure, cancellation);
        return evaluation.Failure is null && evaluation.Forces.Length == structure.AtomCount ? ShortRangeGuard.Repelled(structure, evaluation) ?? evaluation : evaluation;
    }

    public void Dispose() => evaluator.Dispose();
}
