using System.Collections.Immutable;
using Polymorph.Structures;

namespace Polymorph.Representations.Curves;

/// <summary>Radial distribution functions of a crystal, of all atoms and of each pair of elements.</summary>
/// <remarks>g_ab(r) = n_ab / (N_a ρ_b V_shell): neighbours of element b around an atom of a in a shell, over those of an even distribution;
/// 1 at long distances. All atoms together are a pair as well. Source: Allen and Tildesley, Computer Simulation of Liquids, section 2.6.</remarks>
/// <param name="Step">Width of a shell, Å.</param>
/// <param name="Total">g(r) of all atoms, [shells].</param>
/// <param name="Pairs">g(r) by pair of elements, symbols in alphabetical order, [shells] each.</param>
public sealed record RadialDistribution(double Step, ImmutableArray<double> Total, ImmutableSortedDictionary<string, ImmutableArray<double>> Pairs)
{
    /// <summary>Middle of a shell, Å.</summary>
    /// <param name="shell">Index of the shell.</param>
    public double Radius(int shell) => (shell + 0.5) * Step;

    /// <summary>The functions of a crystal.</summary>
    /// <param name="crystal">Periodic along all three axes.</param>
    /// <param name="range">Largest distance, Å; positive.</param>
    /// <param name="step">Width of a shell, Å; positive, at most the range.</param>
    /// <exception cref="Foundation.PolymorphException">PM3101: not a crystal. PM3104: too many neighbours within the range.</exception>
    public static RadialDistribution Of(Structure crystal, double range = 10, double step = 0.05)
    {
        ArgumentNullException.ThrowIfNull(crystal);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(step);
        ArgumentOutOfRangeException.ThrowIfLessThan(range, step);
        var cell = CurveInput.Cell(crystal, "a radial distribution");
        int shells = (int)Math.Round(range / step);
        var neighbors = CurveInput.Neighbors(crystal, shells * step);
        var counts = new SortedDictionary<string, int[]>(StringComparer.Ordinal);
        var elements = crystal.Species.Distinct().ToList();
        foreach (var a in elements)
        {
            foreach (var b in elements)
            {
                counts[BondGeometry.PairLabel(a, b)] = new int[shells];
            }
        }

        var total = new int[shells];
        for (int i = 0; i < crystal.AtomCount; i++)
        {
            var byElement = elements.ToDictionary(e => e, e => counts[BondGeometry.PairLabel(crystal.Species[i], e)]);
            foreach (var n in neighbors.Of(i))
            {
                int shell = Math.Min((int)(n.Distance / step), shells - 1);
                total[shell]++;
                byElement[crystal.Species[n.Index]][shell]++;
            }
        }

        return new RadialDistribution(step, Scaled(total, (double)crystal.AtomCount * crystal.AtomCount),
            counts.ToImmutableSortedDictionary(c => c.Key, c => Scaled(c.Value, OrderedPairs(c.Key)), StringComparer.Ordinal));

        // Pairs of unlike elements are counted from both sides.
        double OrderedPairs(string label)
        {
            string[] symbols = label.Split('-');
            double a = crystal.Species.Count(e => e.Symbol == symbols[0]), b = crystal.Species.Count(e => e.Symbol == symbols[1]);
            return symbols[0] == symbols[1] ? a * a : 2 * a * b;
        }

        ImmutableArray<double> Scaled(int[] pairs, double ordered) => [.. pairs.Select((n, shell) =>
            n * cell.Volume / (ordered * 4 * Math.PI / 3 * step * step * step * (3.0 * shell * shell + 3.0 * shell + 1)))];
    }
}
