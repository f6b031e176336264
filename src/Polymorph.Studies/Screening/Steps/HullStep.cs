namespace Polymorph.Studies.Screening.Steps;

/// <summary>Energy above the convex hull of the references of the candidate's own method, eV/atom; below zero for a candidate lower than every known mixture.</summary>
/// <param name="settings">What the recipe says.</param>
internal sealed class HullStep(StepSettings settings) : ScreeningStep(settings)
{
    private string _method = "references of the recipe";

    /// <inheritdoc/>
    public override string Method => _method;

    /// <inheritdoc/>
    public override void Prepare(ScreeningContext context) => _method = HullStandings.Prepare(context);

    /// <inheritdoc/>
    public override IReadOnlyList<StepValue> Evaluate(IReadOnlyList<ScreeningCandidate> candidates, ScreeningContext context)
    {
        HullStandings.Find(candidates, context, Settings.Name);
        return [.. candidates.Select(HullStandings.Value)];
    }
}
