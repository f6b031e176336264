using Polymorph.Screening.Compositions;
using Polymorph.Structures;

namespace Polymorph.Screening.Chemistry;

/// <summary>A filter on the mean oxidation state of one element, which follows by balance from fixed states of the others.</summary>
/// <param name="Element">The element asked about.</param>
/// <param name="Others">State of every other element.</param>
/// <param name="Smallest">Smallest mean state that passes.</param>
/// <param name="Largest">Largest that passes.</param>
public sealed record MeanOxidationState(Element Element, IReadOnlyDictionary<Element, double> Others, double Smallest, double Largest)
{
    // Quotients of small whole numbers; a bound such as 8/3 must pass.
    private const double Rounding = 1e-9;

    /// <summary>The rule of the Mg-Mn-O study: manganese between +2 and +4, with Mg +2 and O -2.</summary>
    public static MeanOxidationState ManganeseOfPhotoanodes { get; } = new(Element.Parse("Mn"), new Dictionary<Element, double> { [Element.Parse("Mg")] = 2, [Element.Parse("O")] = -2 }, 2, 4);

    /// <summary>The mean state by balance; null when the element is absent or another element has no state.</summary>
    /// <param name="composition">The formula.</param>
    public double? Of(ElementAmounts composition)
    {
        ArgumentNullException.ThrowIfNull(composition);
        double charge = 0;
        foreach (var element in composition.Elements)
        {
            if (element != Element)
            {
                if (!Others.TryGetValue(element, out double state))
                {
                    return null;
                }

                charge += state * composition[element];
            }
        }

        return composition[Element] > 0 ? -charge / composition[Element] : null;
    }

    /// <summary>Whether a formula passes; null when its state is unknown, which never counts as passing.</summary>
    /// <param name="composition">The formula.</param>
    public bool? Passes(ElementAmounts composition) => Of(composition) is { } state ? state >= Smallest - Rounding && state <= Largest + Rounding : null;
}
