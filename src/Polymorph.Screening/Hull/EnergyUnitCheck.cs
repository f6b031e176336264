using System.Globalization;
using Polymorph.Foundation;

namespace Polymorph.Screening.Hull;

/// <summary>What can be told of the energies of a file.</summary>
public enum EnergyUnitVerdict
{
    /// <summary>They are totals, or nothing speaks against it that could.</summary>
    Total,

    /// <summary>They look like energies per atom.</summary>
    PerAtom,

    /// <summary>Too few entries: both readings are plausible.</summary>
    Unknown,
}

/// <summary>Recognises energies per atom that are given as totals: every number built on them would be wrong without looking so.</summary>
public static class EnergyUnitCheck
{
    // Polymorphs differ by little: a formula of twice the atoms has nearly twice the energy. Nearer to equal than to that is suspicious; a single pair must be nearer still.
    private const double NearerToEqual = 0.25, NearlyEqual = 0.05;

    private const int FewestPairs = 2;
    private const int FewestCompounds = 3;

    // Formation energies above this, for most compounds of a set, eV/atom: hardly anyone computes such phases. One or two compounds may be odd: they must lie higher.
    private const double Implausible = 0.5, ImplausibleForFew = 1;

    // No compound is bound more strongly against its elements, eV/atom (fluorides reach 4.3).
    private const double StrongestBound = -5;

    /// <summary>Throws when the energies look like energies per atom.</summary>
    /// <param name="entries">Entries of one source.</param>
    /// <param name="place">Name of the source.</param>
    /// <param name="known">Entries whose energies are known to be totals and whose pure elements serve too, such as those of the reference; null for none.</param>
    /// <returns>Whether they are totals, or cannot be told.</returns>
    /// <exception cref="PolymorphException">PM5208.</exception>
    /// <remarks>Two signs: one composition written with different numbers of atoms has the same energy; or, taken as totals, most compounds lie far above their elements, while taken
    /// per atom they would lie where compounds do. Where neither can be looked for and the reading per atom is as plausible, nothing is known.</remarks>
    public static EnergyUnitVerdict Refuse(IReadOnlyList<HullEntry> entries, string place, IReadOnlyList<HullEntry>? known = null)
    {
        ArgumentNullException.ThrowIfNull(entries);
        string? sign = FormulasOfDifferentSize(entries, out bool hasPairs);
        double asTotal = double.NaN, perAtom = double.NaN;
        int compounds = 0;
        if (sign is null)
        {
            asTotal = Median(entries, known ?? [], e => e.RawEnergyEV / e.Composition.Total, out compounds);
            perAtom = Median(entries, known ?? [], e => e.RawEnergyEV, out _);
            sign = UnlikelyFormation(compounds, asTotal, perAtom);
        }

        if (sign is not null)
        {
            throw new PolymorphException("PM5208", $"the energies look like energies per atom, not totals for the formula as written: {sign}", place,
                "Multiply them by the atoms of their formulas, or say what they are with --energies per-atom or --energies total.");
        }

        bool speaksForTotals = hasPairs || compounds > 0 && asTotal < Implausible && perAtom is <= StrongestBound or >= ImplausibleForFew;
        return speaksForTotals || entries.All(e => e.Composition.Total == 1) ? EnergyUnitVerdict.Total : EnergyUnitVerdict.Unknown;
    }

    private static string? FormulasOfDifferentSize(IReadOnlyList<HullEntry> entries, out bool hasPairs)
    {
        int pairs = 0, equal = 0;
        bool nearly = false;
        string? example = null;
        foreach (var group in entries.GroupBy(e => e.Composition.ReducedFormula))
        {
            var smallest = group.MinBy(e => e.Composition.Total)!;
            foreach (var entry in group)
            {
                double size = entry.Composition.Total / smallest.Composition.Total, energy = entry.RawEnergyEV / smallest.RawEnergyEV;
                if (size < 1.5 || !(energy > 0) || !double.IsFinite(energy))
                {
                    continue;
                }

                pairs++;
                if (Math.Abs(Math.Log(energy)) < NearerToEqual * Math.Log(size))
                {
                    equal++;
                    nearly |= Math.Abs(Math.Log(energy)) < NearlyEqual * Math.Log(size);
                    example ??= string.Create(CultureInfo.InvariantCulture,
                        $"{smallest.Id} ({smallest.Composition.Formula}) has {smallest.RawEnergyEV} eV and {entry.Id} ({entry.Composition.Formula}), with {size:0.##} times the atoms, {entry.RawEnergyEV} eV");
                }
            }
        }

        hasPairs = pairs > 0 && equal == 0;
        return equal > 0.5 * pairs && (pairs >= FewestPairs || nearly) ? example : null;
    }

    private static string? UnlikelyFormation(int compounds, double asTotal, double perAtom) =>
        compounds > 0 && asTotal > (compounds >= FewestCompounds ? Implausible : ImplausibleForFew) && perAtom is > StrongestBound and < Implausible
            ? string.Create(CultureInfo.InvariantCulture, $"as totals, {(compounds >= FewestCompounds ? "half of the compounds" : "a compound")} would lie {asTotal:0.0} eV/atom or more above {(compounds >= FewestCompounds ? "their" : "its")} elements")
            : null;

    // Median formation energy of the compounds whose elements are all there, eV/atom: the entries by one reading, what is known by its totals.
    private static double Median(IReadOnlyList<HullEntry> entries, IReadOnlyList<HullEntry> known, Func<HullEntry, double> energy, out int compounds)
    {
        var references = entries.Select(e => (Entry: e, Energy: energy(e))).Concat(known.Select(e => (Entry: e, Energy: e.RawEnergyEV / e.Composition.Total))).Where(e => e.Entry.Composition.Elements.Length == 1)
            .GroupBy(e => e.Entry.Composition.Elements[0]).ToDictionary(g => g.Key, g => g.Min(e => e.Energy));
        var formation = new List<double>();
        foreach (var entry in entries)
        {
            var composition = entry.Composition;
            if (composition.Elements.Length > 1 && composition.Elements.All(references.ContainsKey))
            {
                formation.Add(energy(entry) - composition.Elements.Sum(e => composition[e] / composition.Total * references[e]));
            }
        }

        formation.Sort();
        compounds = formation.Count;
        return compounds == 0 ? double.NaN : formation[compounds / 2];
    }
}
