using System.Collections.Frozen;
using Polymorph.Foundation;

namespace Polymorph.Structures.Bonds;

/// <summary>How many single bonds an uncharged atom forms in a saturated molecule.</summary>
/// <remarks>Main-group elements: 8 minus the group's valence electrons (octet rule, Langmuir, J. Am. Chem. Soc. 41 (1919) 868), boron and aluminium 3;
/// for B, C, N, O, P, S and the halogens these are the lowest normal valences of the OpenSMILES specification, section 3.1.</remarks>
public static class Valence
{
    private static readonly FrozenDictionary<string, int> Table = new Dictionary<string, int>
    {
        ["H"] = 1,
        ["B"] = 3,
        ["C"] = 4,
        ["N"] = 3,
        ["O"] = 2,
        ["F"] = 1,
        ["Al"] = 3,
        ["Si"] = 4,
        ["P"] = 3,
        ["S"] = 2,
        ["Cl"] = 1,
        ["Ge"] = 4,
        ["As"] = 3,
        ["Se"] = 2,
        ["Br"] = 1,
        ["Te"] = 2,
        ["I"] = 1,
    }.ToFrozenDictionary();

    private static readonly int[] ByNumber = [-1, .. Element.All.Select(e => Table.GetValueOrDefault(e.Symbol, -1))];

    /// <summary>The expected number of bonds; null for elements without one valence (metals, noble gases).</summary>
    /// <param name="element">The element.</param>
    public static int? Expected(Element element) => ByNumber[element.Number] is var valence and >= 0 ? valence : null;

    /// <summary>The expected number of bonds of an element that must have one.</summary>
    /// <param name="element">The element.</param>
    /// <exception cref="PolymorphException">PM2301: the element has no single valence.</exception>
    public static int Required(Element element) => Expected(element) ?? throw new PolymorphException(
        "PM2301", $"{element.Name} has no fixed valence, so bonds cannot be counted against it", element.Symbol,
        $"Molecules are judged for {string.Join(", ", Table.Keys.Select(Element.Parse).Order())}; compare other structures by geometry instead.");
}
