using System.Runtime.CompilerServices;

namespace Polymorph.Structures.Bonds;

/// <summary>When two atoms count as bonded: closer than a multiple of the sum of their covalent radii.</summary>
/// <remarks>Source: the comparison step of the LoGAN study (Kovács et al., Mach. Learn.: Sci. Technol. 5 (2024) 035079), whose targets this rule
/// tells apart; radii of Cordero et al., Dalton Trans. 2008, 2832.</remarks>
public sealed record BondRule
{
    /// <summary>The rule with factor 1.3.</summary>
    public static BondRule Default { get; } = new();

    /// <summary>Atoms i and j are bonded when their distance is below this factor times (r_i + r_j); dimensionless, in (0, 3].</summary>
    public double Factor { get; init => field = InRange(value); } = 1.3;

    /// <summary>The distance below which two atoms are bonded, Å.</summary>
    /// <param name="a">One element.</param>
    /// <param name="b">The other.</param>
    public double MaxLength(Element a, Element b) => Factor * (a.CovalentRadius + b.CovalentRadius);

    private static double InRange(double value, [CallerMemberName] string name = "") =>
        value is > 0 and <= 3 ? value : throw new ArgumentOutOfRangeException(name, value, "expected a factor in (0, 3]");
}
