using System.Globalization;

namespace Polymorph.Screening.Hull;

/// <summary>Writes into what a formula falls apart: <c>MgMn2O4 -> MgO + Mn2O3</c>.</summary>
public static class ReactionText
{
    /// <summary>The balanced reaction of one reduced formula.</summary>
    /// <param name="standing">A phase and its decomposition.</param>
    public static string Of(HullStanding standing)
    {
        ArgumentNullException.ThrowIfNull(standing);
        var from = standing.Entry.Composition;
        var products = standing.Hull.Decomposition.Select(p => (Coefficient: p.Fraction * from.ReducedTotal / p.Entry.Composition.ReducedTotal, p.Entry.Composition.ReducedFormula));
        return $"{from.ReducedFormula} -> {string.Join(" + ", products.Select(p => Term(p.Coefficient, p.ReducedFormula)))}";
    }

    private static string Term(double coefficient, string formula) =>
        Math.Abs(coefficient - 1) < 5e-5 ? formula : string.Create(CultureInfo.InvariantCulture, $"{coefficient:0.####} {formula}");
}
