using System.Globalization;
using System.Text.Json.Nodes;

namespace Polymorph.Studies.Screening.Steps;

/// <summary>The last survivors evaluated by an expensive engine: energy, largest force (the number that bounds judge, eV/Å), and the gap where the engine gives one.</summary>
/// <param name="settings">What the recipe says.</param>
/// <remarks>Its energies are of another method than the hull's and stay apart from it; a small largest force says that the geometry is nearly a minimum of this method too.</remarks>
internal sealed class ConfirmationStep(StepSettings settings) : EvaluationStep(settings)
{
    private long First => Settings.Values.Whole(ScreeningKeys.First) ?? long.MaxValue;

    /// <inheritdoc/>
    protected override IReadOnlySet<ScreeningCandidate> Choose(IReadOnlyList<ScreeningCandidate> candidates) =>
        candidates.OrderBy(c => c.Standing?.EnergyAboveHullEVPerAtom ?? double.PositiveInfinity).ThenBy(c => c.Id, StringComparer.Ordinal).Take((int)Math.Min(First, int.MaxValue)).ToHashSet();

    /// <inheritdoc/>
    protected override StepValue? WithoutEngine(ScreeningCandidate candidate, IReadOnlySet<ScreeningCandidate> chosen) => chosen.Contains(candidate) ? null
        : StepValue.Unknown("not-among-the-first", string.Create(CultureInfo.InvariantCulture, $"only the first {First} were asked for"));

    /// <inheritdoc/>
    protected override StepValue Value(ScreeningCandidate candidate, JsonObject evaluation)
    {
        double perAtom = (double)evaluation["energyEV"]! / candidate.Composition.Total, force = (double)evaluation["maxForceEVPerA"]!;
        double? gap = (double?)evaluation["bandGapEV"];
        candidate.Fields["confirmation"] = new JsonObject { ["method"] = Method, ["energyEV"] = (double)evaluation["energyEV"]!, ["energyEVPerAtom"] = perAtom, ["maxForceEVPerA"] = force, ["bandGapEV"] = gap };
        return StepValue.Of(force, detail: string.Create(CultureInfo.InvariantCulture, $"{perAtom:F6} eV/atom{(gap is null ? "" : $", gap {gap:F3} eV")} by {Method}"));
    }
}
