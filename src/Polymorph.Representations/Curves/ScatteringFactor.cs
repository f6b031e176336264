using Polymorph.Representations.Fingerprints;
using Polymorph.Structures;

namespace Polymorph.Representations.Curves;

/// <summary>X-ray scattering factors of neutral atoms: f(s) = Z - 41.78214 s² Σ a exp(-b s²), s = sin θ / λ in Å⁻¹.</summary>
/// <remarks>The parameters lie in the embedded <c>scattering-factors.csv</c>, which names its sources. They are fitted for s up to 2 Å⁻¹.</remarks>
public static class ScatteringFactor
{
    /// <summary>8π²·(Bohr radius in Å): the Mott-Bethe relation between electron and X-ray factors.</summary>
    public const double MottBethe = 41.78214;

    private const int Gaussians = 4;

    private static readonly (double A, double B)[]?[] Table = Read();

    /// <summary>True when the factor of an element is tabulated: hydrogen to californium.</summary>
    /// <param name="element">The element.</param>
    public static bool IsKnown(Element element) => Table[element.Number] is not null;

    /// <summary>The factor, electrons.</summary>
    /// <param name="element">The element.</param>
    /// <param name="squaredS">(sin θ / λ)², Å⁻².</param>
    /// <exception cref="ArgumentException">The element is not tabulated.</exception>
    public static double At(Element element, double squaredS)
    {
        var gaussians = Table[element.Number] ?? throw new ArgumentException($"there is no scattering factor of {element}", nameof(element));
        double sum = 0;
        foreach (var (a, b) in gaussians)
        {
            sum += a * Math.Exp(-b * squaredS);
        }

        return element.Number - MottBethe * squaredS * sum;
    }

    private static (double A, double B)[]?[] Read()
    {
        var table = new (double, double)[]?[Element.Count + 1];
        foreach (string[] cells in EmbeddedTable.Rows("scattering-factors.csv"))
        {
            double Number(int i) => EmbeddedTable.Number(cells[i]);
            table[Element.Parse(cells[0]).Number] = [.. Enumerable.Range(0, Gaussians).Select(g => (Number(1 + 2 * g), Number(2 + 2 * g))).Where(g => g.Item1 != 0)];
        }

        return table;
    }
}
