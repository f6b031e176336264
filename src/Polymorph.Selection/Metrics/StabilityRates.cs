namespace Polymorph.Selection.Metrics;

/// <summary>How many generated structures are stable, and stable, unique and novel at once (S.U.N.), of all generated ones.</summary>
/// <param name="Threshold">Largest energy above the hull that counts as stable, eV/atom.</param>
/// <param name="Stable">Structures at or below the threshold.</param>
/// <param name="StableUniqueNovel">Those of them that match no earlier stable one and no known structure.</param>
/// <remarks>Zeni et al., Nature 639 (2025) 624. Structures without an energy, failed ones among them, count as not stable. Uniqueness is asked within the stable set.</remarks>
public sealed record StabilityRates(double Threshold, Rate Stable, Rate StableUniqueNovel)
{
    /// <summary>Counts.</summary>
    /// <param name="energies">Energy above the hull of each generated structure, eV/atom; null where there is none.</param>
    /// <param name="leaders">Leader of the group of each structure, -1 where nothing could be built.</param>
    /// <param name="known">Number of the known crystal each structure fits, -1 for none.</param>
    /// <param name="threshold">Largest energy above the hull that counts as stable, eV/atom.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static StabilityRates Of(IReadOnlyList<double?> energies, IReadOnlyList<int> leaders, IReadOnlyList<int> known, double threshold)
    {
        ArgumentNullException.ThrowIfNull(energies);
        ArgumentNullException.ThrowIfNull(leaders);
        ArgumentNullException.ThrowIfNull(known);
        if (leaders.Count != energies.Count || known.Count != energies.Count)
        {
            throw new ArgumentException($"{energies.Count} energies, {leaders.Count} groups and {known.Count} known structures came", nameof(energies));
        }

        int stable = 0, all = 0;
        var seen = new HashSet<int>();
        for (int i = 0; i < energies.Count; i++)
        {
            if (leaders[i] >= 0 && energies[i] <= threshold)
            {
                stable++;

                // The first stable member of a group is the unique one, though the group's leader may be unstable.
                all += seen.Add(leaders[i]) && known[i] < 0 ? 1 : 0;
            }
        }

        return new StabilityRates(threshold, new Rate(stable, energies.Count), new Rate(all, energies.Count));
    }
}
