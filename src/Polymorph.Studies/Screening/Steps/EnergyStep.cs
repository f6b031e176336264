using System.Text.Json.Nodes;

namespace Polymorph.Studies.Screening.Steps;

/// <summary>The energy of the present geometry by an engine, eV/atom; later steps measure it against the hull.</summary>
/// <param name="settings">What the recipe says.</param>
internal sealed class EnergyStep(StepSettings settings) : EvaluationStep(settings)
{
    /// <inheritdoc/>
    protected override StepValue? WithoutEngine(ScreeningCandidate candidate, IReadOnlySet<ScreeningCandidate> chosen) =>
        candidate.EnergyEV is { } given && candidate.Method == Method ? StepValue.Of(given / candidate.Composition.Total, detail: $"there already: {Method}") : null;

    /// <inheritdoc/>
    protected override StepValue Value(ScreeningCandidate candidate, JsonObject evaluation)
    {
        candidate.EnergyEV = (double)evaluation["energyEV"]!;
        candidate.Method = Method;
        return StepValue.Of(candidate.EnergyEV.Value / candidate.Composition.Total, (double?)evaluation["uncertaintyEVPerAtom"] ?? 0);
    }
}
