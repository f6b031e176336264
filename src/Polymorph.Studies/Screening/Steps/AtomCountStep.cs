namespace Polymorph.Studies.Screening.Steps;

/// <summary>Atoms in the cell, or in the formula as written: what bounds the cost of the steps behind it.</summary>
/// <param name="settings">What the recipe says.</param>
internal sealed class AtomCountStep(StepSettings settings) : ScreeningStep(settings)
{
    /// <inheritdoc/>
    public override IReadOnlyList<StepValue> Evaluate(IReadOnlyList<ScreeningCandidate> candidates, ScreeningContext context) => [.. candidates.Select(c => StepValue.Of(c.Composition.Total))];
}
