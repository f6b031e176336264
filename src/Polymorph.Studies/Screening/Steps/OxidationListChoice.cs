using System.Globalization;
using Polymorph.Screening.Chemistry;
using Polymorph.Screening.Compositions;
using Polymorph.Selection.Metrics;
using Polymorph.Structures;

namespace Polymorph.Studies.Screening.Steps;

/// <summary>The list of oxidation states that a step names, and formulas in the whole numbers that such lists are applied to.</summary>
internal static class OxidationListChoice
{
    // Balance is sought by trying; larger formulas are no compounds with one state per element.
    private const double MostAtoms = 1000;

    /// <summary>The list; by default the one of 2014, with which published figures were computed.</summary>
    /// <param name="settings">The step.</param>
    public static OxidationTable Of(StepSettings settings) => settings.Values.Text(ScreeningKeys.List) == "icsd" ? OxidationLists.Icsd : OxidationTable.Smact2014;

    /// <summary>The reduced formula in whole numbers; null where amounts are broken or too large.</summary>
    /// <param name="composition">A formula.</param>
    public static Composition? Reduced(ElementAmounts composition)
    {
        var reduced = ElementAmounts.Parse(composition.ReducedFormula);
        return reduced.Total <= MostAtoms && reduced.Amounts.ToArray().All(double.IsInteger)
            ? new Composition(reduced.Elements.SelectMany(e => Enumerable.Repeat(e, (int)reduced[e])))
            : null;
    }

    /// <summary>States as text: <c>Mg +2, O -2</c>.</summary>
    /// <param name="elements">The elements.</param>
    /// <param name="states">One state each.</param>
    public static string Text(IEnumerable<Element> elements, IEnumerable<double> states) =>
        string.Join(", ", elements.Zip(states, (e, s) => string.Create(CultureInfo.InvariantCulture, $"{e} {s:+0.##;-0.##;0}")));
}
