using Polymorph.Structures;

namespace Polymorph.Representations.Fingerprints;

/// <summary>Covalent radii and electronegativities with which neighbours are weighted, from the embedded <c>bonding.csv</c>, which names its sources.</summary>
internal static class BondingTable
{
    private static readonly (double Radius, double Electronegativity)[] Rows = Read();

    /// <summary>Covalent radius, Å; NaN where the table has none (atomic numbers above 96).</summary>
    /// <param name="element">The element.</param>
    public static double Radius(Element element) => Rows[element.Number].Radius;

    /// <summary>Electronegativity on the Pauling scale; NaN where there is none.</summary>
    /// <param name="element">The element.</param>
    public static double Electronegativity(Element element) => Rows[element.Number].Electronegativity;

    private static (double Radius, double Electronegativity)[] Read()
    {
        var rows = new (double, double)[Element.Count + 1];
        Array.Fill(rows, (double.NaN, double.NaN));
        foreach (string[] cells in EmbeddedTable.Rows("bonding.csv"))
        {
            rows[Element.Parse(cells[0]).Number] = (EmbeddedTable.Number(cells[1]), EmbeddedTable.Number(cells[2]));
        }

        return rows;
    }
}
