using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Polymorph.Structures;

namespace Polymorph.Selection;

/// <summary>When a geometry is too bad to go on.</summary>
/// <remarks>Both limits are ours. Measured against covalent radii, the shortest distances of real molecules (H–H 0.74 Å, C–H 1.06 Å, C≡C 1.20 Å) are 1.19, 0.99 and 0.79 of r_i + r_j.</remarks>
public sealed record GeometryOptions
{
    /// <summary>No pair may be closer, Å, whatever its elements.</summary>
    public const double ShortestDistance = 0.4;

    /// <summary>Two atoms are too close below this factor times (r_i + r_j).</summary>
    public double MinimumFactor { get; init => field = InRange(value, 0, 2); } = 0.65;

    /// <summary>An atom is isolated when no other is within this factor times (r_i + r_j).</summary>
    public double IsolationFactor { get; init => field = InRange(value, 0.5, 5); } = 1.6;

    /// <summary>Smallest allowed distances of particular pairs, Å, in place of the factor; the order of the two elements does not matter.</summary>
    public ImmutableDictionary<(Element, Element), double> MinimumDistances { get; init; } = ImmutableDictionary<(Element, Element), double>.Empty;

    /// <summary>The smallest allowed distance of two elements, Å.</summary>
    /// <param name="a">One element.</param>
    /// <param name="b">The other.</param>
    public double Minimum(Element a, Element b) =>
        MinimumDistances.TryGetValue((a, b), out double given) || MinimumDistances.TryGetValue((b, a), out given)
            ? given
            : Math.Max(ShortestDistance, MinimumFactor * (a.CovalentRadius + b.CovalentRadius));

    private static double InRange(double value, double low, double high, [CallerMemberName] string name = "") =>
        value >= low && value <= high ? value : throw new ArgumentOutOfRangeException(name, value, $"expected a factor in [{low}, {high}]");
}
