using Polymorph.Screening.Compositions;
using Polymorph.Structures;

namespace Polymorph.Screening.Corrections;

/// <summary>How the oxygen atoms of a compound are bound; all of them count as one class.</summary>
public enum OxideClass
{
    /// <summary>No bonds between oxygen atoms; hydroxides too.</summary>
    Oxide,

    /// <summary>Pairs about 1.49 Å apart.</summary>
    Peroxide,

    /// <summary>Pairs about 1.35 Å apart or nearer.</summary>
    Superoxide,

    /// <summary>An oxygen atom bound to two others.</summary>
    Ozonide,
}

/// <summary>Tells the class of an oxide.</summary>
/// <remarks>The rules of pymatgen 2022.11.7 with its factor of 1.05 on the lengths of bonds.</remarks>
public static class OxideClasses
{
    private const double Factor = 1.05, SuperoxideBond = 1.35, PeroxideBond = 1.49, HydroxideBond = 0.93;

    private static readonly Element Hydrogen = new(1);
    private static readonly Element Oxygen = new(8);

    // Formulas for which no structure is needed: alkali metals and alkaline earths.
    private static readonly HashSet<string> Peroxides = Reduced("LiO NaO KO CsO RbO BeO2 MgO2 CaO2 SrO2 BaO2");
    private static readonly HashSet<string> Superoxides = Reduced("LiO2 NaO2 KO2 RbO2 CsO2");
    private static readonly HashSet<string> Ozonides = Reduced("LiO3 NaO3 KO3 NaO5");

    /// <summary>The class by the distances between oxygen atoms.</summary>
    /// <param name="structure">A crystal.</param>
    public static OxideClass Of(Structure structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        var neighbours = NeighborList.Build(structure, Factor * PeroxideBond);
        bool peroxide = false, superoxide = false, ozonide = false;
        for (int i = 0; i < structure.AtomCount; i++)
        {
            if (structure.Species[i] != Oxygen)
            {
                continue;
            }

            int bonds = 0;
            foreach (var neighbour in neighbours.Of(i))
            {
                var other = structure.Species[neighbour.Index];
                if (other == Hydrogen && neighbour.Distance < Factor * HydroxideBond)
                {
                    return OxideClass.Oxide; // A hydroxide counts as one.
                }

                if (other == Oxygen)
                {
                    peroxide = true;
                    bonds += neighbour.Distance < Factor * SuperoxideBond ? 1 : 0;
                }
            }

            superoxide |= bonds > 0;
            ozonide |= bonds > 1;
        }

        return ozonide ? OxideClass.Ozonide : superoxide ? OxideClass.Superoxide : peroxide ? OxideClass.Peroxide : OxideClass.Oxide;
    }

    /// <summary>The class by the formula alone: right for the usual compounds of alkali metals and alkaline earths only.</summary>
    /// <param name="composition">The formula.</param>
    public static OxideClass Of(ElementAmounts composition)
    {
        ArgumentNullException.ThrowIfNull(composition);
        string formula = composition.ReducedFormula;
        return Peroxides.Contains(formula) ? OxideClass.Peroxide : Superoxides.Contains(formula) ? OxideClass.Superoxide : Ozonides.Contains(formula) ? OxideClass.Ozonide : OxideClass.Oxide;
    }

    private static HashSet<string> Reduced(string formulas) => [.. formulas.Split(' ').Select(f => ElementAmounts.Parse(f).ReducedFormula)];
}
