using Polymorph.Representations.Kernels;

namespace Polymorph.Energies.Neural.Kernels;

/// <summary>Which numbers stand where in the descriptor of a neural potential.</summary>
/// <remarks>An entry is a radial function with its l; an atom's expansion holds for every type A all entries, each with 2l + 1 coefficients c[A, entry, m].
/// A channel of order l is a pair (A, entry of that l). Features: for every l the products of all channels i ≤ j, Σ_m c[i, m] c[j, m]; then c[A, entry] of all entries with l = 0.</remarks>
internal sealed class DescriptorPlan
{
    public DescriptorPlan(NeuralPotentialOptions options)
    {
        TypeCount = options.Elements.Length;
        Series = [.. options.Shells.Select((s, i) => RadialSeries.Fit(s, i == 0 ? options.PairFunctions : 0, options.CutoffRadius,
            square => Math.Pow(1 + square / (options.NearRadius * options.NearRadius), -options.NearPower)))];
        CutoffRadius = options.CutoffRadius;
        Order = options.Shells.Max(s => s.MaximumOrder);
        HarmonicCount = (Order + 1) * (Order + 1);
        Harmonics = new SolidHarmonicTables(Order);
        int position = 0;
        var entries = new List<(int L, int Position, bool Product)>();
        for (int s = 0; s < Series.Length; s++)
        {
            var shell = options.Shells[s];
            foreach (var (l, n) in Series[s].Functions)
            {
                bool product = l + n <= shell.MaximumOrder;
                entries.Add((l, position++, product));
            }

            // Radial functions are evaluated four at a time; what fills up the last four is zero.
            position = (position + 3) / 4 * 4;
        }

        RadialStride = position;
        var ordered = entries.OrderBy(e => e.L).ThenBy(e => !e.Product).ToArray();
        EntryOrder = [.. ordered.Select(e => e.L)];
        EntryPosition = [.. ordered.Select(e => e.Position)];
        EntryStart = [0, .. ordered.Select((_, i) => ordered.Take(i + 1).Sum(e => 2 * e.L + 1))];
        ExpansionCount = EntryStart[^1];
        Channels = [.. Enumerable.Range(0, Order + 1).Select(l => ChannelsOf(ordered, l))];
        PairEntries = ordered.Count(e => e.L == 0);
        ProductCount = Channels.Sum(c => c.Length * (c.Length + 1) / 2);
        FeatureCount = ProductCount + TypeCount * PairEntries;
    }

    public int TypeCount { get; }

    /// <summary>The largest cutoff, Å; the unit of length of all kernels.</summary>
    public double CutoffRadius { get; }

    /// <summary>Largest l.</summary>
    public int Order { get; }

    public int HarmonicCount { get; }

    public SolidHarmonicTables Harmonics { get; }

    /// <summary>Radial functions of each shell.</summary>
    public RadialSeries[] Series { get; }

    /// <summary>Numbers per neighbour in arrays of radial functions.</summary>
    public int RadialStride { get; }

    /// <summary>l of each entry.</summary>
    public int[] EntryOrder { get; }

    /// <summary>Where each entry's radial function stands among a neighbour's.</summary>
    public int[] EntryPosition { get; }

    /// <summary>First coefficient of each entry within a type's; the last number is <see cref="ExpansionCount"/>.</summary>
    public int[] EntryStart { get; }

    /// <summary>Expansion coefficients per type.</summary>
    public int ExpansionCount { get; }

    /// <summary>First coefficient of every channel, [l][channels].</summary>
    public int[][] Channels { get; }

    /// <summary>Entries with l = 0: they come first.</summary>
    public int PairEntries { get; }

    /// <summary>Features that are products of two coefficients.</summary>
    public int ProductCount { get; }

    /// <summary>Length of the descriptor.</summary>
    public int FeatureCount { get; }

    private int[] ChannelsOf((int L, int Position, bool Product)[] entries, int l) =>
        [.. from type in Enumerable.Range(0, TypeCount)
            from e in Enumerable.Range(0, entries.Length)
            where entries[e].L == l && entries[e].Product
            select type * ExpansionCount + EntryStart[e]];
}
