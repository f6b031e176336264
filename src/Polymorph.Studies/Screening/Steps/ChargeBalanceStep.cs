using Polymorph.Screening.Chemistry;

namespace Polymorph.Studies.Screening.Steps;

/// <summary>Whether oxidation states of a list can cancel: one state per element, or one per atom.</summary>
/// <param name="settings">What the recipe says.</param>
internal sealed class ChargeBalanceStep(StepSettings settings) : ScreeningStep(settings)
{
    private bool IsMixed => Settings.Values.Switch(ScreeningKeys.MixedValence) ?? false;

    /// <inheritdoc/>
    public override string Method => $"list {OxidationListChoice.Of(Settings).Name}, {(IsMixed ? "a state for each atom" : "one state for each element")}";

    /// <inheritdoc/>
    public override IReadOnlyList<StepValue> Evaluate(IReadOnlyList<ScreeningCandidate> candidates, ScreeningContext context)
    {
        var table = OxidationListChoice.Of(Settings);
        bool mixed = IsMixed;
        return Each(candidates, context, candidate =>
        {
            if (OxidationListChoice.Reduced(candidate.Composition) is not { } composition)
            {
                return StepValue.Unknown("broken-formula", "charges are balanced for whole numbers of atoms");
            }

            double[]? states = mixed ? MixedValence.MeanStates(composition, table).Select(s => s.ToArray()).FirstOrDefault()
                : ChargeBalance.Neutral(composition, table).Select(s => s.Select(x => (double)x).ToArray()).FirstOrDefault();
            return StepValue.Judged(states is not null, "charge-imbalance", states is null ? $"no choice of states is neutral in the list {table.Name}" : OxidationListChoice.Text(composition.Counts.Keys, states));
        });
    }
}
