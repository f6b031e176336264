using Polymorph.Structures;

namespace Polymorph.Selection.Compositions;

/// <summary>How near atoms come to each other and how dense crystals are in most of a set, where <see cref="GeometryStatistics"/> has the extremes.</summary>
public sealed class TypicalGeometry
{
    // Seven crystals of ten keep their shortest distance of a pair above this one.
    private const double DistanceShare = 0.3;

    // Rather dense than loose: a relaxation shrinks a loose crystal to something else.
    private const double SmallVolumeShare = 0.05;
    private const double LargeVolumeShare = 0.75;

    private readonly Dictionary<(Element A, Element B), double> _distances;

    private TypicalGeometry(Dictionary<(Element A, Element B), double> distances, (double Smallest, double Largest) volumes) => (_distances, Volumes) = (distances, volumes);

    /// <summary>Range of the volume per atom, Å³.</summary>
    public (double Smallest, double Largest) Volumes { get; }

    /// <summary>Measures a set.</summary>
    /// <param name="crystals">At least one crystal.</param>
    public static TypicalGeometry Of(IEnumerable<Structure> crystals)
    {
        ArgumentNullException.ThrowIfNull(crystals);
        var each = crystals.Select(c => GeometryStatistics.Of([c])).ToList();
        var distances = each.SelectMany(e => e.ShortestDistances).GroupBy(d => d.Key).ToDictionary(g => g.Key, g => Quantile(g.Select(d => d.Value), DistanceShare));
        var volumes = each.Select(e => e.SmallestVolume).ToList();
        return new TypicalGeometry(distances, (Quantile(volumes, SmallVolumeShare), Quantile(volumes, LargeVolumeShare)));
    }

    /// <summary>Typical shortest distance of a pair of elements, Å; 0 for a pair that the set does not have.</summary>
    /// <param name="a">One element.</param>
    /// <param name="b">The other.</param>
    public double Distance(Element a, Element b) => _distances.GetValueOrDefault(GeometryStatistics.Pair(a, b));

    private static double Quantile(IEnumerable<double> values, double share)
    {
        double[] sorted = [.. values.Order()];
        return sorted[(int)(share * (sorted.Length - 1))];
    }
}
