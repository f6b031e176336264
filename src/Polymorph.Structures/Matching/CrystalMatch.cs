using System.Collections.Immutable;

namespace Polymorph.Structures.Matching;

/// <summary>How well two crystals match.</summary>
/// <param name="Verdict">Whether they do.</param>
/// <param name="Rms">Root mean square distance of paired sites over (V/N)^(1/3); dimensionless; null without a match.</param>
/// <param name="Maximum">Largest distance of the same pairing over (V/N)^(1/3); dimensionless; null without a match.</param>
/// <param name="Mapping">For each atom of the first crystal its partner among the atoms of the second; empty without a match.</param>
/// <param name="Elements">In an anonymous match the element of the second crystal that each element of the first became; otherwise empty.</param>
public sealed record CrystalMatch(MatchVerdict Verdict, double? Rms, double? Maximum, ImmutableArray<int> Mapping, ImmutableSortedDictionary<Element, Element> Elements)
{
    /// <summary>Volume per site of the second crystal over that of the first; dimensionless; null without a match. The distances do not show it.</summary>
    public double? VolumeRatio { get; init; }

    /// <summary>Largest relative difference of the lengths of the two cells brought to one volume; dimensionless; null without a match. The distances do not show it.</summary>
    public double? LengthDeviation { get; init; }

    /// <summary>Largest difference of the angles of the two cells, radian; null without a match.</summary>
    public double? AngleDeviation { get; init; }

    internal static CrystalMatch Without(MatchVerdict verdict) => new(verdict, null, null, [], ImmutableSortedDictionary<Element, Element>.Empty);
}
