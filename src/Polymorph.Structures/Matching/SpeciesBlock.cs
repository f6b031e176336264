namespace Polymorph.Structures.Matching;

/// <summary>Consecutive sites of one element.</summary>
/// <param name="Element">The element.</param>
/// <param name="Start">First site.</param>
/// <param name="Count">Number of sites.</param>
internal readonly record struct SpeciesBlock(Element Element, int Start, int Count)
{
    /// <summary>The site behind the last one.</summary>
    public int End => Start + Count;
}
