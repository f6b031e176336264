using Polymorph.Screening.Compositions;
using Polymorph.Structures;

namespace Polymorph.Screening.Pourbaix;

/// <summary>A solid or a dissolved species with its free energy of formation.</summary>
/// <param name="Id">Name, unique in its set.</param>
/// <param name="Name">What drawings and tables show.</param>
/// <param name="Composition">Formula as written.</param>
/// <param name="FormationEnergyEV">Free energy of formation of the formula as written, against the elements, H2 and O2, eV.</param>
/// <param name="IsIon">True for dissolved species, neutral ones included.</param>
/// <param name="Charge">In elementary charges; zero for solids.</param>
/// <param name="Concentration">Own concentration of a species with several metals, mol/kg; null to use the diagram's.</param>
public sealed record PourbaixEntry(string Id, string Name, ElementAmounts Composition, double FormationEnergyEV, bool IsIon, double Charge = 0, double? Concentration = null)
{
    internal static readonly Element Hydrogen = new(1);
    internal static readonly Element Oxygen = new(8);

    /// <summary>Atoms that are neither hydrogen nor oxygen: the number that energies are divided by.</summary>
    public double Metals => Composition.Total - Composition[Hydrogen] - Composition[Oxygen];

    /// <summary>Protons taken up when the species forms from its metals and water: n(H) - 2 n(O).</summary>
    public double Protons => Composition[Hydrogen] - 2 * Composition[Oxygen];

    /// <summary>Electrons taken up when the species forms from its metals and water: protons less the charge.</summary>
    public double Electrons => Protons - Charge;

    /// <summary>The elements other than hydrogen and oxygen.</summary>
    public IEnumerable<Element> MetalElements => Composition.Elements.Where(e => e != Hydrogen && e != Oxygen);

    /// <summary>The ratio of those elements.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    public ElementAmounts MetalRatio => new(MetalElements.Select(m => KeyValuePair.Create(m, Composition[m])));

    /// <summary>Free energy at pH 0 and 0 V against SHE, from metals and water, eV per formula.</summary>
    /// <param name="concentration">Concentration of dissolved species, mol/kg, shared among the metal atoms of a species.</param>
    /// <remarks>g₀ = G − n(O) μ(H₂O) + 0.0591 log₁₀ c for dissolved species, c divided by the metal atoms of a species of one metal, as pymatgen does.</remarks>
    public double EnergyAtZero(double concentration)
    {
        double water = FormationEnergyEV - Composition[Oxygen] * Electrochemistry.WaterEV;
        if (!IsIon)
        {
            return water;
        }

        double own = MetalElements.Count() > 1 ? Concentration ?? concentration : concentration / Metals;
        return water + Electrochemistry.VoltsPerPH * Math.Log10(own);
    }
}
