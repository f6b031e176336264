using Polymorph.Screening.Chemistry;
using Polymorph.Selection.Metrics;

namespace Polymorph.Studies.Screening.Steps;

/// <summary>The whole rule of SMACT: charges cancel, and every positive element is less electronegative than every negative one.</summary>
/// <param name="settings">What the recipe says.</param>
internal sealed class ElectronegativityStep(StepSettings settings) : ScreeningStep(settings)
{
    private bool AlloysPass => Settings.Values.Switch(ScreeningKeys.Alloys) ?? true;

    /// <inheritdoc/>
    public override string Method => $"SMACT with the list {OxidationListChoice.Of(Settings).Name}, alloys {(AlloysPass ? "pass" : "are judged like others")}";

    /// <inheritdoc/>
    public override IReadOnlyList<StepValue> Evaluate(IReadOnlyList<ScreeningCandidate> candidates, ScreeningContext context)
    {
        var table = OxidationListChoice.Of(Settings);
        bool alloys = AlloysPass;
        return Each(candidates, context, candidate => OxidationListChoice.Reduced(candidate.Composition) is not { } composition
            ? StepValue.Unknown("broken-formula", "charges are balanced for whole numbers of atoms")
            : StepValue.Judged(ChargeBalance.IsValid(composition, table, alloys), "not-plausible", CompositionalValidity.WhyNot(composition, table) ?? ""));
    }
}
