namespace Polymorph.Selection;

/// <summary>A geometry that stands for a molecule which no geometry quite is.</summary>
/// <param name="Index">Index of the geometry.</param>
/// <param name="Name">Canonical SMILES of the molecule that it nearly is.</param>
/// <param name="Count">How many geometries nearly are that molecule.</param>
public sealed record NearMolecule(int Index, string Name, long Count);

/// <summary>Fills a selection of molecules up with those that no geometry quite is, but some nearly are: after a relaxation they mostly are.</summary>
public static class NearMolecules
{
    /// <summary>The least strained geometries of each molecule: first one of each, the most frequent molecules first, then the second of each, and so on.</summary>
    /// <param name="geometries">What each geometry nearly is, [geometries]; null where it is nothing.</param>
    /// <param name="unwanted">Names of molecules that are there already or are not looked for.</param>
    /// <param name="each">At most so many of each.</param>
    /// <param name="room">How many are wanted at most; none when it is not positive.</param>
    /// <remarks>Of equal ones the first: the order of the geometries alone decides.</remarks>
    public static IReadOnlyList<NearMolecule> Choose(IReadOnlyList<(string Name, double Strain)?> geometries, IReadOnlySet<string> unwanted, int each, int room)
    {
        ArgumentNullException.ThrowIfNull(geometries);
        ArgumentNullException.ThrowIfNull(unwanted);
        return [.. Enumerable.Range(0, geometries.Count).Where(i => geometries[i] is { } near && !unwanted.Contains(near.Name))
            .GroupBy(i => geometries[i]!.Value.Name, StringComparer.Ordinal)
            .SelectMany(g => g.OrderBy(i => geometries[i]!.Value.Strain).Take(each).Select((index, place) => (Place: place, Near: new NearMolecule(index, g.Key, g.LongCount()))))
            .OrderBy(n => n.Place).ThenByDescending(n => n.Near.Count).ThenBy(n => n.Near.Index).Select(n => n.Near).Take(Math.Max(0, room))];
    }
}
