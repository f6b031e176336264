using System.Globalization;
using Polymorph.Foundation;
using Polymorph.Screening.Chemistry;
using Polymorph.Selection.Compositions;
using Polymorph.Structures;

namespace Polymorph.Studies.Screening.Steps;

/// <summary>The mean oxidation state of one element, by balance with fixed states of the others.</summary>
/// <param name="settings">What the recipe says.</param>
internal sealed class OxidationStateStep(StepSettings settings) : ScreeningStep(settings)
{
    private readonly Dictionary<Element, double> _states = [];
    private Element _element;

    /// <inheritdoc/>
    public override string Method => $"balance of charges with {(_states.Count == 0 ? "usual states" : string.Join(", ", _states.OrderBy(s => s.Key).Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Key} {s.Value:+0.##;-0.##;0}"))))}";

    /// <inheritdoc/>
    public override void Prepare(ScreeningContext context)
    {
        string symbol = Settings.Values.Text(ScreeningKeys.OxidationElement)!;
        if (!Element.TryParse(symbol, out _element))
        {
            throw ScreeningKeys.OxidationElement.Wrong(symbol, Settings.Values.Place(ScreeningKeys.OxidationElement), "a chemical element");
        }

        var given = Settings.Values.All(ScreeningKeys.States).Select(OxidationRange.Parse).ToList();
        foreach (var range in given)
        {
            _states[range.Element] = range.Lowest == range.Highest ? range.Lowest
                : throw ScreeningKeys.States.Wrong($"{range.Element}={range.Lowest}..{range.Highest}", Settings.Values.Place(ScreeningKeys.States), "one state for each element");
        }

        foreach (var element in context.Candidates.SelectMany(c => c.Composition.Elements).Distinct().Where(e => e != _element && !_states.ContainsKey(e)).ToList())
        {
            if (OxidationRange.Usual(element) is { } state)
            {
                _states[element] = state;
            }
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<StepValue> Evaluate(IReadOnlyList<ScreeningCandidate> candidates, ScreeningContext context)
    {
        var rule = new MeanOxidationState(_element, _states, double.NegativeInfinity, double.PositiveInfinity);
        return [.. candidates.Select(candidate =>
        {
            double? state = rule.Of(candidate.Composition);
            candidate.Fields[$"oxidationState{_element.Symbol}"] = state;
            return state is { } known ? StepValue.Of(known)
                : candidate.Composition[_element] > 0 ? StepValue.Unknown("state-of-another-element", $"no state is given for {string.Join(", ", candidate.Composition.Elements.Where(e => e != _element && !_states.ContainsKey(e)))}")
                : StepValue.Unknown("element-absent", $"there is no {_element} in it");
        })];
    }
}
