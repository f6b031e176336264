using System.Collections.Immutable;

namespace Polymorph.Energies.Ani;

/// <summary>Constants of the atomic environment vector of ANI and the order of its entries.</summary>
/// <remarks>Symbols as in J. S. Smith, O. Isayev, A. E. Roitberg, Chem. Sci. 8, 3192 (2017), eqs. 3 and 4. The vector has a radial block of
/// |ShfR| entries per element, then an angular block of |ShfA|·|ShfZ| entries (ShfA slow) per unordered pair of elements: (0,0), (0,1), …, (1,1), ….</remarks>
internal sealed record AniSymmetryFunctions
{
    /// <summary>Radial entries per element of every published set; the kernel relies on it.</summary>
    public const int RadialBlock = 16;

    /// <summary>Angular entries per pair of elements of every published set.</summary>
    public const int AngularBlock = 32;

    /// <summary>Factor of the cosine of an angle before its arccosine: part of the model, and what keeps the derivative of the arccosine finite.</summary>
    public const double CosineFactor = 0.95;

    /// <summary>Cutoff of the radial part, Å.</summary>
    public required double Rcr { get; init; }

    /// <summary>Cutoff of the angular part, Å.</summary>
    public required double Rca { get; init; }

    /// <summary>Exponent of the radial Gaussians, Å⁻².</summary>
    public required double EtaR { get; init; }

    /// <summary>Centres of the radial Gaussians, [16], Å.</summary>
    public required ImmutableArray<double> ShfR { get; init; }

    /// <summary>Exponent of the angular factor.</summary>
    public required double Zeta { get; init; }

    /// <summary>Centres of the angular factor, radian.</summary>
    public required ImmutableArray<double> ShfZ { get; init; }

    /// <summary>Exponent of the Gaussians of the mean distance, Å⁻².</summary>
    public required double EtaA { get; init; }

    /// <summary>Centres of the Gaussians of the mean distance, Å.</summary>
    public required ImmutableArray<double> ShfA { get; init; }

    /// <summary>Entries of the vector for so many elements.</summary>
    /// <param name="elements">Number of elements.</param>
    public static int Length(int elements) => RadialBlock * elements + AngularBlock * elements * (elements + 1) / 2;

    /// <summary>First entry of the radial block of an element.</summary>
    /// <param name="type">Index of the element.</param>
    public static int Radial(int type) => RadialBlock * type;

    /// <summary>First entry of the angular block of two elements.</summary>
    /// <param name="elements">Number of elements.</param>
    /// <param name="first">Index of one element.</param>
    /// <param name="second">Index of the other.</param>
    public static int Angular(int elements, int first, int second)
    {
        int low = Math.Min(first, second), high = Math.Max(first, second);
        return RadialBlock * elements + AngularBlock * (low * elements - low * (low - 1) / 2 + high - low);
    }

    /// <summary>The cutoff function ½ cos(π r / R) + ½ and its derivative.</summary>
    /// <param name="r">Distance, at most R, Å.</param>
    /// <param name="cutoff">R, Å.</param>
    public static (double Value, double Slope) Cutoff(double r, double cutoff)
    {
        var (sin, cos) = Math.SinCos(Math.PI * r / cutoff);
        return (0.5 * cos + 0.5, -0.5 * Math.PI / cutoff * sin);
    }
}
