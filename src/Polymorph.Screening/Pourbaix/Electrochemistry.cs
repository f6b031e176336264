using System.Globalization;
using Polymorph.Foundation;

namespace Polymorph.Screening.Pourbaix;

/// <summary>The scale on which a potential is given.</summary>
public enum PotentialScale
{
    /// <summary>Against the standard hydrogen electrode.</summary>
    She,

    /// <summary>Against the reversible hydrogen electrode, which moves with the pH.</summary>
    Rhe,
}

/// <summary>Constants and conversions of aqueous electrochemistry at 298.15 K.</summary>
/// <remarks>Persson, Waldwick, Lazic, Ceder, Phys. Rev. B 85 (2012) 235438; the rounded values are those of the Materials Project's diagrams.</remarks>
public static class Electrochemistry
{
    /// <summary>kT ln 10 / e, V per unit of pH.</summary>
    public const double VoltsPerPH = 0.0591;

    /// <summary>Free energy of formation of a water molecule, eV.</summary>
    public const double WaterEV = -2.4583;

    /// <summary>Energy of an oxygen atom against water in the filter of solids, eV.</summary>
    public const double OxygenAgainstWaterEV = 2.46;

    /// <summary>Above this potential against RHE water gives off oxygen, V.</summary>
    public const double OxygenEvolution = 1.23;

    /// <summary>Limits of pH and of the potential against SHE within which diagrams are drawn.</summary>
    public const double SmallestPH = -2, LargestPH = 16, SmallestPotential = -4, LargestPotential = 4;

    /// <summary>A potential against SHE, V.</summary>
    /// <param name="potential">The potential, V.</param>
    /// <param name="scale">Its scale.</param>
    /// <param name="pH">The pH.</param>
    public static double AgainstShe(double potential, PotentialScale scale, double pH) => scale == PotentialScale.She ? potential : potential - VoltsPerPH * pH;

    /// <summary>A potential against RHE, V.</summary>
    /// <param name="potential">The potential, V.</param>
    /// <param name="scale">Its scale.</param>
    /// <param name="pH">The pH.</param>
    public static double AgainstRhe(double potential, PotentialScale scale, double pH) => scale == PotentialScale.Rhe ? potential : potential + VoltsPerPH * pH;

    /// <summary>Refuses a pH outside a range.</summary>
    /// <param name="pH">The pH.</param>
    /// <param name="smallest">Smallest allowed.</param>
    /// <param name="largest">Largest allowed.</param>
    /// <exception cref="PolymorphException">PM5221.</exception>
    public static void RequirePH(double pH, double smallest, double largest)
    {
        if (!(pH >= smallest && pH <= largest))
        {
            throw new PolymorphException("PM5221", string.Create(CultureInfo.InvariantCulture, $"a pH of {pH} lies outside {smallest} to {largest}"), null,
                "Decomposition energies are for water of pH 0 to 14; only a map (--grid) may reach from -2 to 16.", ExitCode.Usage);
        }
    }
}
