using Polymorph.Structures;

namespace Polymorph.Representations.Fingerprints;

/// <summary>Order of the elements by chemical likeness.</summary>
public static class ElementScale
{
    private const int MendeleevColumn = 1;

    /// <summary>Mendeleev number: place of an element in the string through the periodic table on which neighbours are alike.</summary>
    /// <param name="element">The element.</param>
    /// <returns>Null for elements above atomic number 96.</returns>
    /// <remarks>As tabulated by Ward et al., npj Comput. Mater. 2 (2016) 16028.</remarks>
    public static double? MendeleevNumber(Element element) => CompositionFingerprint.Property(element, MendeleevColumn);
}
